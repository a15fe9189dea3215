package io.quorate.coordinator.desk;

import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import io.quorate.coordinator.store.Operations.Sent;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends an operation for somebody who waits for its outcome. */
public final class Asking {
  private final Office office;
  private final long epoch;
  private final Duration patience;
  private final Map<String, CompletableFuture<OperationOutcome>> waiting =
      new ConcurrentHashMap<>();

  public Asking(Office office, long epoch, Duration patience) {
    this.office = office;
    this.epoch = epoch;
    this.patience = patience;
  }

  Optional<OperationOutcome> ask(
      HostName host,
      Optional<ClusterName> cluster,
      Optional<MemberName> member,
      Operation.Task task) {
    return ask(host, cluster, member, task, patience);
  }

  /** Empty when there was no outcome in time; it may still come, and is then in the store. */
  Optional<OperationOutcome> ask(
      HostName host,
      Optional<ClusterName> cluster,
      Optional<MemberName> member,
      Operation.Task task,
      Duration time) {
    Instant now = office.now();
    // The id of what saves a snapshot becomes the snapshot's name.
    String kind =
        switch (task) {
          case Operation.SaveSnapshot save -> "snap-";
          case Operation.SalvageData salvage -> "data-";
          default -> "ask-";
        };
    Operation operation = new Operation(kind + Office.fresh(8), epoch, now.plus(time), task);
    CompletableFuture<OperationOutcome> outcome = new CompletableFuture<>();
    waiting.put(operation.id(), outcome);
    try {
      office
          .store()
          .operations()
          .add(new Sent(operation, host, cluster, member, now, Optional.empty(), Optional.empty()));
      office.agents().send(host, operation);
      return Optional.of(outcome.get(time.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      waiting.remove(operation.id());
    }
  }

  /** To be called for each outcome that comes in, after it is stored. */
  public void arrived(OperationOutcome outcome) {
    CompletableFuture<OperationOutcome> someone = waiting.get(outcome.operationId());
    if (someone != null) {
      someone.complete(outcome);
    }
  }
}
