package io.quorate.agent.boot;

import io.quorate.agent.boot.BootRule.Self;
import io.quorate.agent.boot.BootRule.Verdict;
import io.quorate.agent.boot.Peers.Answer;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberConfig.Run;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out, after a boot and while the coordinator says nothing, which members may start without
 * it.
 *
 * <ol>
 *   <li>One that runs already is let be.
 *   <li>For every other a door is kept open at its peer port, so that its peers hear how it last
 *       knew the cluster; it is closed before the member may start.
 *   <li>One that is to run asks its peers, again and again; {@link BootRule} decides. What was
 *       answered once since the boot counts until something else is answered.
 *   <li>Somebody at the host may decide instead.
 *   <li>That a member is started in this way is noted before: a recovery of which only the
 *       coordinator knows must hear of it.
 * </ol>
 */
public final class BootWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BootWatch.class);

  private final BootGate gate;
  private final KnownMembers known;
  private final Peers peers;
  private final Predicate<ClusterName> runs;
  private final Notes notes;
  private final Set<ClusterName> admitted = ConcurrentHashMap.newKeySet();
  private final Map<ClusterName, Peers.Door> doors = new HashMap<>();
  private final Map<ClusterName, Map<String, Answer>> heard = new HashMap<>();
  private final Map<ClusterName, String> said = new HashMap<>();
  private boolean closed;

  /** Keeps for good that a member was started, or runs, and no coordinator was asked. */
  @FunctionalInterface
  public interface Notes {
    void startsAlone(MemberConfig member);
  }

  /**
   * @param runs whether the member's etcd runs
   */
  public BootWatch(
      BootGate gate, KnownMembers known, Peers peers, Predicate<ClusterName> runs, Notes notes) {
    this.gate = gate;
    this.known = known;
    this.peers = peers;
    this.runs = runs;
    this.notes = notes;
  }

  public boolean mayStart(ClusterName cluster) {
    return gate.open() || admitted.contains(cluster);
  }

  /** Asks and decides once; those that are to run and may not yet. */
  public List<ClusterName> turn(List<MemberConfig> members) {
    for (MemberConfig member : members) {
      ClusterName cluster = member.id().cluster();
      if (!admitted.contains(cluster) && member.conduct().run() != Run.RETIRED) {
        try {
          attend(member);
        } catch (IOException | QuorateException e) {
          LOG.warn("it cannot be found out whether {} may start", member.id(), e);
        }
      }
    }
    return members.stream()
        .filter(m -> m.conduct().run() == Run.RUNNING)
        .map(m -> m.id().cluster())
        .filter(c -> !admitted.contains(c))
        .toList();
  }

  private void attend(MemberConfig member) throws IOException {
    ClusterName cluster = member.id().cluster();
    if (runs.test(cluster)) {
      admit(member, "it runs");
      return;
    }
    Membership list = known.of(member);
    openDoor(member);
    if (member.conduct().run() != Run.RUNNING) {
      return;
    }
    if (gate.admitted(cluster)) {
      admit(member, "somebody at this host has decided so");
      return;
    }
    Map<String, Answer> answers = heard.computeIfAbsent(cluster, c -> new HashMap<>());
    List<Membership> told = answers.values().stream().map(Answer::list).toList();
    answers.putAll(peers.ask(member, list.and(told)));
    switch (BootRule.decide(new Self(member.id(), member.endpoints().peerUrl(), list), answers)) {
      case Verdict.Awaited(String by) when gate.shortGraceIsOver() ->
          admit(member, by + " serves and awaits it");
      case Verdict.Complete() when gate.graceIsOver() ->
          admit(member, "all of its cluster are there, as they were");
      case Verdict.Awaited a -> {}
      case Verdict.Complete c -> {}
      case Verdict.GoneOn(Problem problem) -> say(cluster, problem);
      case Verdict.Unheard(Problem problem) -> say(cluster, problem);
    }
  }

  /** What it tells is read anew each time: it may have become known only now. */
  private synchronized void openDoor(MemberConfig member) {
    ClusterName cluster = member.id().cluster();
    if (!closed && !doors.containsKey(cluster)) {
      try {
        doors.put(cluster, peers.open(member, () -> known.of(member)));
      } catch (IOException e) {
        LOG.warn("peers of {} cannot be answered: {}", member.id(), e.getMessage());
      }
    }
  }

  private synchronized void admit(MemberConfig member, String why) {
    ClusterName cluster = member.id().cluster();
    if (!closed) {
      notes.startsAlone(member);
      Optional.ofNullable(doors.remove(cluster)).ifPresent(Peers.Door::close);
      admitted.add(cluster);
      said.remove(cluster);
      LOG.info("{} may start although the coordinator was not asked: {}", cluster, why);
    }
  }

  private synchronized void say(ClusterName cluster, Problem problem) {
    String words = problem.code() + " " + problem.sentence();
    if (gate.graceIsOver() && !words.equals(said.put(cluster, words))) {
      LOG.warn("{}; {}", words, String.join("; ", problem.remedies()));
      gate.say(String.join("; ", said.values()));
    }
  }

  /** The coordinator has spoken: ports are free, and nobody is asked any more. */
  @Override
  public synchronized void close() {
    closed = true;
    doors.values().forEach(Peers.Door::close);
    doors.clear();
    if (!said.isEmpty()) {
      gate.say("");
    }
  }
}
