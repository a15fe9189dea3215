package io.quorate.agent.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.agent.host.Access;
import io.quorate.agent.host.Host;
import io.quorate.agent.host.HostProcesses.Command;
import io.quorate.agent.host.HostProcesses.Finished;
import io.quorate.agent.host.HostProcesses.ProcessFacts;
import io.quorate.agent.host.Layout;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostReport.UnitState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Services as instances of the packaged template {@code etcd@.service}. The only text of a unit
 * that is written here is a drop-in of typed values; the only arguments that vary are the
 * instance's name, which is a checked cluster name, and a number of lines.
 */
public final class SystemdManager implements ServiceManager {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String DROP_IN = "quorate.conf";
  private static final String PROPERTIES =
      "--property=LoadState,ActiveState,SubState,MainPID,ExecMainStatus,NRestarts,UnitFileState,"
          + "NeedDaemonReload,DropInPaths,FragmentPath,InvocationID,Job";

  private final Host host;
  private final Layout layout;

  public SystemdManager(Host host, Layout layout) {
    this.host = host;
    this.layout = layout;
  }

  @Override
  public String kind() {
    return "systemd";
  }

  @Override
  public void define(ServiceDefinition definition) throws IOException {
    Path dropIn = dropIn(definition.cluster());
    String wanted = UnitSettings.dropIn(definition);
    if (!host.text(dropIn).equals(Optional.of(wanted))) {
      host.makeDirectory(directory(definition.cluster()), Access.PUBLIC_DIRECTORY);
      host.write(dropIn, wanted.getBytes(UTF_8), Access.PUBLIC);
    }
    // Also when only this was missing: a kill may have come between the two.
    require("daemon-reload");
  }

  @Override
  public Definedness definedness(ServiceDefinition wanted) throws IOException {
    Map<String, String> shown = show(wanted.cluster());
    Path dropIn = dropIn(wanted.cluster());
    Optional<String> text = host.text(dropIn);
    boolean reloaded = !"yes".equals(shown.get("NeedDaemonReload"));
    List<String> additions = new ArrayList<>();
    for (String path : shown.getOrDefault("DropInPaths", "").split(" ", -1)) {
      // Distributions add to every service from /usr; what an administrator adds lies in /etc.
      if (!path.isEmpty() && !path.equals(dropIn.toString()) && path.startsWith("/etc/")) {
        additions.add(path);
      }
    }
    return new Definedness(
        text.isPresent(),
        reloaded && text.equals(Optional.of(UnitSettings.dropIn(wanted))),
        additions);
  }

  @Override
  public void start(ClusterName cluster) throws IOException {
    resetFailures(cluster);
    require("start", "--no-block", unit(cluster));
  }

  @Override
  public void stop(ClusterName cluster) throws IOException {
    require("stop", "--no-block", unit(cluster));
  }

  @Override
  public void restart(ClusterName cluster) throws IOException {
    resetFailures(cluster);
    require("restart", "--no-block", unit(cluster));
  }

  @Override
  public void enable(ClusterName cluster) throws IOException {
    require("enable", unit(cluster));
  }

  @Override
  public void disable(ClusterName cluster) throws IOException {
    require("disable", unit(cluster));
  }

  @Override
  public void forget(ClusterName cluster) throws IOException {
    Path dropIn = dropIn(cluster);
    if (host.stat(dropIn).exists()) {
      host.removeTree(dropIn);
      require("daemon-reload");
    }
    resetFailures(cluster);
  }

  @Override
  public ServiceState state(ClusterName cluster) throws IOException {
    Map<String, String> shown = show(cluster);
    long pid = number(shown, "MainPID");
    Optional<ProcessFacts> process = pid == 0 ? Optional.empty() : host.process(pid);
    UnitState state = unitState(shown);
    // The template is always there: what makes a service of it is its drop-in.
    boolean defined = state != UnitState.STOPPED || host.stat(dropIn(cluster)).exists();
    return new ServiceState(
        defined ? state : UnitState.ABSENT,
        shown.getOrDefault("UnitFileState", "").startsWith("enabled"),
        (int) number(shown, "NRestarts"),
        process,
        (int) number(shown, "ExecMainStatus"));
  }

  @Override
  public List<String> lastLines(ClusterName cluster, int lines) throws IOException {
    String unit = unit(cluster);
    String invocation = show(cluster).getOrDefault("InvocationID", "");
    List<String> own =
        invocation.isEmpty() ? List.of() : log(lines, "_SYSTEMD_INVOCATION_ID=" + invocation);
    if (own.isEmpty()) {
      own = log(lines, "_SYSTEMD_UNIT=" + unit);
    }
    return own.isEmpty() ? log(lines, "--unit=" + unit) : own;
  }

  private List<String> log(int lines, String match) throws IOException {
    Finished finished =
        host.run(
            Command.of(
                PATIENCE,
                "journalctl",
                "--quiet",
                "--no-pager",
                "--output=cat",
                "--lines=" + lines,
                match));
    return finished.output().lines().toList();
  }

  @Override
  public void turn() {
    // systemd does everything by itself.
  }

  @Override
  public void onEnd(Runnable listener) {
    // Seen at the next look; asking systemd to tell would need its bus.
  }

  private UnitState unitState(Map<String, String> shown) {
    if (!"loaded".equals(shown.get("LoadState"))) {
      return UnitState.ABSENT;
    }
    return switch (shown.getOrDefault("ActiveState", "")) {
      case "active", "reloading", "refreshing" -> UnitState.RUNNING;
      case "activating" -> UnitState.STARTING;
      case "deactivating" -> UnitState.STOPPING;
      case "failed" -> UnitState.FAILED;
      // Told to start, and waiting for what it comes after.
      default -> number(shown, "Job") == 0 ? UnitState.STOPPED : UnitState.STARTING;
    };
  }

  private Map<String, String> show(ClusterName cluster) throws IOException {
    Finished finished = systemctl(List.of("show", PROPERTIES, unit(cluster)));
    if (!finished.succeeded()) {
      throw refused("show", finished);
    }
    Map<String, String> shown = new HashMap<>();
    finished
        .output()
        .lines()
        .forEach(
            line -> {
              int equals = line.indexOf('=');
              if (equals > 0) {
                shown.put(line.substring(0, equals), line.substring(equals + 1));
              }
            });
    return shown;
  }

  /** A unit that was never loaded has nothing to reset, and says so with a failure. */
  private void resetFailures(ClusterName cluster) throws IOException {
    var unused = systemctl(List.of("reset-failed", unit(cluster)));
  }

  private void require(String... arguments) throws IOException {
    Finished finished = systemctl(List.of(arguments));
    if (!finished.succeeded()) {
      throw refused(arguments[0], finished);
    }
  }

  private Finished systemctl(List<String> arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of("systemctl", "--no-ask-password", "--no-pager"));
    all.addAll(arguments);
    return host.run(new Command(all, Map.of(), PATIENCE));
  }

  private static RuntimeException refused(String verb, Finished finished) {
    return Problem.of(Code.Q2018, "systemctl %s failed, %s".formatted(verb, finished.lastWords()))
        .withRemedy("systemctl status 'etcd@*' and journalctl -xe on the host tell more")
        .asException();
  }

  private static long number(Map<String, String> shown, String property) {
    String text = shown.getOrDefault(property, "");
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }

  private static String unit(ClusterName cluster) {
    return "etcd@" + cluster + ".service";
  }

  private Path directory(ClusterName cluster) {
    return layout.units().resolve(unit(cluster) + ".d");
  }

  private Path dropIn(ClusterName cluster) {
    return directory(cluster).resolve(DROP_IN);
  }
}
