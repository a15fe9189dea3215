package io.quorate.coordinator.cli;

import io.quorate.coordinator.api.Samples;
import io.quorate.coordinator.api.v1.CheckReport;
import io.quorate.coordinator.api.v1.ClusterStatus;
import io.quorate.coordinator.api.v1.RolloutView.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every screen in every format, as it was accepted. */
class ScreensTest {
  private static final List<String> FORMATS =
      List.of("table", "wide", "json", "yaml", "jsonl", "name");

  @TempDir private Path folder;
  private CommandLineFixture line;
  private String file;

  @BeforeEach
  void start() throws IOException {
    line = new CommandLineFixture(folder);
    file =
        Files.writeString(
                folder.resolve("prod.yaml"),
                """
                cluster: prod
                version: 3.5.30
                members:
                  - {name: etcd-1, host: node-1, address: 10.77.0.11}
                  - {name: etcd-2, host: node-2, address: 10.77.0.12}
                  - {name: etcd-3, host: node-3, address: 10.77.0.13}
                """)
            .toString();
  }

  @AfterEach
  void stop() {
    line.close();
  }

  private void everyFormat(String... words) {
    for (String format : FORMATS) {
      String[] all = java.util.Arrays.copyOf(words, words.length + 2);
      all[words.length] = "-o";
      all[words.length + 1] = format;
      line.run(all);
    }
  }

  @Test
  void status() {
    everyFormat("status");
    everyFormat("status", "prod");
    line.with("CLICOLOR_FORCE", "1").run("status", "prod");
    line.with("NO_COLOR", "1").run("status", "prod");
    line.control().health(ClusterStatus.Health.UNAVAILABLE);
    line.run("status");
    line.run("status", "nosuch");
    line.run("status", "prod", "-w", "xml");
    Golden.transcript("status", line.transcript());
  }

  @Test
  void plan() {
    everyFormat("plan", "-f", file);
    line.control().plan(Samples.nothingToDo());
    line.run("plan", "-f", file, "--exit-code");
    Golden.transcript("plan", line.transcript());
  }

  @Test
  void apply() {
    line.control().states(State.RUNNING, State.DONE);
    line.run("apply", "-f", file, "-y");
    line.control().states(State.RUNNING, State.DONE);
    line.run("apply", "7f3c", "--progress", "tty");
    line.control().states(State.RUNNING, State.DONE);
    line.run("apply", "7f3c", "--progress", "json", "-o", "json");
    line.control().states(State.RUNNING, State.DONE);
    line.run("apply", "7f3c", "--progress", "off", "-o", "name");
    line.run("apply", "7f3c", "--detach");
    line.control().states(State.FAILED);
    line.run("apply", "7f3c");
    line.run("apply", "7f3c", "-o", "json");
    line.control().rollouts(Samples.refused(List.of()));
    line.run("apply", "7f3c");
    line.control().rollouts(Samples.refused(List.of(Samples.done(1, "etcd-3", "restarted", 9, 5))));
    line.run("apply", "7f3c");
    line.run("apply", "-f", file);
    line.run("apply");
    line.types("n\n").run("apply", "-f", file);
    line.types("y\n").run("apply", "-f", file, "--detach");
    line.control().plan(Samples.nothingToDo());
    line.run("apply", "-f", file);
    Golden.transcript("apply", line.transcript());
  }

  @Test
  void rollout() {
    everyFormat("rollout", "status", "prod");
    line.control().states(State.FAILED);
    line.run("rollout", "status", "prod");
    line.run("rollout", "status", "prod", "--watch");
    line.control().rollouts(Samples.refused(List.of()));
    line.run("rollout", "status", "prod");
    line.control().states(State.RUNNING, State.WAITING, State.DONE);
    line.run("rollout", "status", "prod", "--watch", "--progress", "plain");
    everyFormat("rollout", "history", "prod");
    line.run("rollout", "pause", "prod", "--reason", "lunch");
    line.run("rollout", "resume", "prod");
    line.run("rollout", "abort", "prod", "--back");
    Golden.transcript("rollout", line.transcript());
  }

  @Test
  void members() {
    everyFormat("member", "list", "prod");
    line.run("member", "replace", "prod", "etcd-1", "--with", "node-4", "-y", "--detach");
    line.run("member", "move", "prod", "etcd-1", "--to", "node-4", "-y", "--detach");
    line.run("member", "remove", "prod", "etcd-1", "-y", "--detach");
    line.run("member", "restart", "prod", "etcd-1", "-y", "--detach");
    line.run("member", "restart", "prod", "etcd-1");
    line.run("member", "replace", "prod", "etcd-1");
    line.run("restart", "prod", "-y", "--detach");
    line.run("file", "prod");
    line.run("file", "prod", "--revision", "7");
    line.run("certs", "list", "prod");
    line.run("certs", "rotate", "prod", "--member", "etcd-3", "-y");
    line.types("n\n").run("member", "move", "prod", "etcd-1", "--to", "node-4", "--how", "copy");
    Golden.transcript("member", line.transcript());
  }

