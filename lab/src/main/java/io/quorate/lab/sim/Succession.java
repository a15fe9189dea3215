package io.quorate.lab.sim;

import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Seed;
import io.quorate.coordinator.etcd.model.ModelProcess;
import io.quorate.coordinator.plan.ClusterView.Issued;
import io.quorate.coordinator.plan.Intent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What must hold when a cluster begins anew, from a snapshot or from one survivor.
 *
 * <ol>
 *   <li>Once the new cluster has served, the old one never does again: not for a moment, and not
 *       from hosts that come back.
 *   <li>A host that boots after it was fenced starts nothing from old data, once a member of the
 *       new one was started. Before that, all of the old cluster may come back as it was.
 *   <li>Before a new cluster is forced out of data, that data has been copied aside as it is; and
 *       it holds whatever the old one acknowledged since the recovery was asked for, if anybody who
 *       can be heard does: it cannot be known of those that cannot (decision 0018).
 *   <li>At the end the new cluster holds all that it was to begin with, and all that it has
 *       acknowledged; restored from a snapshot, nothing else.
 *   <li>A recovery that is called off leaves the old one, with all that it has acknowledged.
 *   <li>No data that there was before is gone: what is not in use lies aside.
 * </ol>
 */
final class Succession {
  private final World world;
  private Optional<Began> began = Optional.empty();
  private boolean started;
  private boolean succeeded;

  /**
   * @param old the histories that are to end
   * @param content what the new one is to begin with
   * @param exactly whether it begins with nothing else
   * @param acknowledged by the old ones until then
   * @param data what lay where when it was asked for
   */
  private record Began(
      Set<Long> old,
      List<Long> content,
      boolean exactly,
      Set<Long> acknowledged,
      Map<SimHost, List<String>> data,
      Instant asked) {}

  Succession(World world) {
    this.world = world;
  }

  boolean isUnderWay() {
    return began.isPresent();
  }

  /** It is asked for now; asked again, what there is by now is old as well. */
  void begins(List<Long> content, boolean exactly) {
    Set<Long> old = new HashSet<>(world.etcd().histories());
    Map<SimHost, List<String>> data = new TreeMap<>(java.util.Comparator.comparing(SimHost::name));
    for (SimHost host : world.hosts().values()) {
      List<String> held = new ArrayList<>(host.agent().data());
      host.agent().process().map(ModelProcess::data).ifPresent(held::add);
      data.put(host, held.stream().map(Succession::identity).distinct().toList());
    }
    Set<Long> acknowledged = new HashSet<>();
    old.forEach(history -> acknowledged.addAll(world.etcd().acknowledged(history)));
    began =
        Optional.of(
            new Began(
                old, List.copyOf(content), exactly, acknowledged, data, world.time().instant()));
    started = false;
    succeeded = false;
  }

  /** Which member of which history. */
  private static String identity(String data) {
    return data.substring(0, data.lastIndexOf(' ') + 1);
  }

  /** Whether data is of what is to end, or has ended. */
  boolean isOld(String data) {
    return isOld(world.etcd().historyOf(data));
  }

  private boolean isOld(long history) {
    return began.filter(b -> b.old.contains(history)).isPresent();
  }

  // ---- at every start ----

  Optional<String> beforeStart(SimHost host, SimStart start) {
    if (began.isEmpty() || start.data().isEmpty()) {
      return Optional.empty();
    }
    if (!isOld(start.data())) {
      started = true;
      return Optional.empty();
    }
    if (start.forced()) {
      started = true;
      return beforeForce(host, start);
    }
    return fencedSince(host)
        .filter(since -> started && host.booted().isAfter(since))
        .map(since -> "%s was fenced, booted, and starts old data".formatted(host.name()));
  }

  private Optional<String> beforeForce(SimHost host, SimStart start) {
    if (!start.aside().contains(start.data())) {
      return Optional.of("%s is forced without a copy of its data".formatted(host.name()));
    }
    Set<Long> since = new HashSet<>(world.etcd().acknowledged(historyOf(start)));
    since.removeAll(began.orElseThrow().acknowledged);
    since.removeAll(world.etcd().contentOf(start.data()));
    return world.hosts().values().stream().anyMatch(h -> isHeard(h) && holdsAny(h, since))
        ? Optional.of("writes are lost that were acknowledged after the recovery began")
        : Optional.empty();
  }

