package io.quorate.common.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class LastWordsTest {
  @Test
  void theLastFatalLineCountsInItsOwnWords() {
    assertEquals(
        "discovery failed: auth: invalid \\\"options\\\"",
        words(
            "{\"level\":\"info\",\"msg\":\"starting\"}",
            "{\"level\":\"fatal\",\"msg\":\"discovery failed\",\"error\":\"auth: invalid \\\"options\\\"\",\"stacktrace\":\"main\"}",
            "trailing noise"));
  }

  @Test
  void whatIsNoJsonIsTakenAsItIs() {
    assertEquals("panic: tocommit(9) is out of range", words("panic: tocommit(9) is out of range"));
    assertEquals("", words());
    assertEquals("a?b", words("a\u001bb"));
  }

  private static String words(String... lines) {
    return new HostReport.Failure(1, List.of(lines)).lastWords();
  }
}
