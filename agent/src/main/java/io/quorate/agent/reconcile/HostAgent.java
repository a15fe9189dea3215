package io.quorate.agent.reconcile;

import io.quorate.common.model.HostConfig;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Everything that the link to the coordinator needs of the host. Thread-safe; only {@link #desired}
 * and {@link #operation} touch the disk (the journal), nothing waits for convergence.
 */
public interface HostAgent extends AutoCloseable {
  /**
   * Takes a document, durably, and begins to converge to it.
   *
   * @throws io.quorate.common.error.QuorateException Q2001 when it is older than what this host has
   *     seen, or another document under the same generation
   */
  void desired(HostConfig document);

  /**
   * Runs an operation and hands over its outcome, from another thread, exactly once for each call.
   * The same id again gets the stored outcome, or waits for the run under way; refusals are
   * outcomes too.
   */
  void operation(Operation operation, Consumer<OperationOutcome> outcome);

  /** The host as last observed; cheap. */
  HostReport report();

  /** Called, from any thread, whenever a new report would say something new. */
  void onChange(Runnable listener);

  /** The highest epoch durably seen. */
  long epoch();

  /** The highest generation durably seen. */
  long generation();

  /** What is in force; empty before the first, or when it was written by another version. */
  Optional<HostConfig> document();

  /** Ends the agent's own work and nothing else: every etcd runs on. */
  @Override
  void close();
}
