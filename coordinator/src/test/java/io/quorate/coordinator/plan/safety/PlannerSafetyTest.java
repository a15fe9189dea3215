package io.quorate.coordinator.plan.safety;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.ClusterView.Placement;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Planner;
import io.quorate.coordinator.plan.Preview;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What {@link Planner} guarantees, over every cluster of one to five members, at every point of the
 * way of every kind of change, with every one member in any trouble under every leader, and with
 * every two (of more than three: in the graver ones, under the first leader). Each step that the
 * planner would take is judged by {@link SafetyOracle}, and each fold must end.
 *
 * <p>A case is named in words. {@code -Dcase="…"} replays the one with that name and prints what is
 * seen and decided.
 */
class PlannerSafetyTest {
  private static final String REPLAY = System.getProperty("case", "");

  /** One view to decide upon, and what was done to it. */
  private record Case(
      String name, ClusterSpec wanted, ClusterView view, boolean forbidden, boolean folds) {}

  @Test
  void everyWayFromAHealthyClusterOfThreeOrMoreEndsDone() {
    assertEquals(List.of(), unfinished(3, 5, ""));
  }

  @Test
  void whatAllowsDowntimeEndsDoneAlsoForOneAndTwo() {
    assertEquals(List.of(), unfinished(1, 2, " allowed"));
  }

  /** Nothing is the matter but that the owner thought again, at any point of any way. */
  @Test
  void everyOtherWishOnTheWayEndsDoneToo() {
    List<String> stuck = new ArrayList<>();
    for (int size = 3; size <= 5; size++) {
      List<ClusterSpec> wishes = Journey.changesOfMind(size);
      for (Journey journey : Journey.all(size)) {
        // What is wished of members on hosts that are gone cannot be had.
        if (journey.name().contains("delete") || journey.name().contains("lost")) {
          continue;
        }
        for (int k = 0; k < journey.views().size(); k++) {
          ClusterView at = Journey.revised(journey.views().get(k));
          for (int wish = 0; wish < wishes.size() && at.intent().foundation().formed(); wish++) {
            String name = journey.name() + " step=" + k + " wish=" + wish;
            if (!REPLAY.isEmpty() && !REPLAY.equals(name)) {
              continue;
            }
            Preview preview = Preview.of(wishes.get(wish), at);
            if (!(preview.end() instanceof Decision.Done) && legal(preview.end())) {
              stuck.add(name + ": " + words(preview.end()));
            }
          }
        }
      }
    }
    assertEquals(List.of(), examples(stuck));
  }

  /** Refusals of versions, and of a host that two members of the wish would share on the way. */
  private static final List<String> CLOSED = List.of("Q32", "Q36", "Q10");

  /** The way back from a change of minor version may be closed; and time stands still here. */
  private static boolean legal(Decision end) {
    return switch (end) {
      case Decision.Refuse refuse ->
          refuse.reasons().stream()
              .noneMatch(r -> CLOSED.contains(r.code().name().substring(0, 3)));
      case Decision.Wait wait -> wait.holds().getFirst().code() != Code.Q3020;
      case Decision other -> true;
    };
  }

  private static String words(Decision decision) {
    return switch (decision) {
      case Decision.Wait wait ->
          "waits to " + wait.wanted().map(Step::describe).orElse("go on") + ": " + wait.holds();
      case Decision other -> other.toString();
    };
  }

  private static List<String> unfinished(int least, int most, String kind) {
    return IntStream.rangeClosed(least, most)
        .boxed()
        .flatMap(size -> Journey.all(size).stream())
        .filter(j -> j.name().endsWith(kind) && !(j.end() instanceof Decision.Done))
        .map(j -> j.name() + ": " + words(j.end()))
        .toList();
  }

  @Test
  void noStepIsUnsafeWhateverIsTheMatterWithOneOrTwoMembers() {
    judge(sink -> journeys().forEach(j -> afflicted(j, sink)));
  }

  @Test
  void noStepIsUnsafeWhateverIsTheMatterWithTheClusterAndAMember() {
    judge(sink -> journeys().forEach(j -> circumstances(j, sink)));
  }

  @Test
  void noStepIsUnsafeWhileHostsAreAtWorkAndTheOwnerMayHaveAnotherWish() {
    judge(sink -> journeys().forEach(j -> inFlight(j, sink)));
  }

