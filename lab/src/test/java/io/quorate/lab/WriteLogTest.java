package io.quorate.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Nothing that a cluster may do to writes goes unseen. */
class WriteLogTest {
  private final WriteLog log = new WriteLog();

  WriteLogTest() {
    log.begin(0);
    for (long number = 0; number < 4; number++) {
      log.begun();
      log.attempt();
    }
    log.acknowledged(0, 0, 2_000_000);
    log.acknowledged(1, 1_000_000, 9_000_000);
    log.acknowledged(2, 9_000_000, 10_000_000);
    log.failed(3);
    log.silenceUntil(11_000_000);
  }

  @Test
  void allThere() {
    WritingSummary summary = compared(Map.of(0L, true, 1L, true, 2L, true), 0);
    assertTrue(summary.nothingLost());
    assertEquals(4, summary.attempted());
    assertEquals(3, summary.acknowledged());
    assertEquals(1, summary.failed());
    assertEquals(0, summary.retries());
    assertEquals(2, summary.medianMillis());
    assertEquals(8, summary.worstMillis());
    assertEquals(7, summary.longestSilenceMillis());
    assertEquals(summary, WritingSummary.parse(summary.toJson()));
  }

  @Test
  void failedButThereIsNoFault() {
    WritingSummary summary = compared(Map.of(0L, true, 1L, true, 2L, true, 3L, true), 0);
    assertTrue(summary.nothingLost());
    assertEquals(1, summary.failedButThere());
  }

  @Test
  void lost() {
    WritingSummary summary = compared(Map.of(0L, true, 1L, true), 0);
    assertFalse(summary.nothingLost());
    assertEquals(1, summary.lost());
  }

  @Test
  void changed() {
    WritingSummary summary = compared(Map.of(0L, true, 1L, false, 2L, true), 0);
    assertFalse(summary.nothingLost());
    assertEquals(1, summary.wrong());
  }

  @Test
  void neverWritten() {
    WritingSummary summary = compared(Map.of(0L, true, 1L, true, 2L, true, 7L, true), 1);
    assertFalse(summary.nothingLost());
    assertEquals(2, summary.foreign());
  }

  @Test
  void notReadBackIsNotWell() {
    assertFalse(log.summary(false, new WriteLog.Verdict(0, 0, 0, 0)).nothingLost());
  }

  private WritingSummary compared(Map<Long, Boolean> found, long unknownKeys) {
    return log.summary(true, log.compare(found, unknownKeys));
  }
}
