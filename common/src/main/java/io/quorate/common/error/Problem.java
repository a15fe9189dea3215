package io.quorate.common.error;

import java.util.List;

/**
 * A refusal, a wait or a warning for people and scripts: what is wrong, in one sentence; what
 * caused it; what state things are in now; and what to do, as commands to paste where that is
 * possible.
 */
public record Problem(
    Code code, String sentence, List<String> causes, String state, List<String> remedies) {
  public Problem {
    causes = List.copyOf(causes);
    remedies = List.copyOf(remedies);
  }

  public static Problem of(Code code, String sentence) {
    return new Problem(code, sentence, List.of(), "", List.of());
  }

  public Problem withCause(String cause) {
    List<String> more = new java.util.ArrayList<>(causes);
    more.add(cause);
    return new Problem(code, sentence, more, state, remedies);
  }

  public Problem withState(String newState) {
    return new Problem(code, sentence, causes, newState, remedies);
  }

  public Problem withRemedy(String remedy) {
    List<String> more = new java.util.ArrayList<>(remedies);
    more.add(remedy);
    return new Problem(code, sentence, causes, state, more);
  }

  public QuorateException asException() {
    return new QuorateException(this);
  }
}
