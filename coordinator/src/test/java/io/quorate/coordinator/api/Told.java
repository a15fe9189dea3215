package io.quorate.coordinator.api;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Writes down what was asked, and answers it, or refuses what it is told to refuse. */
final class Told {
  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
  private final ConcurrentMap<String, Problem> refusals = new ConcurrentHashMap<>();
  private volatile boolean faulty;

  List<String> calls() {
    return List.copyOf(calls);
  }

  void refuse(String call, Problem problem) {
    refusals.put(call, problem);
  }

  void faulty() {
    faulty = true;
  }

  /** Only the cluster prod is known. */
  <T> T answer(String call, String cluster, T answer) {
    if (!cluster.equals("prod")) {
      throw Problem.of(Code.Q1303, "there is no cluster " + cluster).asException();
    }
    return answer(call, answer);
  }

  <T> T answer(String call, T answer) {
    calls.add(call);
    if (faulty) {
      throw new IllegalStateException("a bug with a secret in its message");
    }
    Problem refusal =
        refusals.get(call.contains(" ") ? call.substring(0, call.indexOf(' ')) : call);
    if (refusal != null) {
      throw new QuorateException(refusal);
    }
    return answer;
  }
}
