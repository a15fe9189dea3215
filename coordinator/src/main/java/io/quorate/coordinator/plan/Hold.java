package io.quorate.coordinator.plan;

import io.quorate.common.error.Code;

/**
 * Why a step must wait or is refused: a code from docs/errors.md, a sentence for people, and what
 * they can do.
 */
public record Hold(Code code, String sentence, String remedy) {
  public static Hold of(Code code, String sentence) {
    return new Hold(code, sentence, "");
  }
}