  @Test
  void hosts() {
    everyFormat("host", "list");
    everyFormat("host", "describe", "node-1");
    everyFormat("host", "token", "--host", "node-4", "--ttl", "5m");
    line.run("host", "token");
    line.run("host", "revoke", "node-1", "-y");
    line.run("host", "revoke", "node-2", "-y");
    line.run("host", "revoke", "node-2", "--confirm=node-1");
    line.run("host", "revoke", "node-2", "--confirm=node-2");
    line.run("host", "drain", "node-1", "--to", "node-4,node-5", "-y", "--detach");
    line.run("host", "drain", "node-1", "-y", "--detach");
    line.run("host", "readdress", "node-1", "--address", "10.77.0.41", "-y", "--detach");
    Golden.transcript("host", line.transcript());
  }

  @Test
  void operators() {
    everyFormat("operator", "list");
    String out = folder.resolve("bob").toString();
    line.run("operator", "add", "bob", "--role", "viewer", "--out", out);
    line.run("operator", "add", "bob", "--role", "viewer", "--out", out);
    line.run("operator", "add", "bob", "--role", "king", "--out", out + "2");
    line.run("operator", "revoke", "bob", "-y");
    line.with("QUORATE_CONTEXT_FILE", out + "/contexts.yaml").run("context", "list", "-o", "json");
    Golden.transcript("operator", line.transcript());
  }

  @Test
  void releases() throws IOException {
    String archive =
        Files.writeString(folder.resolve("etcd-v3.5.30.tar.gz"), "an archive").toString();
    everyFormat("release", "list");
    line.run("release", "add", archive, "--sha256", Samples.DIGEST);
    line.run("release", "add", folder.resolve("nosuch").toString());
    line.run("release", "remove", "3.5.30", "-y");
    Golden.transcript("release", line.transcript());
  }

  @Test
  void snapshots() {
    everyFormat("snapshot", "list", "prod");
    line.run("snapshot", "save", "prod");
    line.run("snapshot", "verify", "prod", "20261121-010000-prod", "--drill");
    line.run("snapshot", "restore", "prod", "20261121-010000-prod");
    line.types("pord\n").run("snapshot", "restore", "prod", "20261121-010000-prod");
    line.types("prod\n").run("snapshot", "restore", "prod", "20261121-010000-prod", "--detach");
    line.run("recover", "prod", "--confirm=prod", "--detach");
    line.run("delete", "prod", "--confirm=prod", "--detach");
    line.run("delete", "prod", "--confirm=test");
    Golden.transcript("snapshot", line.transcript());
  }

  @Test
  void checks() throws IOException {
    everyFormat("check", "-f", file);
    line.control().check(CheckReport.Result.FAIL);
    line.run("check", "prod", "--op", "upgrade");
    line.run("check", "prod", "--op", "wash");
    line.run("check");
    everyFormat("validate", "-f", file);
    String bad =
        Files.writeString(
                folder.resolve("bad.yaml"),
                """
                cluster: prod
                versoin: 3.5.30
                members:
                  - {name: Etcd_1, host: node-1, address: 10.77.0.11}
                """)
            .toString();
    line.run("validate", "-f", bad);
    line.run("validate", "-f", bad, "-o", "json");
    line.run("validate", "-f", folder.resolve("nosuch.yaml").toString());
    Golden.transcript("check", line.transcript());
  }

  @Test
  void activity() {
    line.control().happens(Samples.event(7));
    line.control().happens(Samples.event(8));
    everyFormat("events", "prod");
    everyFormat("logs", "prod");
    line.run("logs", "prod", "etcd-1", "-n", "5");
    line.run("restart", "prod", "-y", "--detach");
    everyFormat("audit");
    line.run("audit", "-n", "1");
    line.run("audit", "list", "-n", "1");
    line.run("audit", "verify");
    line.run("audit", "verify", "-o", "json");
    Golden.transcript("activity", line.transcript());
  }

  @Test
  void credentials() {
    line.run("client-cert", "prod", "--cn", "app", "--out", folder.resolve("app").toString());
    line.run("env", "prod", "--certs", folder.resolve("app").toString());
    line.run("env", "prod", "--certs", folder.resolve("it's").toString());
    line.run("env", "prod", "-o", "yaml", "--certs", folder.resolve("app").toString());
    Golden.transcript("credentials", line.transcript());
  }

  @Test
  void help() {
    everyFormat("explain", "Q3102");
    line.run("explain", "q9999");
    line.run("stauts");
    line.run("status", "--nosuch");
    line.run("host");
    line.run("host", "lsit");
    line.run("--version");
    line.run("context", "list");
    line.run(
        "context",
        "add",
        "prod",
        "--address",
        "c:7443",
        "--ca",
        "/a",
        "--cert",
        "/b",
        "--key",
        "/c");
    line.run("context", "list");
    line.run("context", "use", "nosuch");
    line.run("context", "use", "prod");
    line.run("--context", "nosuch", "status");
    Golden.transcript("help", line.transcript());
  }
}
