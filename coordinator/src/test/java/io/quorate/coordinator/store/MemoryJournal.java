package io.quorate.coordinator.store;

import io.quorate.common.model.ClusterName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

final class MemoryJournal implements Journal {
  private final MemoryStore.Locked lock;
  private final Map<String, Plan> plans = new HashMap<>();
  private final SortedMap<Long, Rollout> rollouts = new TreeMap<>();
  private final Map<Long, SortedMap<Integer, StepEntry>> steps = new HashMap<>();
  private final List<Event> events = new ArrayList<>();
  private long lastEvent;

  MemoryJournal(MemoryStore.Locked lock) {
    this.lock = lock;
  }

  @Override
  public void addPlan(Plan plan) {
    lock.run(() -> plans.put(plan.id(), plan));
  }

  @Override
  public Optional<Plan> plan(String id) {
    return lock.call(() -> Optional.ofNullable(plans.get(id)));
  }

  @Override
  public long begin(Rollout rollout) {
    return lock.call(
        () -> {
          long id = rollouts.isEmpty() ? 1 : rollouts.lastKey() + 1;
          rollouts.put(id, numbered(rollout, id));
          return id;
        });
  }

  @Override
  public void save(Rollout rollout) {
    lock.run(
        () -> {
          if (rollouts.replace(rollout.id(), rollout) == null) {
            throw new IllegalArgumentException("no rollout " + rollout.id());
          }
        });
  }

  @Override
  public List<Rollout> rollouts(ClusterName cluster, int limit) {
    return lock.call(
        () ->
            List.copyOf(rollouts.values()).reversed().stream()
                .filter(rollout -> rollout.cluster().equals(cluster))
                .limit(limit)
                .toList());
  }

  @Override
  public Optional<Rollout> open(ClusterName cluster) {
    return lock.call(
        () ->
            List.copyOf(rollouts.values()).reversed().stream()
                .filter(r -> r.cluster().equals(cluster) && r.ended().isEmpty())
                .findFirst());
  }

  @Override
  public void save(StepEntry step) {
    lock.run(
        () -> {
          if (!rollouts.containsKey(step.rollout())) {
            throw new IllegalArgumentException("no rollout " + step.rollout());
          }
          steps.computeIfAbsent(step.rollout(), id -> new TreeMap<>()).put(step.number(), step);
        });
  }

  @Override
  public List<StepEntry> steps(long rollout) {
    return lock.call(() -> List.copyOf(steps.getOrDefault(rollout, new TreeMap<>()).values()));
  }

  @Override
  public void add(Event event) {
    lock.run(
        () -> {
          lastEvent = event.id() == 0 ? lastEvent + 1 : Math.max(lastEvent, event.id());
          long id = event.id() == 0 ? lastEvent : event.id();
          events.add(
              new Event(
                  id,
                  event.at(),
                  event.cluster(),
                  event.severity(),
                  event.code(),
                  event.subject(),
                  event.text()));
        });
  }

  @Override
  public List<Event> events(Optional<ClusterName> cluster, long afterId, int limit) {
    return lock.call(
        () -> {
          List<Event> found =
              events.stream()
                  .filter(event -> event.id() > afterId)
                  .filter(event -> cluster.isEmpty() || event.cluster().equals(cluster))
                  .toList();
          return List.copyOf(found.subList(Math.max(0, found.size() - limit), found.size()));
        });
  }

  private static Rollout numbered(Rollout rollout, long id) {
    return new Rollout(
        id,
        rollout.cluster(),
        rollout.title(),
        rollout.fromRevision(),
        rollout.toRevision(),
        rollout.state(),
        rollout.started(),
        rollout.ended(),
        rollout.by(),
        rollout.plannedSteps());
  }
}
