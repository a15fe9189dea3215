package io.quorate.agent.converge;

/**
 * Gives memory back that work has left behind, because the host belongs to etcd: one full
 * collection when everything has been quiet for a while after work, which shrinks the heap, and
 * then one an hour.
 */
final class GivingBack {
  /** In quiet turns, of a second each. */
  private static final int QUIET = 20;

  private static final int HOUR = 60 * 60;

  private int quiet;

  void turn(boolean settled) {
    quiet = settled ? quiet + 1 : 0;
    if (quiet == QUIET || quiet > HOUR) {
      System.gc();
      quiet = QUIET;
    }
  }
}
