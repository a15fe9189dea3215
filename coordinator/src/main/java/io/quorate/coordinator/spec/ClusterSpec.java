package io.quorate.coordinator.spec;

import io.quorate.common.model.ClusterName;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Setting;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the owner declared, validated and with every default filled in. Members keep the order of
 * the file.
 */
public record ClusterSpec(
    ClusterName cluster,
    EtcdVersion version,
    List<Member> members,
    Layout layout,
    SortedMap<String, Setting> settings,
    Certificates certificates,
    Rollout rollout,
    Backup backup,
    Policies policies) {
  public ClusterSpec {
    members = List.copyOf(members);
    settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
  }

  public Optional<Member> member(MemberName name) {
    return members.stream().filter(member -> member.name().equals(name)).findFirst();
  }

  public ClusterSpec withVersion(EtcdVersion other) {
    return new ClusterSpec(
        cluster, other, members, layout, settings, certificates, rollout, backup, policies);
  }

  public ClusterSpec withMembers(List<Member> others) {
    return new ClusterSpec(
        cluster, version, others, layout, settings, certificates, rollout, backup, policies);
  }

  /** Ports and paths default to the cluster's and may differ for one member. */
  public record Member(
      MemberName name, HostName host, String address, int clientPort, int peerPort) {}

  /** Directories of every member; on one host they are told apart by the cluster's name in them. */
  public record Layout(String dataDirectory, String walDirectory, SortedMap<String, String> unit) {
    public Layout {
      unit = Collections.unmodifiableSortedMap(new TreeMap<>(unit));
    }
  }

  public record Certificates(String keyAlgorithm, Duration validity, List<String> names) {
    public Certificates {
      names = List.copyOf(names);
    }
  }

  public enum OnFailure {
    PAUSE,
    ROLLBACK
  }

  /**
   * How careful a rollout is. Soak is how long a changed member must stay well before the next;
   * canary goes first, with its own soak; a member that is not well after {@code memberDeadline}
   * has failed.
   */
  public record Rollout(
      Duration soak,
      Optional<MemberName> canary,
      Duration canarySoak,
      OnFailure onFailure,
      Duration memberDeadline,
      Duration progressDeadline,
      Membership membership,
      Gates gates) {}

  /**
   * How long a learner may go without progress before it is given up, and how long a member that is
   * to be replaced must be silent before it counts as dead.
   */
  public record Membership(Duration learnerDeadline, Duration deadAfter) {}

  /** Thresholds of the gates. */
  public record Gates(
      long maximumLag, Duration maximumFsyncP99, Duration snapshotAge, double freeDiskRatio) {}

  public record Backup(Optional<Duration> every, int keep, Optional<Duration> keepFor) {}

  /** What the owner allows or prefers beyond the safe default. */
  public record Policies(
      boolean allowDowntime,
      boolean allowEvenMembers,
      boolean repairFailedMembersFirst,
      MemberConfig.Drift drift,
      List<HostName> spares,
      Optional<Duration> replaceAfter,
      Set<String> accepted) {
    public Policies {
      spares = List.copyOf(spares);
      accepted = Set.copyOf(accepted);
    }
  }
}
