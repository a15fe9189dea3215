package io.quorate.coordinator.plan;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.plan.ClusterView.HostView;
import io.quorate.coordinator.spec.ClusterSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Whether a spare takes the place of a member whose host is gone, without a person. Asked only of a
 * cluster at rest, and only where its owner gave {@code replaceAfter} and {@code spares}.
 *
 * <ol>
 *   <li>The cluster's own list was agreed on by a quorum, and has the members of the file and no
 *       others, none of them a learner.
 *   <li>Exactly one of them is not well; two, and a person must look.
 *   <li>Its etcd and its host's agent are both silent. A host that is there and whose etcd fails is
 *       not dead, and what broke it might break the spare as well.
 *   <li>Both have been so for {@code replaceAfter}, all of it watched by this coordinator.
 *   <li>The first spare in the file that is connected and has nothing of this cluster takes over.
 * </ol>
 *
 * What follows is an ordinary replacement through all gates: this only writes into the file what a
 * person would have asked for. Pure, like the planner.
 */
public final class Standby {
  private Standby() {}

  /** What is to be done about it. */
  public sealed interface Verdict {
    record Nothing() implements Verdict {}

    /** It would be replaced, but not now, or not without a person; with the reason. */
    record Waits(Hold reason) implements Verdict {}

    record Takes(MemberName gone, HostName from, HostName spare, Duration silent)
        implements Verdict {}
  }

  public static Verdict decide(ClusterSpec wanted, ClusterView seen) {
    Optional<Duration> after = wanted.policies().replaceAfter();
    Situation situation = new Situation(wanted, seen);
    boolean asked =
        after.isPresent()
            && !wanted.policies().spares().isEmpty()
            && situation.formed()
            && situation.intent().control().mode() == Intent.Mode.RUNNING;
    if (!asked || seen.etcd().members().isEmpty()) {
      return new Verdict.Nothing();
    }
    List<ClusterSpec.Member> unwell =
        wanted.members().stream().filter(m -> !situation.well(m.name())).toList();
    if (unwell.isEmpty()) {
      return new Verdict.Nothing();
    }
    if (unwell.size() > 1) {
      return waits(
          "%d members are not well; which of them are lost for good, a person must say"
              .formatted(unwell.size()));
    }
    if (!asWanted(situation)) {
      return waits("the cluster's member list is not the file's");
    }
    return judge(unwell.getFirst(), after.get(), situation);
  }

  private static boolean asWanted(Situation situation) {
    return situation.listed().size() == situation.wanted().members().size()
        && situation.listed().stream().noneMatch(EtcdView.Member::learner)
        && situation.wanted().members().stream().allMatch(m -> situation.entry(m).isPresent());
  }

  private static Verdict judge(ClusterSpec.Member gone, Duration after, Situation situation) {
    Optional<EtcdView.Endpoint> endpoint = situation.endpoint(gone.name());
    Optional<HostView> host = situation.seen().host(gone.host());
    if (endpoint.isEmpty() || host.isEmpty()) {
      return waits("%s is not observed".formatted(gone.name()));
    }
    if (endpoint.get().status().isPresent() || host.get().connected()) {
      return waits("%s is not well, but its host %s is there".formatted(gone.name(), gone.host()));
    }
    Duration etcd = situation.since(endpoint.get().since());
    Duration agent = situation.since(host.get().lastSeen());
    Duration silent = etcd.compareTo(agent) < 0 ? etcd : agent;
    if (silent.compareTo(after) < 0) {
      return new Verdict.Waits(
          new Hold(
              Code.Q3020,
              "%s and its host %s are gone; a spare takes its place once that has lasted %d s"
                  .formatted(gone.name(), gone.host(), after.toSeconds()),
              "bring the host back, or quorate member replace %s %s --with HOST"
                  .formatted(situation.wanted().cluster(), gone.name())));
    }
    return situation.wanted().policies().spares().stream()
        .filter(situation::connected)
        .filter(s -> situation.seen().placements().stream().noneMatch(p -> p.host().equals(s)))
        .findFirst()
        .<Verdict>map(s -> new Verdict.Takes(gone.name(), gone.host(), s, silent))
        .orElseGet(() -> waits("no spare host is connected and free"));
  }

  private static Verdict waits(String why) {
    return new Verdict.Waits(
        new Hold(
            Code.Q3405,
            "no spare takes over: " + why,
            "quorate status; then quorate member replace CLUSTER MEMBER --with HOST"));
  }
}
