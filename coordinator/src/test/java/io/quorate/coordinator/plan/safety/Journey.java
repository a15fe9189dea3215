package io.quorate.coordinator.plan.safety;

import io.quorate.common.model.MemberName;
import io.quorate.common.model.Seed;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Effects;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Intents;
import io.quorate.coordinator.plan.Preview;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.spec.ClusterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A wish and every view on the undisturbed way to it: {@code views.get(k)} is what is seen before
 * step {@code k}; the last one is the end.
 */
record Journey(
    String name, ClusterSpec wanted, List<ClusterView> views, List<Step> steps, Decision end) {

  /** Every kind of change that can be wished of a cluster of this size, and being founded. */
  static List<Journey> all(int size) {
    List<Journey> all = new ArrayList<>();
    all.add(walk(size + " found", spec("3.5.30", "", size), Scenes.empty()));
    all.add(walk(size + " seed", spec("3.5.30", "", size), seeded(Scenes.empty())));
    for (String allow : size <= 2 ? List.of("", "allowDowntime: true\n") : List.of("")) {
      String tail = allow.isEmpty() ? "" : " allowed";
      ClusterView at = Scenes.running(spec("3.5.30", allow, size));
      for (Wish wish : Wish.values()) {
        if (wish.fits(size)) {
          all.add(walk(size + " " + wish + tail, wish.spec(size, allow), wish.begin(at)));
        }
      }
      ClusterView high = Scenes.running(spec("3.6.11", allow, size));
      all.add(walk(size + " minor-down" + tail, spec("3.5.30", allow, size), revised(high)));
      ClusterView low = Scenes.running(spec("3.4.23", allow, size));
      all.add(walk(size + " two-minors" + tail, Wish.MINOR.spec(size, allow), revised(low)));
    }
    return all;
  }

  /** Nothing is there but a snapshot, which the first member is made from. */
  private static ClusterView seeded(ClusterView empty) {
    Intent.Foundation declared = empty.intent().foundation();
    return with(
        empty,
        Intents.withFoundation(
            empty.intent(),
            new Intent.Foundation(
                declared.token(),
                new Seed.Snapshot("5".repeat(64), 9, 0, false, false),
                List.of(),
                false,
                0,
                List.of(MemberName.of("etcd-1")))));
  }

  /** Another wish for the same cluster, asked on the way. */
  static List<ClusterSpec> changesOfMind(int size) {
    return List.of(
        spec("3.5.30", "", size),
        spec("3.5.30", "etcd: {quota-backend-bytes: 4GiB}\n", size),
        Wish.SHRINK_LAST.fits(size) ? Wish.SHRINK_LAST.spec(size, "") : Wish.GROW.spec(size, ""),
        Wish.REPLACE.spec(size, ""));
  }

  enum Wish {
    SAME,
    PATCH,
    MINOR,
    SETTING,
    CANARY,
    CERTIFICATES,
    RESTART,
    GROW,
    SHRINK_FIRST,
    SHRINK_LAST,
    SHRINK_TWO,
    REPLACE,
    REPLACE_ALL,
    MOVE,
    MOVE_TWO,
    UPGRADE_AND_REPLACE,
    MOVE_AND_SETTING,
    RESTORE,
    RECOVER,
    /** A majority of hosts is gone; new ones take their place. */
    RECOVER_LOST,
    DELETE;

    boolean fits(int size) {
      return switch (this) {
        case GROW -> size <= 4;
        case SHRINK_FIRST, SHRINK_LAST, MOVE_TWO -> size >= 2;
        case SHRINK_TWO -> size >= 3;
        case REPLACE_ALL -> size <= 3;
        case CANARY, RECOVER_LOST -> size >= 3;
        default -> true;
      };
    }

    ClusterSpec spec(int size, String allow) {
      return switch (this) {
        case SAME, RESTART, RESTORE, RECOVER, DELETE -> Journey.spec("3.5.30", allow, size);
        case RECOVER_LOST ->
            members(
                "3.5.30",
                allow,
                IntStream.concat(
                    IntStream.rangeClosed(lost(size) + 1, size), IntStream.rangeClosed(6, 7)));
        case PATCH -> Journey.spec("3.5.16", allow, size);
        case MINOR -> Journey.spec("3.6.11", allow + "accept: [version.path]\n", size);
        case SETTING -> Journey.spec("3.5.30", allow + "etcd: {quota-backend-bytes: 4GiB}\n", size);
        case CANARY -> Journey.spec("3.5.16", allow + "rollout: {canary: etcd-2}\n", size);
        case CERTIFICATES ->
            Journey.spec("3.5.30", allow + "certificates: {names: [etcd.example]}\n", size);
        case GROW -> Journey.spec("3.5.30", allow, size + 1);
        case SHRINK_FIRST -> members("3.5.30", allow, IntStream.rangeClosed(2, size));
        case SHRINK_LAST -> Journey.spec("3.5.30", allow, size - 1);
        case SHRINK_TWO -> members("3.5.30", allow, IntStream.rangeClosed(3, size));
        case REPLACE -> replaced("3.5.30", allow, size);
        case UPGRADE_AND_REPLACE -> replaced("3.5.16", allow, size);
        case REPLACE_ALL -> members("3.5.30", allow, IntStream.rangeClosed(4, 3 + size));
        case MOVE -> moved(allow, size, 1);
        case MOVE_TWO -> moved(allow, size, 2);
        case MOVE_AND_SETTING -> moved(allow + "etcd: {quota-backend-bytes: 4GiB}\n", size, 1);
      };
    }

    ClusterView begin(ClusterView view) {
      List<MemberName> members = view.placements().stream().map(p -> p.member()).sorted().toList();
      Intent intent = revised(view).intent();
      return switch (this) {
        case RESTART -> with(view, Intents.restarted(intent, members));
        case DELETE ->
            with(
                view,
                Intents.withControl(
                    intent,
                    new Intent.Control(
                        Intent.Mode.DELETING, "ada", "", List.of(), false, view.now())));
        case RESTORE ->
            with(
                view,
                founded(intent, new Seed.Snapshot("5".repeat(64), 9, 0, false, false), List.of()));
        case RECOVER ->
            with(
                Circumstance.withoutQuorum(view),
                founded(intent, new Seed.Forced("prod-token"), List.of(members.getLast())));
        case RECOVER_LOST ->
            with(
                withoutMajority(view, members),
                founded(intent, new Seed.Forced("prod-token"), List.of(members.getLast())));
        default -> revised(view);
      };
    }

    /** How many it takes for the quorum to be gone. */
    private static int lost(int size) {
      return size / 2 + 1;
    }

    private static ClusterView withoutMajority(ClusterView view, List<MemberName> members) {
      ClusterView left = view;
      for (MemberName member : members.subList(0, lost(members.size()))) {
        left = Ailment.LOST.afflict(left, member);
      }
      return Circumstance.withoutQuorum(left);
    }

    private static Intent founded(Intent intent, Seed seed, List<MemberName> founders) {
      return Intents.withFoundation(
          intent,
          new Intent.Foundation("again-token", seed, List.of("prod-token"), false, 77, founders));
    }

    private static ClusterSpec replaced(String version, String allow, int size) {
      return members(
          version, allow, IntStream.concat(IntStream.of(6), IntStream.rangeClosed(2, size)));
    }

    private static ClusterSpec moved(String more, int size, int count) {
      List<String> lines = new ArrayList<>();
      for (int n = 1; n <= size; n++) {
        lines.add(Scenes.member("etcd-" + n, n <= count ? 5 + n : n));
      }
      return Scenes.spec("3.5.30", more, lines);
    }
  }

  private static Journey walk(String name, ClusterSpec wanted, ClusterView from) {
    Preview preview = Preview.of(wanted, from);
    List<ClusterView> views = new ArrayList<>(List.of(from));
    for (Step step : preview.steps()) {
      views.add(Effects.apply(views.getLast(), step));
    }
    return new Journey(
        name.toLowerCase(java.util.Locale.ROOT), wanted, views, preview.steps(), preview.end());
  }

  private static ClusterSpec spec(String version, String more, int size) {
    return members(version, more, IntStream.rangeClosed(1, size));
  }

  private static ClusterSpec members(String version, String more, IntStream members) {
    return Scenes.spec(version, more, members.toArray());
  }

  static ClusterView revised(ClusterView view) {
    return with(
        view, Intents.revised(view.intent(), Optional.empty(), List.of(), "ada", Instant.EPOCH));
  }

  static ClusterView with(ClusterView v, Intent intent) {
    return new ClusterView(
        v.now(), intent, v.placements(), v.etcd(), v.hosts(), v.catalogue(), v.operations());
  }
}
