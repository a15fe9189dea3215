package io.quorate.agent.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.common.model.HostReport.Fsync;
import io.quorate.common.model.HostReport.Histogram;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LatencyWindowTest {
  private final LatencyWindow window = new LatencyWindow(32);
  private long now;

  @Test
  void nothingMeasuredIsNone() {
    assertEquals(Fsync.none(), window.summary(now));
  }

  @Test
  void percentilesAreLatenciesThatWereSeen() {
    for (int millis = 1; millis <= 20; millis++) {
      append(Duration.ofMillis(millis));
    }
    assertEquals(new Fsync(20, 10_000, 18_000, 20_000, 20_000), window.summary(now));
  }

  @Test
  void whatIsOlderThanAMinuteIsForgotten() {
    append(Duration.ofMillis(500));
    wait(Duration.ofSeconds(40));
    append(Duration.ofMillis(3));
    assertEquals(new Fsync(2, 3_000, 500_000, 500_000, 500_000), window.summary(now));
    wait(Duration.ofSeconds(21));
    assertEquals(new Fsync(1, 3_000, 3_000, 3_000, 3_000), window.summary(now));
    wait(Duration.ofSeconds(60));
    assertEquals(Fsync.none(), window.summary(now));
  }

  @Test
  void itHoldsNoMoreThanItsCapacity() {
    for (int i = 0; i < 100; i++) {
      append(Duration.ofMillis(i < 68 ? 900 : 2));
    }
    assertEquals(new Fsync(32, 2_000, 2_000, 2_000, 2_000), window.summary(now));
  }

  @Test
  void aHangingAppendIsSeenBeforeItEnds() {
    append(Duration.ofMillis(2));
    window.started(now);
    wait(Duration.ofMillis(999));
    assertEquals(1, window.summary(now).samples());
    wait(Duration.ofSeconds(9));
    assertEquals(9_999_000, window.summary(now).maxMicros());
    window.ended(now);
    assertEquals(new Fsync(2, 2_000, 9_999_000, 9_999_000, 9_999_000), window.summary(now));
  }

  @Test
  void aFailedAppendIsNoSample() {
    window.started(now);
    wait(Duration.ofSeconds(5));
    window.failed();
    assertEquals(Fsync.none(), window.summary(now));
  }

  private void append(Duration takes) {
    window.started(now);
    wait(takes);
    window.ended(now);
  }

  private void wait(Duration time) {
    now += time.toNanos();
  }

  @Test
  void countsAllThatHaveEndedByHowLongTheyTook() {
    LatencyWindow window = new LatencyWindow(2);
    long now = 0;
    for (long millis : new long[] {1, 2, 3, 3, 2_000}) {
      window.started(now);
      now += millis * 1_000_000;
      window.ended(now);
    }
    Histogram all = window.all();
    assertEquals(List.of(1L, 1L, 2L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 1L), all.counts());
    assertEquals(2_009_000, all.sumMicros());
  }
}
