package io.quorate.agent.etcd;

import io.quorate.agent.etcd.LocalEtcd.Peer;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.MemberConfig;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a running member may be stopped, by what its own etcd and the other members answer now.
 * The last word on the host, whatever the coordinator believes:
 *
 * <ol>
 *   <li>A learner, or one that its cluster does not list any more, may: it has no vote.
 *   <li>One that serves (a linearizable read through it succeeds) may if, of the other voters, as
 *       many serve as the cluster needs: half of all voters, and one. So one of one or two may
 *       never.
 *   <li>One that does not serve may, once it has had {@link #SETTLING_SECONDS} to: a member through
 *       which no read is agreed on is not part of a working quorum; either there is none, which a
 *       stop cannot take away, or it works without this one. Just after a start it may be about to
 *       make the quorum whole, so it is let be.
 *   <li>Where the answer is unclear (its certificates fail, say) it may not: it may well vote.
 *   <li>Where a recovery has been asked for, because the quorum is gone, whatever does not serve
 *       may at once: that it makes a quorum whole again is what is no more awaited. Whatever serves
 *       is counted as ever.
 * </ol>
 *
 * It is refused, never asked twice: the caller comes again.
 */
final class QuorumRule {
  static final long SETTLING_SECONDS = 10;

  private QuorumRule() {}

  /** How an endpoint answered a linearizable read. */
  enum Probe {
    SERVING,
    NOT_SERVING,
    UNCLEAR
  }

  /**
   * What is known of the member itself.
   *
   * @param id empty when it does not tell
   * @param recovering whether its owner has given the quorum up for lost
   */
  record Own(
      Probe probe,
      String why,
      String id,
      boolean learner,
      long uptimeSeconds,
      boolean recovering) {}

  static Optional<Problem> problem(
      MemberConfig.Id member, Own own, List<Peer> members, Set<String> servingOthers) {
    boolean givenUp = own.recovering && own.probe != Probe.SERVING;
    if (own.learner || givenUp) {
      return Optional.empty();
    }
    return switch (own.probe) {
      case UNCLEAR ->
          refuse(member, "its own etcd cannot be asked whether the others hold it: " + own.why);
      case NOT_SERVING ->
          own.uptimeSeconds >= SETTLING_SECONDS
              ? Optional.empty()
              : refuse(member, "it started just now and may be needed: " + own.why);
      case SERVING -> count(member, own, members, servingOthers);
    };
  }

  private static Optional<Problem> count(
      MemberConfig.Id member, Own own, List<Peer> members, Set<String> servingOthers) {
    List<Peer> voters = members.stream().filter(peer -> !peer.learner()).toList();
    if (voters.stream().noneMatch(peer -> peer.id().equals(own.id))) {
      return voters.isEmpty()
          ? refuse(member, "its own etcd lists no voters at all")
          : Optional.empty();
    }
    int needed = voters.size() / 2 + 1;
    long others =
        voters.stream()
            .filter(peer -> !peer.id().equals(own.id) && servingOthers.contains(peer.id()))
            .count();
    return others >= needed
        ? Optional.empty()
        : refuse(
            member,
            "of %d voters %d are needed, and without it %d serve"
                .formatted(voters.size(), needed, others));
  }

  private static Optional<Problem> refuse(MemberConfig.Id member, String why) {
    return Optional.of(
        Problem.of(
                Code.Q2019,
                "stopping %s would, or might, cost the cluster its quorum: %s"
                    .formatted(member, why))
            .withState("nothing was changed; it runs on")
            .withRemedy("bring the other members back first, or accept the loss by name"));
  }
}
