package io.quorate.coordinator.desk;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.HostName;
import io.quorate.coordinator.observe.Agents;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.store.Clusters.Cluster;
import java.util.List;
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
    LEARNER
  }

  How how(Optional<String> told) {
    return switch (told.orElse("copy")) {
      case "copy" -> How.COPY;
      case "learner" -> How.LEARNER;
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

  void free(Cluster cluster, HostName host) {
    cluster.spec().members().stream()
        .filter(m -> m.host().equals(host))
        .findFirst()
        .ifPresent(
            m -> {
              throw Problem.of(
                      Code.Q1008,
                      "host %s has member %s of %s already"
                          .formatted(host, m.name(), cluster.name()))
                  .withState("nothing was changed")
                  .asException();
            });
  }

  String address(HostName host, Optional<String> told) {
    return told.or(
            () ->
                office
                    .agents()
                    .seen(host)
                    .map(Agents.Seen::facts)
                    .flatMap(f -> f.addresses().stream().findFirst()))
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
   * A copy needs the old host, and a quorum without the member while it is on its way; of a large
   * database it takes long. A learner needs neither.
   */
  void canBeCopied(
      Cluster cluster, ClusterSpec.Member member, HostName to, Optional<String> insisted) {
    Situation situation = situation(cluster);
    boolean there = office.agents().seen(member.host()).map(Agents.Seen::connected).orElse(false);
    if (!there) {
      throw better(
          cluster,
          member,
          to,
          "host %s of %s is not connected, so its data cannot be copied"
              .formatted(member.host(), member.name()));
    }
    if (cluster.spec().members().size() <= 2) {
      throw better(
          cluster,
          member,
          to,
          "a cluster of %d does not work while %s is on its way"
              .formatted(cluster.spec().members().size(), member.name()));
    }
    long database =
        situation
            .endpoint(member.name())
            .flatMap(EtcdView.Endpoint::status)
            .map(s -> s.database().bytes())
            .orElse(0L);
    if (database > LARGE && insisted.isEmpty()) {
      throw better(
          cluster,
          member,
          to,
          "%s has a database of %d MiB and would be away while it is copied"
              .formatted(member.name(), database >> 20));
    }
  }

  private static RuntimeException better(
      Cluster cluster, ClusterSpec.Member member, HostName to, String why) {
    String move =
        "quorate member move %s %s --to %s --how ".formatted(cluster.name(), member.name(), to);
    return Problem.of(Code.Q3601, why)
        .withState("nothing was changed")
        .withRemedy(move + "learner, which gives it a new id and keeps the cluster whole")
        .withRemedy(move + "copy, where the sentence allows it")
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
