package io.quorate.coordinator.cli.activity;

import java.util.List;

/** Finds what is new in the last lines of a log, given its last lines a moment ago. */
final class LogTail {
  private LogTail() {}

  /** The lines after the longest end of the old ones that the new ones begin with or contain. */
  static List<String> fresh(List<String> before, List<String> now) {
    for (int overlap = Math.min(before.size(), now.size()); overlap > 0; overlap--) {
      List<String> end = before.subList(before.size() - overlap, before.size());
      if (now.subList(0, overlap).equals(end)) {
        return now.subList(overlap, now.size());
      }
    }
    return now;
  }
}
