package io.quorate.coordinator.plan;

import io.quorate.common.error.Code;
import io.quorate.common.model.ClusterName;
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
              "failed to find member",
              "its data is of a member that the cluster does not have",
              "quorate member replace CLUSTER MEMBER --with HOST"),
          new Known(
              "PeerURLs: no match found for existing member",
              "the cluster lists it under another peer address",
              "quorate member list CLUSTER"),
          new Known(
              "cannot assign requested address",
              "its address is not one of its host, or the network was not up when it started",
              "on the host: ip address; then quorate rollout resume CLUSTER"),
          new Known(
              "invalid auth options",
              "it does not take the setting auth-token, or cannot read a key that it names",
              "correct etcd: {auth-token: …} in the cluster's file and apply it"),
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
              "cannot unmarshal",
              "it cannot read a setting of its configuration",
              "correct the setting in the cluster's file and apply it"),
          new Known(
              "private key does not match public key",
              "its certificate and its key are not a pair",
              "quorate certs rotate CLUSTER --member MEMBER"),
          new Known(
              "certificate is valid for",
              "a certificate does not cover the address that it is used for",
              "add the name to certificates: {names: […]} in the cluster's file and apply it"),
          new Known(
              "Failed to set up mount namespacing",
              "a directory that it may write to is missing: a disk that is not mounted?",
              "on the host: findmnt; then quorate rollout resume CLUSTER"),
          new Known(
              "wal: file not found",
              "its log is not whole",
              "quorate member replace CLUSTER MEMBER --with HOST"),
          new Known(
              "wal: crc mismatch",
              "its log is damaged",
              "quorate member replace CLUSTER MEMBER --with HOST"),
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
              "unmarshal should never fail",
              "its log still holds entries that 3.5 wrote, which 3.7 cannot read",
              "quorate rollout abort CLUSTER --back, let 3.6 write a raft snapshot, then again"),
          new Known(
              "panic:", "etcd panicked", "quorate logs CLUSTER MEMBER, and report it to etcd"));

  private Diagnosis() {}

  /**
   * What is known of its end, or else its exit code and last words; nothing when it said nothing.
   */
  public static Optional<Hold> of(ClusterView.Placement placement, ClusterName cluster) {
    return known(placement, cluster)
        .or(() -> failure(placement).flatMap(f -> lastWords(f, placement, cluster)));
  }

  /** Only what is known. */
  public static Optional<Hold> known(ClusterView.Placement placement, ClusterName cluster) {
    return failure(placement)
        .flatMap(
            failure ->
                KNOWN.stream()
                    .filter(k -> failure.lastLines().stream().anyMatch(l -> l.contains(k.sign)))
                    .findFirst()
                    .map(
                        k ->
                            new Hold(
                                Code.Q3301,
                                "%s (exit code %d: %s)"
                                    .formatted(k.meaning, failure.exitCode(), failure.lastWords()),
                                filled(k.remedy, placement, cluster))));
  }

  private static Optional<HostReport.Failure> failure(ClusterView.Placement placement) {
    return placement.report().map(r -> r.unit().failure());
  }

  private static Optional<Hold> lastWords(
      HostReport.Failure failure, ClusterView.Placement placement, ClusterName cluster) {
    return failure.lastLines().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Hold(
                Code.Q3301,
                "it ended with exit code %d; its last words: %s"
                    .formatted(failure.exitCode(), failure.lastWords()),
                filled("quorate logs CLUSTER MEMBER", placement, cluster)));
  }

  private static String filled(
      String remedy, ClusterView.Placement placement, ClusterName cluster) {
    return remedy
        .replace("CLUSTER", cluster.value())
        .replace("MEMBER", placement.member().value())
        .replace("host describe HOST", "host describe " + placement.host());
  }

  /** For a wait that is not yet a failure. */
  public static String hint(ClusterView.Placement placement, ClusterName cluster) {
    return of(placement, cluster).map(d -> " (" + d.sentence() + ")").orElse("");
  }
}
