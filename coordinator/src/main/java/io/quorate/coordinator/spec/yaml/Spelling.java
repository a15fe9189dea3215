package io.quorate.coordinator.spec.yaml;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody probably meant. */
public final class Spelling {
  private static final int LONGEST = 64;

  private Spelling() {}

  /** The nearest known word, when it is near: at most a third of its letters differ. */
  public static Optional<String> nearest(String word, Collection<String> known) {
    if (word.length() > LONGEST) {
      return Optional.empty();
    }
    return known.stream()
        .min(Comparator.<String>comparingInt(k -> distance(word, k)).thenComparing(k -> k))
        .filter(k -> distance(word, k) <= Math.max(1, k.length() / 3));
  }

  /**
   * Letters to insert, drop, replace or swap with their neighbour. Case and dashes count for
   * nothing.
   */
  public static int distance(String left, String right) {
    String a = plain(left);
    String b = plain(right);
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 || j == 0 ? i + j : best(a, b, cost, i, j);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int best(String a, String b, int[][] cost, int i, int j) {
    int differ = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
    int best = Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + differ);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
  }

  private static String plain(String word) {
    return word.replaceAll("[-_]", "").toLowerCase(java.util.Locale.ROOT);
  }
}