  private static List<Journey> journeys() {
    return IntStream.rangeClosed(1, 5).boxed().flatMap(n -> Journey.all(n).stream()).toList();
  }

  // ---- the cases ----

  private static void afflicted(Journey journey, Consumer<Case> sink) {
    for (int k = 0; k < journey.views().size(); k++) {
      ClusterView at = journey.views().get(k);
      List<MemberName> members = members(at);
      for (long leader : leaders(at)) {
        ClusterView led = leader == 0 ? at : Circumstance.led(at, leader);
        String name =
            journey.name() + " step=" + k + (leader == 0 ? "" : " leader=" + name(at, leader));
        sink.accept(new Case(name, journey.wanted(), led, false, true));
        boolean pairs = members.size() < 4 || leader == leaders(at).getFirst();
        List<Ailment> ailments = members.size() < 4 ? Ailment.ALL : Ailment.GRAVE;
        for (int first = 0; first < members.size(); first++) {
          for (Ailment one : Ailment.values()) {
            ClusterView ill = one.afflict(led, members.get(first));
            String named = name + " " + members.get(first) + "=" + one;
            add(sink, new Case(named, journey.wanted(), ill, false, true));
            for (int second = first + 1;
                pairs && ailments.contains(one) && second < members.size();
                second++) {
              for (Ailment two : ailments) {
                add(
                    sink,
                    new Case(
                        named + " " + members.get(second) + "=" + two,
                        journey.wanted(),
                        two.afflict(ill, members.get(second)),
                        false,
                        false));
              }
            }
          }
        }
      }
    }
  }

  private static void circumstances(Journey journey, Consumer<Case> sink) {
    for (int k = 0; k < journey.views().size(); k++) {
      ClusterView at = journey.views().get(k);
      for (Circumstance what : Circumstance.values()) {
        boolean forbids = what.forbidsEverything() && !journey.name().contains("delete");
        String name = journey.name() + " step=" + k + " " + what;
        add(sink, new Case(name, journey.wanted(), what.of(at), forbids, true));
        for (MemberName member : members(at)) {
          for (Ailment one : Ailment.values()) {
            add(
                sink,
                new Case(
                    name + " " + member + "=" + one,
                    journey.wanted(),
                    what.of(one.afflict(at, member)),
                    forbids,
                    false));
          }
        }
      }
    }
  }

  private static void inFlight(Journey journey, Consumer<Case> sink) {
    for (int k = 0; k < journey.steps().size(); k++) {
      if (!(journey.steps().get(k) instanceof Step.Configure configure)) {
        continue;
      }
      List<ClusterSpec> wishes = new ArrayList<>(List.of(journey.wanted()));
      boolean revisable =
          journey.views().get(k).intent().foundation().formed() && !journey.name().contains("lost");
      if (revisable) {
        wishes.addAll(Journey.changesOfMind(Integer.parseInt(journey.name().substring(0, 1))));
      }
      for (InFlight how : InFlight.values()) {
        ClusterView at = how.of(journey.views().get(k), configure);
        for (int wish = 0; wish < wishes.size(); wish++) {
          ClusterView revised = wish == 0 ? at : Journey.revised(at);
          String name = journey.name() + " step=" + k + " " + how + " wish=" + wish;
          add(sink, new Case(name, wishes.get(wish), revised, false, true));
          for (MemberName member : members(at)) {
            for (Ailment one : Ailment.values()) {
              add(
                  sink,
                  new Case(
                      name + " " + member + "=" + one,
                      wishes.get(wish),
                      one.afflict(revised, member),
                      false,
                      false));
            }
          }
        }
      }
    }
  }

  /** A cluster without enough that answer says so. */
  private static void add(Consumer<Case> sink, Case made) {
    ClusterView view = made.view();
    List<EtcdView.Member> voters =
        view.etcd().members().stream()
            .flatMap(l -> l.members().stream())
            .filter(m -> !m.learner())
            .toList();
    long answering =
        voters.stream()
            .filter(
                v ->
                    view.etcd().endpoints().stream()
                        .anyMatch(
                            e -> e.member().value().equals(v.name()) && e.status().isPresent()))
            .count();
    boolean quorum = answering >= voters.size() / 2 + 1;
    sink.accept(
        quorum || voters.isEmpty()
            ? made
            : new Case(
                made.name(),
                made.wanted(),
                Circumstance.withoutQuorum(view),
                made.forbidden(),
                made.folds()));
  }

