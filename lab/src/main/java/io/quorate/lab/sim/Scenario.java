package io.quorate.lab.sim;

import io.quorate.agent.release.Archives;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Release;
import io.quorate.common.model.Setting;
import io.quorate.coordinator.spec.ClusterSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the owner wants, first and then: every kind of change that a cluster goes through. */
enum Scenario {
  BOOTSTRAP,
  SETTING,
  UPGRADE,
  MINOR,
  ROLLBACK,
  GROW,
  SHRINK,
  /** Of a member whose host is gone for good. */
  REPLACE,
  /** Of a member that is well. */
  REPLACE_ALIVE,
  MOVE,
  /** Two hosts are to be emptied: their members move, one after the other. */
  DRAIN,
  RESTART,
  /** Moves a member, and wants it back before it has arrived. */
  MOVE_BACK,
  /** Upgrades, and wants the old version again half-way. */
  UPGRADE_BACK,
  /** A minor version down, by etcd's own procedure. */
  DOWNGRADE,
  /** An upgrade that is paused for a while. */
  PAUSE,
  /** A new cluster from a snapshot: its first member has it, the others learn. */
  SEED,
  /** All members from one snapshot, perhaps once more on the way. */
  RESTORE,
  /** A majority of hosts is gone; the cluster is recovered from one that is left. */
  RECOVER,
  DELETE;

  static final ClusterName CLUSTER = ClusterName.of("sim");
  static final String OLD = "3.5.33";
  static final String NEW = "3.5.34";
  static final String NEXT_MINOR = "3.6.14";

  /** Its executable never comes up. */
  static final String BROKEN = "3.5.35";

  static final List<String> CATALOGUE = List.of(OLD, NEW, NEXT_MINOR, BROKEN);

  private static final Map<String, byte[]> BY_VERSION =
      CATALOGUE.stream().collect(Collectors.toMap(v -> v, Archives::release));

  /** Archives of the catalogue, by digest. */
  static final Map<String, byte[]> ARCHIVES =
      CATALOGUE.stream().collect(Collectors.toMap(v -> release(v).sha256(), BY_VERSION::get));

  static Release release(String version) {
    return Archives.describe(version, Objects.requireNonNull(BY_VERSION.get(version)));
  }

  /** The cluster that there is before the change. */
  ClusterSpec first(RandomGenerator random) {
    int size =
        switch (this) {
          case BOOTSTRAP -> List.of(1, 3, 3, 5).get(random.nextInt(4));
          case GROW -> List.of(1, 3).get(random.nextInt(2));
          case SHRINK -> List.of(3, 5).get(random.nextInt(2));
          default -> List.of(3, 3, 3, 5).get(random.nextInt(4));
        };
    String version = this == DOWNGRADE ? NEXT_MINOR : OLD;
    return spec(version, members(1, size), settings(1L << 31), ClusterSpec.OnFailure.PAUSE, random);
  }

  /** The change; the same again where nothing in the file changes. */
  ClusterSpec then(ClusterSpec first, RandomGenerator random) {
    List<ClusterSpec.Member> members = first.members();
    int size = members.size();
    return switch (this) {
      case BOOTSTRAP, SEED, RESTART, RESTORE, RECOVER, DELETE -> first;
      case SETTING -> with(first, first.version(), members, settings(1L << 32));
      case DOWNGRADE -> first.withVersion(EtcdVersion.parse(OLD));
      case UPGRADE, UPGRADE_BACK, PAUSE -> first.withVersion(EtcdVersion.parse(NEW));
      case MINOR -> first.withVersion(EtcdVersion.parse(NEXT_MINOR));
      case ROLLBACK ->
          with(
              new ClusterSpec(
                  first.cluster(),
                  first.version(),
                  members,
                  first.layout(),
                  first.settings(),
                  first.certificates(),
                  rollback(first.rollout()),
                  first.backup(),
                  first.policies()),
              EtcdVersion.parse(BROKEN),
              members,
              first.settings());
      case GROW -> first.withMembers(members(1, size + 2));
      case SHRINK -> first.withMembers(members(1, size - 2));
      case REPLACE, REPLACE_ALIVE -> {
        List<ClusterSpec.Member> others = new java.util.ArrayList<>(members.subList(0, size - 1));
        others.add(member(size + 1, size + 1));
        yield first.withMembers(others);
      }
      case DRAIN -> {
        List<ClusterSpec.Member> others = new java.util.ArrayList<>(members);
        int from = random.nextInt(size);
        for (int i = 1; i <= 2; i++) {
          int moved = (from + i) % size;
          others.set(moved, member(moved + 1, size + i));
        }
        yield first.withMembers(others);
      }
      case MOVE, MOVE_BACK -> {
        List<ClusterSpec.Member> others = new java.util.ArrayList<>(members);
        int moved = random.nextInt(size);
        others.set(moved, member(moved + 1, size + 1));
        yield first.withMembers(others);
      }
    };
  }

