package io.quorate.coordinator.etcd.model;

import io.quorate.common.model.EtcdVersion;
import io.quorate.coordinator.etcd.model.ModelProcess.Phase;
import io.quorate.coordinator.plan.EtcdView.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One raft group, coarsely: a single log of which every data directory holds a prefix.
 *
 * <ol>
 *   <li>There is a leader while it is alive and reaches a quorum of voters; otherwise it steps down
 *       and after an election timeout the voter with the longest log that reaches a quorum leads.
 *   <li>An entry is appended only when a quorum of voters, the leader among them, holds all before
 *       it; it is then on all of those and committed. Others catch up later.
 *   <li>Should no quorum hold the whole log any more, because data was lost, the longest prefix
 *       among them wins and what was committed beyond it is lost. That is recorded, for it must
 *       never happen.
 * </ol>
 */
final class ModelCluster {
  private static final Duration VERSION_INTERVAL = Duration.ofSeconds(4);

  /** Which history this is. */
  final long id;

  /** What members say it is: one that was forced keeps the id of the one that it comes from. */
  final long told;

  /** The writes that it began with. */
  final List<Long> base;

  /** Whether a member that was not started to force it has served. */
  boolean ordinary;

  /** One number an entry: that of a client's write, or -1. */
  final List<Long> writes = new ArrayList<>();

  /** The writes that clients were told of. */
  final Set<Long> acknowledged = new HashSet<>();

  private final TreeMap<Integer, State> states = new TreeMap<>();
  private final Map<Long, Integer> longest = new TreeMap<>();
  private final List<ModelProcess> processes = new ArrayList<>();
  private final VirtualTime time;
  private final RandomGenerator random;
  private final Network network;
  private final End end;
  private int length;
  long term = 1;
  private @Nullable ModelProcess leader;
  private boolean electing;
  private boolean monitoring;

  /** Ends a process. */
  interface End {
    void ended(ModelProcess process, int code, String lastWords);
  }

  /** How one begins: its members, and the log of data that was there before it. */
  record Beginning(long id, long told, State founded, List<Long> log) {
    static Beginning empty(long id, State founded) {
      return new Beginning(id, id, founded, List.of());
    }
  }

  ModelCluster(
      Beginning beginning, VirtualTime time, RandomGenerator random, Network network, End end) {
    this.id = beginning.id;
    this.told = beginning.told;
    this.base = List.copyOf(beginning.log);
    this.end = end;
    this.time = time;
    this.random = random;
    this.network = network;
    writes.addAll(beginning.log);
    length = writes.size();
    states.put(0, beginning.founded);
  }

  /** The writes of clients in the log up to there. */
  List<Long> content(int index) {
    return writes.subList(0, Math.min(index, length)).stream().filter(w -> w >= 0).toList();
  }

  State state() {
    return states.lastEntry().getValue();
  }

  State stateAt(int index) {
    return states.floorEntry(index).getValue();
  }

  int length() {
    return length;
  }

  Optional<ModelProcess> leader() {
    return Optional.ofNullable(leader);
  }

  List<ModelProcess> processes() {
    return processes;
  }

  /** The leader as this process sees it. */
  Optional<ModelProcess> leaderOf(ModelProcess process) {
    return leader().filter(l -> reaches(l, process));
  }

  /** Its peers dial the address that the cluster knows, so a process elsewhere is not there. */
  boolean reaches(ModelProcess a, ModelProcess b) {
    return a == b
        || (a.alive()
            && b.alive()
            && known(a)
            && known(b)
            && network.connects(a.place(), b.place()));
  }

  private boolean known(ModelProcess process) {
    Member member = state().members().get(process.memberId);
    return member != null && member.peerUrls().contains(process.config.peerUrl());
  }

  boolean canCommit() {
    return leader != null && supporters(leader, length) >= state().quorum();
  }

