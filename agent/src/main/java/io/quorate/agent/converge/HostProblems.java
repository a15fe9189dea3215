package io.quorate.agent.converge;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import java.io.IOException;

/** What an operating system's refusal means to an operator. */
final class HostProblems {
  private HostProblems() {}

  static boolean full(IOException e) {
    String words = String.valueOf(e.getMessage());
    return words.contains("No space left") || words.contains("Disk quota exceeded");
  }

  static QuorateException of(IOException e, String doing) {
    String words = String.valueOf(e.getMessage());
    if (full(e)) {
      Problem full =
          Problem.of(Code.Q2014, "no space left to %s: %s".formatted(doing, words))
              .withState("what was there is unchanged")
              .withRemedy("free space in that file system");
      return new QuorateException(full, e);
    }
    Problem refused =
        Problem.of(
                Code.Q2020,
                "cannot %s: %s %s".formatted(doing, e.getClass().getSimpleName(), words))
            .withState("what was there is unchanged");
    return new QuorateException(refused, e);
  }
}