  /** Ends in the first state again, because the second cannot be reached. */
  boolean turnsBack() {
    return this == ROLLBACK || changesMind();
  }

  /** Its owner wants the first state again, at some moment on the way. */
  boolean changesMind() {
    return this == MOVE_BACK || this == UPGRADE_BACK;
  }

  /** There is no cluster before it. */
  boolean founds() {
    return this == BOOTSTRAP || this == SEED;
  }

  /** The host of the last member is gone for good before the change. */
  boolean losesAHost() {
    return this == REPLACE;
  }

  /** With new members on spare hosts, under new names, in place of those on these. */
  static ClusterSpec without(Set<HostName> gone, ClusterSpec spec) {
    List<ClusterSpec.Member> members = new java.util.ArrayList<>();
    int next = spec.members().size();
    for (ClusterSpec.Member member : spec.members()) {
      if (gone.contains(member.host())) {
        next++;
        members.add(member(next, next));
      } else {
        members.add(member);
      }
    }
    return spec.withMembers(members);
  }

  static HostName host(int number) {
    return HostName.of("host-" + number);
  }

  static String address(int number) {
    return "10.0.0." + number;
  }

  private static List<ClusterSpec.Member> members(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(i -> member(i, i)).toList();
  }

  private static ClusterSpec.Member member(int number, int host) {
    return new ClusterSpec.Member(
        MemberName.of("etcd-" + number), host(host), address(host), 2379, 2380);
  }

  private static SortedMap<String, Setting> settings(long quota) {
    return new TreeMap<>(Map.of("quota-backend-bytes", new Setting.Whole(quota)));
  }

  private static ClusterSpec with(
      ClusterSpec spec,
      EtcdVersion version,
      List<ClusterSpec.Member> members,
      SortedMap<String, Setting> settings) {
    return new ClusterSpec(
        spec.cluster(),
        version,
        members,
        spec.layout(),
        settings,
        spec.certificates(),
        spec.rollout(),
        spec.backup(),
        spec.policies());
  }

  private static ClusterSpec.Rollout rollback(ClusterSpec.Rollout rollout) {
    return new ClusterSpec.Rollout(
        rollout.soak(),
        rollout.canary(),
        rollout.canarySoak(),
        ClusterSpec.OnFailure.ROLLBACK,
        rollout.memberDeadline(),
        rollout.progressDeadline(),
        rollout.membership(),
        rollout.gates());
  }

  private static ClusterSpec spec(
      String version,
      List<ClusterSpec.Member> members,
      SortedMap<String, Setting> settings,
      ClusterSpec.OnFailure onFailure,
      RandomGenerator random) {
    boolean snapshots = random.nextInt(4) == 0;
    Optional<MemberName> canary =
        random.nextInt(3) == 0
            ? Optional.of(members.get(random.nextInt(members.size())).name())
            : Optional.empty();
    return new ClusterSpec(
        CLUSTER,
        EtcdVersion.parse(version),
        members,
        new ClusterSpec.Layout("/var/lib/etcd/sim", "/var/lib/etcd/sim-wal", new TreeMap<>()),
        settings,
        new ClusterSpec.Certificates("ecdsa-p256", Duration.ofDays(90), List.of()),
        new ClusterSpec.Rollout(
            Duration.ofMillis(random.nextInt(3) * 500L),
            canary,
            Duration.ofSeconds(1),
            onFailure,
            Duration.ofSeconds(60),
            Duration.ofMinutes(10),
            new ClusterSpec.Membership(Duration.ofMinutes(5), Duration.ofMinutes(1)),
            new ClusterSpec.Gates(
                1000,
                Duration.ofMillis(500),
                snapshots ? Duration.ofHours(1) : Duration.ZERO,
                1.5)),
        new ClusterSpec.Backup(Optional.empty(), 1, Optional.empty()),
        new ClusterSpec.Policies(
            members.size() < 3,
            true,
            false,
            MemberConfig.Drift.REPAIR,
            List.of(),
            Optional.empty(),
            Set.of()));
  }
}