  /** Voters that the process reaches, itself included, whose logs are at least this long. */
  private long supporters(ModelProcess process, int atLeast) {
    return state().voters().stream()
        .filter(
            voter ->
                processes.stream()
                    .anyMatch(
                        p ->
                            p.memberId == voter.id()
                                && p.alive()
                                && p.index >= atLeast
                                && reaches(process, p)))
        .count();
  }

  /** The other voters that this process reaches are a quorum by themselves. */
  boolean restHoldsQuorum(ModelProcess process) {
    if (!state().votes(process.memberId)) {
      return true;
    }
    return supporters(process, length) - 1 >= state().quorum();
  }

  // ---- processes come and go ----

  /** False when its log is shorter than one it had acknowledged: raft panics over that. */
  boolean join(ModelProcess process) {
    if (process.index < longest.getOrDefault(process.memberId, 0)) {
      return false;
    }
    processes.add(process);
    process.phase = Phase.JOINED;
    changed();
    return true;
  }

  void leave(ModelProcess process) {
    processes.remove(process);
    changed();
  }

  /** Leadership goes over in an orderly way, as etcd does on SIGTERM. */
  void stepAside(ModelProcess process) {
    if (leader == process) {
      successors(process).findFirst().ifPresent(this::lead);
    }
  }

  private java.util.stream.Stream<ModelProcess> successors(ModelProcess from) {
    return processes.stream()
        .filter(p -> p != from && state().votes(p.memberId))
        .filter(p -> p.phase == Phase.SERVING && p.index == length && reaches(from, p))
        .filter(p -> supporters(p, 0) >= state().quorum());
  }

  boolean moveLeader(long to) {
    Optional<ModelProcess> successor =
        leader == null
            ? Optional.empty()
            : successors(leader).filter(p -> p.memberId == to).findFirst();
    successor.ifPresent(this::lead);
    return successor.isPresent();
  }

  /** The leader falls silent for a moment. */
  void disturb() {
    if (leader != null) {
      loseLeader();
    }
  }

  /** Whatever changed around it: who leads, who is behind, who may serve. */
  void changed() {
    if (leader != null
        && (!leader.alive()
            || !state().votes(leader.memberId)
            || supporters(leader, 0) < state().quorum())) {
      loseLeader();
    }
    if (leader == null) {
      electLater();
      return;
    }
    tellRemoved();
    for (ModelProcess process : List.copyOf(processes)) {
      if (process.alive() && process.index < length && reaches(leader, process)) {
        catchUpLater(process);
      } else if (process.phase == Phase.JOINED && process.index == length) {
        publish(process);
      }
    }
  }

  private void tellRemoved() {
    for (ModelProcess process : List.copyOf(processes)) {
      if (!process.toldOfRemoval
          && process.alive()
          && state().removed().contains(process.memberId)
          && processes.stream()
              .anyMatch(
                  p -> p != process && p.alive() && network.connects(p.place(), process.place()))) {
        process.toldOfRemoval = true;
        time.after(
            Duration.ofMillis(100 + random.nextInt(1000)),
            () ->
                end.ended(process, 0, "the member has been permanently removed from the cluster"));
      }
    }
  }

  private void loseLeader() {
    leader = null;
    electLater();
  }

  private void electLater() {
    if (!electing) {
      electing = true;
      time.after(
          Duration.ofMillis(1000 + random.nextInt(1000)),
          () -> {
            electing = false;
            elect();
          });
    }
  }

  private void elect() {
    if (leader != null) {
      return;
    }
    processes.stream()
        .filter(p -> p.alive() && state().votes(p.memberId))
        .filter(p -> supporters(p, 0) >= state().quorum())
        .max(Comparator.comparingInt((ModelProcess p) -> p.index).thenComparing(p -> p.memberId))
        .filter(this::outvotes)
        .ifPresent(
            winner -> {
              if (winner.index < length) {
                truncate(winner.index);
              }
              lead(winner);
            });
  }