  /** Since before anybody was told to begin. */
  private boolean isHeard(SimHost host) {
    Optional<Instant> told =
        world.store().documents().of(Scenario.CLUSTER).values().stream()
            .filter(i -> i.document().data().seed() instanceof Seed.Forced)
            .map(Issued::at)
            .findFirst();
    return world
        .coordinator()
        .flatMap(coordinator -> coordinator.link().heardSince(host.name()))
        .filter(since -> told.filter(since::isBefore).isPresent())
        .isPresent();
  }

  private boolean holdsAny(SimHost host, Set<Long> writes) {
    return host.agent().data().stream()
        .anyMatch(data -> world.etcd().contentOf(data).stream().anyMatch(writes::contains));
  }

  private long historyOf(SimStart start) {
    return world.etcd().historyOf(start.data());
  }

  private Optional<Instant> fencedSince(SimHost host) {
    return Optional.ofNullable(world.store().documents().of(Scenario.CLUSTER).get(host.name()))
        .filter(issued -> !issued.at().isBefore(began.orElseThrow().asked))
        .filter(issued -> issued.document().conduct().run() != MemberConfig.Run.RUNNING)
        .map(Issued::at);
  }

  // ---- between events ----

  Optional<String> always() {
    if (began.isEmpty()) {
      return Optional.empty();
    }
    List<Long> serving = world.etcd().servingClusters();
    succeeded |= serving.stream().anyMatch(history -> !isOld(history));
    return succeeded && serving.stream().anyMatch(this::isOld)
        ? Optional.of("the old cluster serves again: %s".formatted(serving))
        : Optional.empty();
  }

  // ---- at the end ----

  List<String> atTheEnd() {
    List<String> found = new ArrayList<>();
    List<Long> serving = world.etcd().servingClusters();
    if (calledOff() && serving.size() == 1) {
      return asItWas(serving.getFirst());
    }
    if (began.isEmpty() || serving.size() != 1 || isOld(serving.getFirst())) {
      found.add("it did not begin anew: %s serve".formatted(serving));
      return found;
    }
    Began begun = began.get();
    long history = serving.getFirst();
    List<Long> holds = world.etcd().content(history);
    Set<Long> due = new HashSet<>(begun.content);
    due.addAll(world.etcd().acknowledged(history));
    if (!new HashSet<>(holds).containsAll(due)) {
      found.add("the new cluster lost what it was to begin with, or what it acknowledged");
    }
    if (begun.exactly && !due.containsAll(holds)) {
      found.add("the new cluster holds what was not in the snapshot");
    }
    begun.data.forEach((host, data) -> found.addAll(gone(host, data)));
    return found;
  }

  /** A recovery that turned out not to be needed, or was not wanted any more. */
  private boolean calledOff() {
    Intent.Foundation foundation =
        world.store().clusters().find(Scenario.CLUSTER).orElseThrow().intent().foundation();
    return began.filter(b -> !b.exactly).isPresent()
        && foundation.formed()
        && foundation.seed() instanceof Seed.Empty;
  }

  private List<String> asItWas(long history) {
    List<String> found = new ArrayList<>();
    if (started || !isOld(history)) {
      found.add("it was called off, and something began anew");
    }
    if (!world.etcd().holdsEverything(history)) {
      found.add("it was called off, and lost writes that it had acknowledged");
    }
    began.orElseThrow().data.forEach((host, data) -> found.addAll(gone(host, data)));
    return found;
  }

  private List<String> gone(SimHost host, List<String> data) {
    if (host.lost()) {
      return List.of();
    }
    List<String> there = new ArrayList<>(host.agent().data());
    there.addAll(host.agent().aside());
    return data.stream()
        .filter(before -> there.stream().noneMatch(now -> now.startsWith(before)))
        .map(before -> "data of %sare gone from %s".formatted(before, host.name()))
        .toList();
  }
}
