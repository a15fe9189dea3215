package io.quorate.coordinator.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.quorate.coordinator.spec.yaml.SpecProblem;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes in: coded problems come out, in bounded time, and never an exception. */
final class SpecFuzzTest {
  private static final int SEEDS = 1500;
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final List<String> SNIPPETS =
      List.of(
          "\n",
          "\r\n",
          "\t",
          " ",
          "  ",
          ": ",
          ":",
          "- ",
          "? ",
          "{",
          "}",
          "[",
          "]",
          ",",
          "#",
          "|",
          ">",
          "|+9\n",
          "'",
          "\"",
          "\\",
          "\\u0000",
          "&a ",
          "*a",
          "<<: ",
          "!!binary ",
          "!<x> ",
          "%",
          "%YAML 1.2\n---\n",
          "---\n",
          "...\n",
          "~",
          "null",
          "true",
          "0",
          "-1",
          "1e999",
          ".inf",
          ".nan",
          "0x7f",
          "9223372036854775808",
          "\u0000",
          "\u0085",
          "\u2028",
          "\uFEFF",
          "\ud83d",
          "\ude80",
          "é",
          "members:",
          "etcd:",
          "ports: {",
          "version: 3.6.15\n",
          "8GiB",
          "1h",
          "@",
          "`",
          "name: a\n",
          "../",
          "999999999d999999999d",
          "{{{{",
          "[[[[[[[[[[[[",
          "- - - - - - -");

  @Test
  void mutatedFilesNeverThrow() {
    for (int seed = 0; seed < SEEDS; seed++) {
      String text = mutated(new Random(seed));
      try {
        check(SpecFile.parse(text));
      } catch (RuntimeException | StackOverflowError e) {
        fail("seed " + seed + ": " + e + " for\n" + text, e);
      }
    }
  }

  /**
   * A mutated file that is accepted can be changed in place, or that is refused; no third thing.
   */
  @Test
  void mutatedFilesThatAreGoodCanBeChanged() {
    int changed = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      String text = mutated(new Random(seed));
      if (SpecFile.parse(text) instanceof SpecFile.Result.Accepted accepted) {
        changed += change(seed, text, accepted.spec());
      }
    }
    assertTrue(changed > 30, "only " + changed);
  }

  private static int change(int seed, String text, ClusterSpec spec) {
    var version = new io.quorate.common.model.EtcdVersion(3, 5, 31);
    try {
      SpecText after = SpecText.of(text).withVersion(version);
      assertEquals(spec.withVersion(version), after.spec(), "seed " + seed);
      return 1;
    } catch (io.quorate.common.error.QuorateException e) {
      assertTrue(e.problem().code().name().startsWith("Q"), "seed " + seed);
      return 0;
    }
  }

  private static String mutated(Random random) {
    StringBuilder text =
        new StringBuilder(random.nextBoolean() ? SpecFileTest.LONG : SpecFileTest.SHORT);
    int changes = random.nextInt(4);
    for (int i = 0; i <= changes; i++) {
      int at = random.nextInt(text.length() + 1);
      int length = Math.min(random.nextInt(12), text.length() - at);
      switch (random.nextInt(6)) {
        case 0 -> text.delete(at, at + length);
        case 1 -> text.insert(at, text.substring(at, at + length));
        case 2 -> text.insert(at, (char) random.nextInt(0x300));
        case 3 -> text.setLength(at);
        default -> text.insert(at, SNIPPETS.get(random.nextInt(SNIPPETS.size())));
      }
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[",
        "{",
        "- ",
        "? ",
        "a: ",
        "{a: ",
        "[{",
        "!!",
        "&a ",
        "*a ",
        "'",
        "\"",
        "#",
        "|\n",
        "\n",
        " ",
        ",",
        "%",
        "---\n",
        "a\n",
        "a: b\n",
        "- a\n",
        "? a\n",
        "{},",
        "[],",
        "\"\\u0041\"",
        "&a[",
        "<<: *a\n",
        "a: {b: c}\n",
        "x: 'y'\n",
        "é",
        "🚀"
      })
  void aMegabyteOfOneThing(String thing) {
    String text =
        thing.repeat((1 << 20) / thing.getBytes(java.nio.charset.StandardCharsets.UTF_8).length);
    SpecFile.Result result = assertTimeout(SOON, () -> SpecFile.parse(text));
    check(result);
    assertTrue(result instanceof SpecFile.Result.Refused);
    check(
        assertTimeout(
            SOON, () -> SpecFile.parse(SpecFileTest.SHORT + "accept: " + text.substring(4096))));
  }

  @Test
  void anAliasBombIsRefusedAtItsFirstAnchor() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("a%d: &a%d [".formatted(i, i));
      bomb.append("*a%d, ".formatted(i - 1).repeat(9)).append("x]\n");
    }
    assertEquals(
        List.of("prod.yaml:1:5 Q1001 anchors and aliases are not used here"),
        assertTimeout(SOON, () -> SpecProblemsTest.problems(bomb.toString())));
  }

  @Test
  void threeMegabytesAreRefusedUnread() {
    String large = SpecFileTest.SHORT + "# " + "x".repeat(3 << 20);
    assertEquals(
        List.of("prod.yaml:1:1 Q1011 the file is larger than 1 MiB"),
        assertTimeout(SOON, () -> SpecProblemsTest.problems(large)));
    String wide = SpecFileTest.SHORT + "# " + "é".repeat(600 << 10);
    assertEquals(
        List.of("prod.yaml:1:1 Q1011 the file is larger than 1 MiB"),
        SpecProblemsTest.problems(wide));
  }

  /** Wherever a character outside the basic plane lies. */
  @Test
  void aRocketIsHarmlessAtEveryOffset() {
    for (int i = 1000; i < 1050; i++) {
      String comment = "#" + "x".repeat(i) + "🚀\n";
      assertEquals(List.of(), SpecProblemsTest.problems(comment + SpecFileTest.SHORT));
    }
  }

  @Test
  void thousandsOfProblemsAreCutOff() {
    StringBuilder text = new StringBuilder(SpecFileTest.SHORT);
    for (int i = 0; i < 20_000; i++) {
      text.append("versiom").append(i).append(": 1\n");
    }
    assertEquals(100, assertTimeout(SOON, () -> SpecProblemsTest.problems(text.toString())).size());
  }

  private static void check(SpecFile.Result result) {
    if (result instanceof SpecFile.Result.Refused refused) {
      assertFalse(refused.problems().isEmpty());
      for (SpecProblem problem : refused.problems()) {
        assertTrue(problem.line() > 0 && problem.column() > 0, problem.toString());
        assertFalse(problem.problem().sentence().isBlank());
        assertTrue(problem.problem().sentence().length() < 500, problem.toString());
      }
    }
  }
}