  /** A quorum that it reaches has logs no longer than its own. */
  private boolean outvotes(ModelProcess candidate) {
    return supporters(candidate, 0) - supporters(candidate, candidate.index + 1)
        >= state().quorum();
  }

  private void truncate(int to) {
    states.tailMap(to, false).clear();
    writes.subList(to, writes.size()).clear();
    length = to;
    processes.forEach(p -> p.index = Math.min(p.index, to));
    longest.replaceAll((member, index) -> Math.min(index, to));
  }

  private void lead(ModelProcess winner) {
    leader = winner;
    term++;
    if (!monitoring) {
      monitoring = true;
      time.after(Duration.ofMillis(100), this::monitorVersion);
    }
    changed();
  }

  // ---- the log ----

  /** Only when {@link #canCommit()}. */
  void append(State after) {
    writes.add(-1L);
    grow();
    states.put(length, after);
    changed();
  }

  void write(long number) {
    writes.add(number);
    grow();
  }

  private void grow() {
    length++;
    for (ModelProcess process : processes) {
      if (process.alive()
          && process.index == length - 1
          && leader != null
          && reaches(leader, process)) {
        process.index = length;
        longest.put(process.memberId, length);
      }
    }
  }

  private void catchUpLater(ModelProcess process) {
    if (process.catchingUp) {
      return;
    }
    process.catchingUp = true;
    time.after(
        Duration.ofMillis(20 + random.nextInt(400)),
        () -> {
          process.catchingUp = false;
          if (process.alive() && leader != null && reaches(leader, process)) {
            process.index = length;
            longest.put(process.memberId, length);
          }
          changed();
        });
  }

  /** Tells the cluster its name and client URL, through raft; only then clients are served. */
  private void publish(ModelProcess process) {
    if (!canCommit() || !reaches(java.util.Objects.requireNonNull(leader), process)) {
      return;
    }
    process.phase = Phase.SERVING;
    ordinary |= process.config.way() != StartConfig.Way.FORCE;
    Member member = state().members().get(process.memberId);
    if (member != null) {
      append(
          state()
              .with(
                  new Member(
                      member.id(),
                      process.config.name(),
                      member.peerUrls(),
                      List.of(process.config.clientUrl()),
                      member.learner())));
    }
  }

  // ---- versions ----

  /** As the leader does: the cluster runs at the lowest minor version, or goes down to a target. */
  private void monitorVersion() {
    time.after(VERSION_INTERVAL, this::monitorVersion);
    if (!canCommit()) {
      return;
    }
    State now = state();
    Optional<EtcdVersion> lowest = lowest();
    if (now.downgradeTo().isPresent()) {
      EtcdVersion target = now.downgradeTo().get();
      if (!now.version().equals(Optional.of(target))) {
        append(now.withVersion(target));
      } else if (lowest.equals(Optional.of(target)) && allAt(target)) {
        append(now.withDowngrade(Optional.empty()));
      }
    } else if (lowest.isPresent()
        && now.version().map(v -> v.compareTo(lowest.get()) < 0).orElse(true)) {
      append(now.withVersion(lowest.get()));
    }
  }

  private boolean allAt(EtcdVersion target) {
    return processes.stream().allMatch(p -> p.config.version().sameMinor(target));
  }

  /** Empty while some member's version is not known. */
  private Optional<EtcdVersion> lowest() {
    List<EtcdVersion> versions = new ArrayList<>();
    for (Member member : state().members().values()) {
      Optional<ModelProcess> process =
          processes.stream()
              .filter(p -> p.memberId == member.id() && p.alive())
              .filter(p -> leaderOf(p).isPresent())
              .findFirst();
      if (process.isEmpty()) {
        return Optional.empty();
      }
      EtcdVersion version = process.get().config.version();
      versions.add(new EtcdVersion(version.major(), version.minor(), 0));
    }
    return versions.stream().min(Comparator.naturalOrder());
  }
}
