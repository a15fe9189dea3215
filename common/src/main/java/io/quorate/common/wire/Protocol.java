package io.quorate.common.wire;

import java.util.OptionalInt;

/** The versions of the protocol that this build speaks, and the bounds that both sides keep. */
public final class Protocol {
  public static final int LOWEST = 1;
  public static final int HIGHEST = 1;

  /** No message of either side is larger; more is answered with RESOURCE_EXHAUSTED. */
  public static final int LARGEST_MESSAGE = 1024 * 1024;

  /** How many bytes of a release or snapshot travel in one message. */
  public static final int CHUNK = 256 * 1024;

  private Protocol() {}

  /** The highest version that both speak, when there is one. */
  public static OptionalInt common(int otherLowest, int otherHighest) {
    int highest = Math.min(HIGHEST, otherHighest);
    return highest >= LOWEST && highest >= otherLowest
        ? OptionalInt.of(highest)
        : OptionalInt.empty();
  }
}
