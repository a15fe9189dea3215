package io.quorate.agent.session;

import io.quorate.common.model.OperationOutcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Outcomes that the coordinator has not acknowledged yet, across streams. Not across restarts: an
 * operation without an outcome is sent again then, and the host answers it from its journal.
 */
final class OutcomeBox {
  private static final int LARGEST = 256;
  private final Map<String, OperationOutcome> waiting = new LinkedHashMap<>();

  /** Beyond its size the oldest is left to being asked for again. */
  synchronized void add(OperationOutcome outcome) {
    waiting.put(outcome.operationId(), outcome);
    if (waiting.size() > LARGEST) {
      waiting.remove(waiting.keySet().iterator().next());
    }
  }

  synchronized void received(String operationId) {
    waiting.remove(operationId);
  }

  synchronized List<OperationOutcome> waiting() {
    return List.copyOf(waiting.values());
  }
}
