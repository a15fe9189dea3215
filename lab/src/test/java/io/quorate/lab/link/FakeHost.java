package io.quorate.lab.link;

import io.quorate.agent.reconcile.HostAgent;
import io.quorate.common.model.HostConfig;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A host that takes everything and answers operations as it is told. */
final class FakeHost implements HostAgent {
  final BlockingQueue<HostConfig> documents = new LinkedBlockingQueue<>();
  final BlockingQueue<Operation> operations = new LinkedBlockingQueue<>();
  volatile Function<Operation, Optional<OperationOutcome>> answer =
      operation -> Optional.of(done(operation));
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final AtomicLong sequence = new AtomicLong();
  private volatile long epoch;
  private volatile long generation;
  private volatile @Nullable HostConfig document;

  static OperationOutcome done(Operation operation) {
    return new OperationOutcome(
        operation.id(), operation.epoch(), Optional.empty(), "done", new TreeMap<>());
  }

  void change() {
    listeners.forEach(Runnable::run);
  }

  @Override
  public void desired(HostConfig document) {
    epoch = document.epoch();
    generation = document.generation();
    this.document = document;
    documents.add(document);
    change();
  }

  @Override
  public void operation(Operation operation, Consumer<OperationOutcome> outcome) {
    // As it is told now: who sees the operation may tell it something else for the next.
    Optional<OperationOutcome> now = answer.apply(operation);
    operations.add(operation);
    now.ifPresent(outcome);
  }

  @Override
  public HostReport report() {
    return new HostReport(
        sequence.incrementAndGet(),
        Instant.ofEpochMilli(System.currentTimeMillis()),
        epoch,
        generation,
        List.of(),
        List.of(),
        new HostReport.Load(0, 1, 1),
        List.of());
  }

  @Override
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  public long epoch() {
    return epoch;
  }

  @Override
  public long generation() {
    return generation;
  }

  @Override
  public Optional<HostConfig> document() {
    return Optional.ofNullable(document);
  }

  @Override
  public void close() {}
}
