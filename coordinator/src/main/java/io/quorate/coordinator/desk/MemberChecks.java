package io.quorate.coordinator.desk;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.HostName;
import io.quorate.coordinator.observe.Agents;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.gate.PackingGate;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.spec.NearestAddress;
import io.quorate.coordinator.store.Clusters.Cluster;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What makes a change of one member impossible or unwise, said before anything is changed. The
 * gates say it again at the time; here it spares somebody the wait.
 */
final class MemberChecks {
  /** From this size on a copy keeps a member away for too long. */
  private static final long LARGE = 1L << 30;

  private final Office office;

  MemberChecks(Office office) {
    this.office = office;
  }

  /** How a member gets to another host. */
  enum How {
    COPY,
    LEARNER;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** With the reason, where a learner was chosen because a copy cannot be or takes too long. */
  record Way(How how, String why) {}

  /**
   * As it was told, or the better of the two: a copy, unless the old host is away or has no room to
   * pack it, the cluster does not work without the member, or a large database would keep it away
   * for long.
   */
  Way way(Cluster cluster, ClusterSpec.Member member, HostName to, Optional<String> told) {
    return switch (told.orElse("")) {
      case "learner" -> new Way(How.LEARNER, "");
      case "copy" -> {
        impossible(cluster, member, to)
            .ifPresent(
                why -> {
                  throw noCopy(cluster, member, to, why);
                });
        yield new Way(How.COPY, "");
      }
      case "" ->
          impossible(cluster, member, to)
              .or(() -> slow(cluster, member))
              .map(why -> new Way(How.LEARNER, why))
              .orElseGet(() -> new Way(How.COPY, ""));
      default ->
          throw Problem.of(Code.Q1306, "a member moves by 'copy' or by 'learner'")
              .withState("nothing was changed")
              .asException();
    };
  }

  void joined(HostName host) {
    if (office.store().hosts().find(host).isEmpty()) {
      throw Problem.of(Code.Q1201, "host %s has not joined".formatted(host))
          .withState("nothing was changed")
          .withRemedy("quorate host token --host " + host)
          .asException();
    }
  }

  /** There is room for one member of a cluster on a host. */
  void free(Cluster cluster, HostName host) {
    on(cluster, host)
        .ifPresent(
            m -> {
              throw taken(
                  "host %s has member %s of %s already".formatted(host, m.name(), cluster.name()));
            });
  }

  /** The same for a replacement; one that has lost its disk may be replaced where it is. */
  void freeFor(Cluster cluster, ClusterSpec.Member old, HostName host) {
    if (!old.host().equals(host)) {
      free(cluster, host);
    } else if (situation(cluster).well(old.name())) {
      throw taken(
          "%s of %s is well on %s; only one that is not is replaced where it is"
              .formatted(old.name(), cluster.name(), host));
    }
  }

  private static Optional<ClusterSpec.Member> on(Cluster cluster, HostName host) {
    return cluster.spec().members().stream().filter(m -> m.host().equals(host)).findFirst();
  }

  private static RuntimeException taken(String why) {
    return Problem.of(Code.Q1008, why)
        .withState("nothing was changed")
        .withRemedy("name another host: quorate host list")
        .asException();
  }

  /** Unless told, of the host's addresses the one that is most like the one it had before. */
  String address(HostName host, Optional<String> told, String before) {
    return told.or(
            () ->
                office
                    .agents()
                    .seen(host)
                    .map(Agents.Seen::facts)
                    .flatMap(f -> NearestAddress.of(f.addresses(), before)))
        .orElseThrow(
            () ->
                Problem.of(
                        Code.Q1306,
                        "the address of %s is not known; its agent has not said".formatted(host))
                    .withState("nothing was changed")
                    .withRemedy("--address ADDRESS")
                    .asException());
  }

  /**
   * A copy needs the old host with room to pack it, and a quorum without the member while it is on
   * its way.
   */
  private Optional<String> impossible(Cluster cluster, ClusterSpec.Member member, HostName to) {
    boolean there = office.agents().seen(member.host()).map(Agents.Seen::connected).orElse(false);
    if (!there) {
      return Optional.of(
          "host %s of %s is not connected, so its data cannot be copied"
              .formatted(member.host(), member.name()));
    }
    int members = cluster.spec().members().size();
    return members > 2
        ? PackingGate.noRoomToMove(member.name(), to, situation(cluster)).map(Hold::sentence)
        : Optional.of(
            "a cluster of %d does not work while %s is on its way"
                .formatted(members, member.name()));
  }

  private Optional<String> slow(Cluster cluster, ClusterSpec.Member member) {
    return situation(cluster)
        .endpoint(member.name())
        .flatMap(EtcdView.Endpoint::status)
        .map(s -> s.database().bytes())
        .filter(bytes -> bytes > LARGE)
        .map(
            bytes ->
                "%s has a database of %d MiB and would be away while it is copied"
                    .formatted(member.name(), bytes >> 20));
  }

  private static RuntimeException noCopy(
      Cluster cluster, ClusterSpec.Member member, HostName to, String why) {
    return Problem.of(Code.Q3601, why)
        .withState("nothing was changed")
        .withRemedy(
            "quorate member move %s %s --to %s --how learner, which gives it a new id and keeps the cluster whole"
                .formatted(cluster.name(), member.name(), to))
        .asException();
  }

  void keepsQuorum(Cluster cluster, ClusterSpec.Member member) {
    Situation situation = situation(cluster);
    int voters = situation.voters().size();
    long left = situation.wellVotersWithout(List.of(member.name()));
    if (voters > 1 && situation.votes(member.name()) && left < (voters - 1) / 2 + 1) {
      throw Problem.of(
              Code.Q3102,
              "without %s %d well voters would be left where %d are needed"
                  .formatted(member.name(), left, (voters - 1) / 2 + 1))
          .withState("nothing was changed")
          .withRemedy("quorate status " + cluster.name())
          .asException();
    }
  }

  private Situation situation(Cluster cluster) {
    return new Situation(cluster.spec(), office.latest(cluster).view());
  }
}
