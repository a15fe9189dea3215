package io.quorate.lab.fleet;

import io.quorate.lab.LabHost;
import java.util.List;

/** The agent on one host, as systemd runs it. */
public final class AgentService {
  private static final String UNIT = "quorate-agent.service";
  private static final String STATE = "/var/lib/quorate-agent";
  private static final String IDENTITY = STATE + "/identity";
  private static final String OWN = STATE + "/identity-own";
  private static final String CRASH = "/etc/systemd/system/quorate-agent.service.d/crash.conf";

  private final LabHost host;

  AgentService(LabHost host) {
    this.host = host;
  }

  void enable() {
    systemctl("enable", "--now");
  }

  public void start() {
    systemctl("start");
  }

  public void stop() {
    systemctl("stop");
  }

  public void restart() {
    systemctl("restart");
  }

  /** Ends it as a crash would; systemd starts it again. */
  public void kill() {
    systemctl("kill", "--signal=KILL");
  }

  /** It ends when it reaches one of these points, at each of them once. Restarts it for that. */
  public void crashAt(List<String> points) {
    host.write(
        CRASH,
        "[Service]\nEnvironment=QUORATE_CRASH_AT=%s\nRestartSec=200ms\n"
            .formatted(String.join(",", points)));
    host.run("sh", "-c", "rm -f %s/crashed-at-*".formatted(STATE)).orThrow();
    host.run("systemctl", "daemon-reload").orThrow();
    restart();
  }

  /** At which of these points it has not ended yet. */
  public List<String> notCrashedAt(List<String> points) {
    List<String> there = host.run("ls", STATE).orThrow().lines().toList();
    return points.stream().filter(point -> !there.contains("crashed-at-" + point)).toList();
  }

  /** What it has logged since it was last started. */
  public String log() {
    String invocation = host.run("systemctl", "show", "-P", "InvocationID", UNIT).orThrow();
    return host.run("journalctl", "--no-pager", "-n", "200", "_SYSTEMD_INVOCATION_ID=" + invocation)
        .out();
  }

  /** The key and certificate of another host's agent in place of its own. */
  public void steal(AgentService from) {
    host.run("mv", IDENTITY, OWN).orThrow();
    host.run("mkdir", "-m", "0700", IDENTITY).orThrow();
    for (String file : new String[] {"identity.pem", "coordinators"}) {
      host.write(
          IDENTITY + "/" + file, from.host.run("cat", IDENTITY + "/" + file).orThrow() + "\n");
      host.run("chmod", "0600", IDENTITY + "/" + file).orThrow();
    }
  }

  /** So that the host can join anew. */
  public void forgetIdentity() {
    host.run("rm", "-rf", IDENTITY).orThrow();
  }

  /** Its own again. */
  public void beHonest() {
    host.run("rm", "-rf", IDENTITY).orThrow();
    host.run("mv", OWN, IDENTITY).orThrow();
  }

  private void systemctl(String... words) {
    String[] command = new String[words.length + 2];
    command[0] = "systemctl";
    System.arraycopy(words, 0, command, 1, words.length);
    command[words.length + 1] = UNIT;
    host.run(command).orThrow();
  }
}
