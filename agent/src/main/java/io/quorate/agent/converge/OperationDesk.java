package io.quorate.agent.converge;

import io.quorate.agent.operate.Operations;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes operations and answers each call for one exactly once: a refusal at once, a stored outcome
 * at once, and otherwise when it is done. One that is under way is not begun again.
 */
final class OperationDesk {
  private static final Logger LOG = LoggerFactory.getLogger(OperationDesk.class);

  private final Journal journal;
  private final Operations operations;
  private final InstantSource clock;
  private final Map<String, List<Consumer<OperationOutcome>>> underWay = new HashMap<>();

  OperationDesk(Journal journal, Operations operations, InstantSource clock) {
    this.journal = journal;
    this.operations = operations;
    this.clock = clock;
  }

  void take(Operation operation, Consumer<OperationOutcome> answer) {
    Thread.ofVirtual().name("operation").start(() -> admit(operation, answer));
  }

  private void admit(Operation operation, Consumer<OperationOutcome> answer) {
    Optional<OperationOutcome> known;
    synchronized (this) {
      try {
        known = journal.admit(operation);
        if (known.isEmpty() && clock.instant().isAfter(operation.expires())) {
          throw Problem.of(Code.Q2003, "the operation expired at " + operation.expires())
              .asException();
        }
      } catch (QuorateException e) {
        known = Optional.of(refusal(operation, e.problem()));
      }
      if (known.isEmpty()) {
        List<Consumer<OperationOutcome>> waiting = underWay.get(operation.id());
        if (waiting != null) {
          waiting.add(answer);
          return;
        }
        underWay.put(operation.id(), new ArrayList<>(List.of(answer)));
      }
    }
    if (known.isPresent()) {
      answer.accept(known.get());
    } else {
      perform(operation);
    }
  }

  private void perform(Operation operation) {
    OperationOutcome outcome;
    try {
      outcome = operations.perform(operation);
    } catch (QuorateException e) {
      outcome = refusal(operation, e.problem());
    } catch (RuntimeException e) {
      LOG.error("operation {} failed; please report this", operation.id(), e);
      outcome = refusal(operation, Problem.of(Code.Q2002, "the agent failed at it: " + e));
    }
    List<Consumer<OperationOutcome>> waiting;
    synchronized (this) {
      try {
        journal.done(operation, outcome);
      } catch (QuorateException e) {
        outcome = refusal(operation, e.problem()); // not durable, so it may be asked for again
      }
      List<Consumer<OperationOutcome>> listeners = underWay.remove(operation.id());
      waiting = listeners == null ? List.of() : listeners;
    }
    for (Consumer<OperationOutcome> answer : waiting) {
      answer.accept(outcome);
    }
    try {
      operations.cleanUp(operation);
    } catch (IOException e) {
      LOG.warn("scratch files of operation {} stay behind", operation.id(), e);
    }
  }

  private static OperationOutcome refusal(Operation operation, Problem problem) {
    return new OperationOutcome(
        operation.id(),
        operation.epoch(),
        Optional.of(problem.code()),
        problem.sentence(),
        new TreeMap<>());
  }
}