  private static List<MemberName> members(ClusterView view) {
    return view.placements().stream().map(Placement::member).distinct().sorted().toList();
  }

  /** Every voter in turn; 0 when there is none to lead. */
  private static List<Long> leaders(ClusterView view) {
    List<Long> voters =
        view.etcd().members().stream()
            .flatMap(l -> l.members().stream())
            .filter(m -> !m.learner())
            .map(EtcdView.Member::id)
            .toList();
    return voters.isEmpty() ? List.of(0L) : voters;
  }

  private static String name(ClusterView view, long id) {
    return view.etcd().members().flatMap(l -> l.byId(id)).map(EtcdView.Member::name).orElse("");
  }

  // ---- the judge ----

  private static void judge(Consumer<Consumer<Case>> cases) {
    List<String> found = new ArrayList<>();
    long[] count = {0};
    cases.accept(
        one -> {
          if (!REPLAY.isEmpty() && !REPLAY.equals(one.name())) {
            return;
          }
          count[0]++;
          objection(one).ifPresent(o -> found.add(one.name() + ": " + o));
        });
    assertTrue(count[0] > (REPLAY.isEmpty() ? 1000 : -1), "cases: " + count[0]);
    assertEquals(
        List.of(),
        examples(found),
        () -> "%d of %d cases; replay one with -Dcase=\"…\"".formatted(found.size(), count[0]));
  }

  /** One of each kind, with how many there are: names and numbers do not make a kind. */
  private static List<String> examples(List<String> found) {
    SortedMap<String, List<String>> kinds = new TreeMap<>();
    for (String each : found) {
      String kind = each.substring(each.indexOf(": ")).replaceAll("[0-9]+", "N");
      kinds.computeIfAbsent(kind, k -> new ArrayList<>()).add(each);
    }
    return kinds.values().stream()
        .map(k -> "\n%d like %s".formatted(k.size(), k.getFirst()))
        .toList();
  }

  private static Optional<String> objection(Case one) {
    Decision decision = Planner.next(one.wanted(), one.view());
    if (!REPLAY.isEmpty()) {
      System.out.println(one.name() + "\n" + one.view() + "\n" + decision);
    }
    Optional<String> any = objection(one, one.view(), decision);
    if (any.isPresent() || !one.folds()) {
      return any;
    }
    ClusterView view = one.view();
    for (int step = 0; decision instanceof Decision.Act(Step act); step++) {
      if (step == Preview.MOST) {
        return Optional.of("no end after " + step + " steps, the last: " + act.describe());
      }
      view = io.quorate.coordinator.plan.Effects.apply(view, act);
      decision = Planner.next(one.wanted(), view);
      Optional<String> later = objection(one, view, decision);
      if (later.isPresent()) {
        return Optional.of("after " + act.describe() + ": " + later.get());
      }
    }
    return Optional.empty();
  }

  private static Optional<String> objection(Case one, ClusterView view, Decision decision) {
    return switch (decision) {
      case Decision.Act(Step step) ->
          (one.forbidden() && !itsOwnersWish(one, view, step)
                  ? Optional.of("nothing may be done")
                  : SafetyOracle.objection(one.wanted(), view, step))
              .map(o -> step.describe() + " " + o);
      case Decision.Wait wait -> named(wait.holds());
      case Decision.Refuse refuse -> named(refuse.reasons());
      case Decision.Done done -> Optional.empty();
    };
  }

  /** Whoever aborts a recovery wants back what it has stopped. */
  private static boolean itsOwnersWish(Case one, ClusterView view, Step step) {
    return aborted(one.view())
        && (aborted(view)
            ? step instanceof Step.Note(Step.Decided.CalledOff calledOff)
            : view.intent().foundation().formed());
  }

  private static boolean aborted(ClusterView view) {
    return view.intent().control().mode() == Intent.Mode.ABORTED;
  }

  private static Optional<String> named(List<Hold> holds) {
    return holds.isEmpty() || holds.stream().anyMatch(h -> h.sentence().isBlank())
        ? Optional.of("waits without a reason")
        : Optional.empty();
  }
}
