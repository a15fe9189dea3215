package io.quorate.common.model;

import io.quorate.common.error.Code;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What became of an operation. Facts are named in the documentation of the operation. */
public record OperationOutcome(
    String operationId,
    long epoch,
    Optional<Code> failure,
    String sentence,
    SortedMap<String, String> facts) {
  public OperationOutcome {
    facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
  }

  public boolean succeeded() {
    return failure.isEmpty();
  }
}
