package io.quorate.coordinator.plan;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostReport;
import java.util.List;
import java.util.Optional;

/**
 * Names in words what a failed etcd's last lines mean. The first match counts; the most telling
 * ones come first.
 */
public final class Diagnosis {
  private record Known(String sign, String meaning, String remedy) {}

  private static final List<Known> KNOWN =
      List.of(
          new Known(
              "has already been bootstrapped",
              "its directory was emptied although the cluster knows it",
              "quorate member replace CLUSTER MEMBER --with HOST"),
          new Known(
              "cluster ID mismatch",
              "it has data of another cluster, or another cluster's process is at its address",
              "quorate host describe HOST"),
          new Known(
              "is out of range [lastIndex",
              "it came back with an older log than the cluster remembers",
              "quorate member replace CLUSTER MEMBER --with HOST"),
          new Known(
              "permanently removed from the cluster",
              "the cluster has removed this member",
              "quorate member replace CLUSTER MEMBER --with HOST"),
          new Known(
              "couldn't find local name",
              "the cluster does not list it under its name",
              "quorate member list CLUSTER"),
          new Known(
              "member count is unequal",
              "the cluster's member list changed while it started",
              "quorate rollout resume CLUSTER"),
          new Known(
              "invalid downgrade",
              "its version is lower than the cluster's: the point of no return has passed",
              "quorate explain Q3206"),
          new Known(
              "address already in use", "another process has its port", "on the host: ss -ltnp"),
          new Known(
              "no space left on device",
              "its disk is full",
              "free space on the host, then quorate rollout resume CLUSTER"),
          new Known(
              "shadowed by corresponding command-line flag",
              "a setting is given twice, in the environment and as a flag",
              "remove the local edit of the unit; quorate status shows the drift"),
          new Known(
              "flag provided but not defined",
              "the release does not know one of its flags",
              "remove the setting from the spec, or add the right release"),
          new Known(
              "permission denied",
              "the service's user may not read or write one of its files",
              "quorate host describe HOST"),
          new Known(
              "certificate has expired",
              "a certificate has expired",
              "quorate status CLUSTER shows which"),
          new Known(
              "too many learner members in cluster",
              "learners left behind by a 3.5 before 3.5.20 (etcd issue 19557)",
              "go back, upgrade to the newest 3.5 first"),
          new Known(
              "detected disallowed v2 WAL",
              "v2 content in its log, which 3.6 refuses",
              "go back to 3.5 and clean it with etcdutl check v2store"),
          new Known(
              "panic:", "etcd panicked", "quorate logs CLUSTER MEMBER, and report it to etcd"));

  private Diagnosis() {}

  public static Optional<Hold> of(Optional<HostReport.Member> report) {
    return report.flatMap(
        r -> {
          List<String> lines = r.unit().failure().lastLines();
          return KNOWN.stream()
              .filter(k -> lines.stream().anyMatch(l -> l.contains(k.sign)))
              .findFirst()
              .map(k -> new Hold(Code.Q3301, k.meaning, k.remedy))
              .or(() -> lastWords(r.unit()));
        });
  }

  /** What its end looked like, when nothing known explains it. */
  private static Optional<Hold> lastWords(HostReport.Unit unit) {
    List<String> lines = unit.failure().lastLines();
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    String last = lines.get(lines.size() - 1);
    String cut = last.length() > 200 ? last.substring(0, 200) + "…" : last;
    return Optional.of(
        new Hold(
            Code.Q3301,
            "it ended with exit code %d; its last words: %s"
                .formatted(unit.failure().exitCode(), cut),
            "quorate logs CLUSTER MEMBER"));
  }

  /** For a wait that is not yet a failure. */
  public static String hint(Optional<HostReport.Member> report) {
    return of(report).map(d -> " (" + d.sentence() + ")").orElse("");
  }
}
