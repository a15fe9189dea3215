package io.quorate.coordinator.plan;

import io.quorate.common.model.MemberName;
import io.quorate.common.model.Seed;
import io.quorate.coordinator.plan.Intent.Control;
import io.quorate.coordinator.plan.Intent.Foundation;
import io.quorate.coordinator.spec.ClusterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** How a decision changes the intent: the same for the real one and for the predicted one. */
public final class Intents {
  private static final int KEPT_SNAPSHOTS = 50;

  private Intents() {}

  /**
   * A cluster that has just been declared. The token must be new: it is the lineage of its
   * founders' data.
   */
  public static Intent declared(String token, String by, Instant now) {
    return new Intent(
        1,
        new Foundation(token, new Seed.Empty(), List.of(), false, 0, List.of()),
        new Control(Intent.Mode.RUNNING, by, "", List.of(), false, now),
        Optional.empty(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        List.of(),
        List.of(),
        Optional.empty());
  }

  /**
   * The owner declared something else; a pause, an abort or a failure of the last wish is over with
   * it. Data that was packed for it is not used any more: its member may have run since.
   */
  public static Intent revised(
      Intent intent,
      Optional<ClusterSpec> previous,
      List<MemberName> limit,
      String by,
      Instant now) {
    return new Intent(
        intent.revision() + 1,
        intent.foundation(),
        new Control(Intent.Mode.RUNNING, by, "", limit, false, now),
        previous,
        intent.restarts(),
        intent.certificates(),
        new TreeMap<>(),
        intent.snapshots(),
        List.of(),
        Optional.empty());
  }

  public static Intent turnedBack(Intent intent, String reason, Instant now) {
    Intent next = revised(intent, Optional.empty(), List.of(), "quorate", now);
    return withControl(
        next, new Control(Intent.Mode.RUNNING, "quorate", reason, List.of(), true, now));
  }

  public static Intent withControl(Intent intent, Control control) {
    return with(intent, intent.foundation(), control, intent.failure());
  }

  /** The same wish for other members; none named means all. */
  public static Intent limited(Intent intent, List<MemberName> limit) {
    Control was = intent.control();
    return withControl(
        intent,
        new Control(was.mode(), was.by(), was.reason(), limit, was.turningBack(), was.since()));
  }

  public static Intent withFailure(Intent intent, Optional<Intent.Failure> failure) {
    return with(intent, intent.foundation(), intent.control(), failure);
  }

  public static Intent withFoundation(Intent intent, Foundation foundation) {
    return with(intent, foundation, intent.control(), intent.failure());
  }

  private static Intent with(
      Intent i, Foundation foundation, Control control, Optional<Intent.Failure> failure) {
    return new Intent(
        i.revision(),
        foundation,
        control,
        i.previous(),
        i.restarts(),
        i.certificates(),
        i.learnersGivenUp(),
        i.snapshots(),
        i.exports(),
        failure);
  }

  /** Somebody said go on: a failure is answered, and learners are tried afresh. */
  public static Intent resumed(Intent i, Control control) {
    return new Intent(
        i.revision(),
        i.foundation(),
        control,
        i.previous(),
        i.restarts(),
        i.certificates(),
        new TreeMap<>(),
        i.snapshots(),
        i.exports(),
        Optional.empty());
  }

  /** Reached: what only concerned the way there is forgotten. */
  public static Intent reached(Intent i, Instant now) {
    Control control = i.control();
    return new Intent(
        i.revision(),
        i.foundation(),
        new Control(control.mode(), control.by(), "", List.of(), false, control.since()),
        Optional.empty(),
        i.restarts(),
        i.certificates(),
        new TreeMap<>(),
        i.snapshots(),
        List.of(),
        Optional.empty());
  }

  public static Intent restarted(Intent i, List<MemberName> members) {
    return with(i, raised(i.restarts(), members), i.certificates());
  }

  /** New keys and certificates; no restart is needed for them. */
  public static Intent rotated(Intent i, List<MemberName> members) {
    return with(i, i.restarts(), raised(i.certificates(), members));
  }

  private static SortedMap<MemberName, Long> raised(
      SortedMap<MemberName, Long> counters, List<MemberName> members) {
    SortedMap<MemberName, Long> raised = new TreeMap<>(counters);
    members.forEach(m -> raised.merge(m, 1L, Long::sum));
    return raised;
  }

  private static Intent with(
      Intent i, SortedMap<MemberName, Long> restarts, SortedMap<MemberName, Long> certificates) {
    return new Intent(
        i.revision(),
        i.foundation(),
        i.control(),
        i.previous(),
        restarts,
        certificates,
        i.learnersGivenUp(),
        i.snapshots(),
        i.exports(),
        i.failure());
  }

  public static Intent saved(Intent i, Intent.SnapshotInfo snapshot) {
    return withSnapshots(
        i,
        all -> {
          all.removeIf(s -> s.id().equals(snapshot.id()));
          all.add(snapshot);
          return all.size() > KEPT_SNAPSHOTS
              ? all.subList(all.size() - KEPT_SNAPSHOTS, all.size())
              : all;
        });
  }

  private static Intent withSnapshots(Intent i, UnaryOperator<List<Intent.SnapshotInfo>> change) {
    return new Intent(
        i.revision(),
        i.foundation(),
        i.control(),
        i.previous(),
        i.restarts(),
        i.certificates(),
        i.learnersGivenUp(),
        change.apply(new ArrayList<>(i.snapshots())),
        i.exports(),
        i.failure());
  }

  public static Intent exported(Intent i, Intent.Exported exported) {
    List<Intent.Exported> all = new ArrayList<>(i.exports());
    all.removeIf(e -> e.member().equals(exported.member()));
    all.add(exported);
    return new Intent(
        i.revision(),
        i.foundation(),
        i.control(),
        i.previous(),
        i.restarts(),
        i.certificates(),
        i.learnersGivenUp(),
        i.snapshots(),
        all,
        i.failure());
  }

  public static Intent gaveUp(Intent i, MemberName learner) {
    SortedMap<MemberName, Integer> given = new TreeMap<>(i.learnersGivenUp());
    given.merge(learner, 1, Integer::sum);
    return new Intent(
        i.revision(),
        i.foundation(),
        i.control(),
        i.previous(),
        i.restarts(),
        i.certificates(),
        given,
        i.snapshots(),
        i.exports(),
        i.failure());
  }

  /** The cluster serves: founding is over for good. */
  public static Intent formed(Intent intent, long clusterId, List<MemberName> members) {
    Foundation foundation = intent.foundation();
    return withFoundation(
        intent,
        new Foundation(
            foundation.token(),
            foundation.seed(),
            foundation.supersedes(),
            true,
            clusterId,
            members));
  }

  /** What it was: whatever its owner asked for meanwhile is what it goes on with. */
  private static Intent calledOff(Intent intent, long clusterId, Instant now) {
    Foundation of = intent.foundation();
    Foundation foundation =
        new Foundation(of.token(), new Seed.Empty(), List.of(), true, clusterId, List.of());
    Control was = intent.control();
    Control control =
        new Control(Intent.Mode.RUNNING, was.by(), "", was.limit(), was.turningBack(), now);
    return withFailure(withControl(withFoundation(intent, foundation), control), Optional.empty());
  }

  public static Intent apply(Intent intent, Step.Decided decided, Instant now) {
    return switch (decided) {
      case Step.Decided.Formed(long id, List<MemberName> members) -> formed(intent, id, members);
      case Step.Decided.Recovered(long id) -> formed(intent, id, intent.foundation().founders());
      case Step.Decided.CalledOff(long id, String why) -> calledOff(intent, id, now);
      case Step.Decided.TurnedBack(String reason) -> turnedBack(intent, reason, now);
      case Step.Decided.Repair(MemberName member) -> restarted(intent, List.of(member));
    };
  }
}
