package io.quorate.common.wire;

import java.util.OptionalInt;

/** The versions of the protocol that this build speaks, and the bounds that both sides keep. */
public final class Protocol {
  private static final int LOWEST = 1;
  private static final int HIGHEST = 1;

  /** No message of either side is larger; more is answered with RESOURCE_EXHAUSTED. */
  public static final int LARGEST_MESSAGE = 1024 * 1024;

  /** How many bytes of a release or snapshot travel in one message. */
  public static final int CHUNK = 256 * 1024;

  private Protocol() {}

  /**
   * Asked for, not copied into whoever asks by the compiler: a test runs an agent of another
   * version by putting another one of this class before it.
   */
  public static int lowest() {
    return LOWEST;
  }

  public static int highest() {
    return HIGHEST;
  }

  /** The highest version that both speak, when there is one. */
  public static OptionalInt common(int otherLowest, int otherHighest) {
    int highest = Math.min(HIGHEST, otherHighest);
    return highest >= LOWEST && highest >= otherLowest
        ? OptionalInt.of(highest)
        : OptionalInt.empty();
  }
}
