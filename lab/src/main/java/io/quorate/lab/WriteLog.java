package io.quorate.lab;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What became of each write, by its number; the values follow from the numbers. */
final class WriteLog {
  private final Set<Long> acknowledged = new HashSet<>();
  private final Set<Long> failed = new HashSet<>();
  private final List<Long> latencies = new ArrayList<>();
  private final Map<String, Long> errors = new HashMap<>();
  private long attempted;
  private long attempts;
  private long lastAcknowledgement;
  private long longestSilence;

  /** What reading everything back found. */
  record Verdict(long lost, long wrong, long foreign, long failedButThere) {}

  /** Silence counts from here. */
  synchronized void begin(long now) {
    lastAcknowledgement = now;
  }

  synchronized void begun() {
    attempted++;
  }

  synchronized void attempt() {
    attempts++;
  }

  synchronized void error(String text) {
    errors.merge(text, 1L, Long::sum);
  }

  synchronized void acknowledged(long number, long due, long now) {
    acknowledged.add(number);
    latencies.add(now - due);
    silenceUntil(now);
    lastAcknowledgement = now;
  }

  synchronized void failed(long number) {
    failed.add(number);
  }

  /** The end of writing: silence up to now counts. */
  synchronized void silenceUntil(long now) {
    longestSilence = Math.max(longestSilence, now - lastAcknowledgement);
  }

  /** Compares with what was read back: for each number whether its value was right. */
  synchronized Verdict compare(Map<Long, Boolean> found, long unknownKeys) {
    long wrong = found.values().stream().filter(right -> !right).count();
    long lost = acknowledged.stream().filter(number -> !found.containsKey(number)).count();
    long foreign =
        found.keySet().stream()
            .filter(number -> !acknowledged.contains(number) && !failed.contains(number))
            .count();
    long failedButThere = failed.stream().filter(found::containsKey).count();
    return new Verdict(lost, wrong, foreign + unknownKeys, failedButThere);
  }

  synchronized WritingSummary summary(boolean verified, Verdict verdict) {
    List<Long> sorted = new ArrayList<>(latencies);
    Collections.sort(sorted);
    return new WritingSummary(
        attempted,
        acknowledged.size(),
        failed.size(),
        attempts - attempted,
        verified,
        verdict.lost(),
        verdict.wrong(),
        verdict.foreign(),
        verdict.failedButThere(),
        millis(quantile(sorted, 0.5)),
        millis(quantile(sorted, 0.99)),
        millis(quantile(sorted, 1)),
        millis(longestSilence),
        errors);
  }

  private static long quantile(List<Long> sorted, double quantile) {
    return sorted.isEmpty() ? 0 : sorted.get((int) Math.round(quantile * (sorted.size() - 1)));
  }

  private static double millis(long nanoseconds) {
    return Math.round(nanoseconds / 10_000.0) / 100.0;
  }
}
