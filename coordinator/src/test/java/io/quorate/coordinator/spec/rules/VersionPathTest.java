package io.quorate.coordinator.spec.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Problem;
import io.quorate.common.model.EtcdVersion;
import io.quorate.coordinator.spec.rules.VersionPath.Result;
import io.quorate.coordinator.spec.rules.VersionPath.Start;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VersionPathTest {
  /**
   * Running (lowest, or lowest-highest) | wanted | catalogue | accepted | the way, or the codes.
   */
  @ParameterizedTest(name = "{0} to {1} with [{2}] accepting [{3}]")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        // within a minor version: any patch, up and down
        "3.5.16        | 3.5.30 | 3.5.30                | -            | direct 3.5.30",
        "3.5.30        | 3.5.16 | 3.5.16                | -            | direct 3.5.16",
        "3.5.30        | 3.5.30 | -                     | -            | direct 3.5.30",
        "3.5.16-3.5.30 | 3.5.30 | 3.5.30                | -            | direct 3.5.30",
        "3.6.0         | 3.6.15 | 3.6.15                | -            | direct 3.6.15",
        // 3.4 to 3.5
        "3.4.23        | 3.5.30 | 3.5.30                | -            | direct 3.5.30",
        "3.4.23        | 3.5.16 | 3.5.30 3.5.16         | -            | direct 3.5.16",
        "3.4.23        | 3.5.0  | 3.5.0                 | -            | refused Q3202",
        "3.4.23        | 3.5.2  | 3.5.2                 | Q3202        | refused Q3202",
        "3.5.16        | 3.5.1  | 3.5.1                 | -            | refused Q3202",
        "3.4.23        | 3.5.3  | 3.5.3                 | -            | direct 3.5.3",
        // 3.5 to 3.6: 3.5.32, or 3.5.26 by the owner's word, or not at all
        "3.5.32        | 3.6.15 | 3.6.15                | -            | direct 3.6.15",
        "3.5.33        | 3.6.15 | 3.5.33 3.6.15         | -            | direct 3.6.15",
        "3.5.16        | 3.6.15 | 3.5.33 3.6.15         | -            | hops 3.5.33 3.6.15",
        "3.5.30        | 3.6.15 | 3.5.33 3.6.15         | -            | hops 3.5.33 3.6.15",
        "3.5.30        | 3.6.15 | 3.5.30 3.6.15         | -            | refused Q3207",
        "3.5.30        | 3.6.15 | 3.5.30 3.6.15         | version.path | direct 3.6.15",
        "3.5.30        | 3.6.15 | 3.5.30 3.6.15         | Q3207        | direct 3.6.15",
        "3.5.26        | 3.6.15 | 3.6.15                | version.path | direct 3.6.15",
        "3.5.25        | 3.6.15 | 3.6.15                | version.path | refused Q3203",
        "3.5.16        | 3.6.15 | 3.5.30 3.6.15         | -            | refused Q3207",
        "3.5.16        | 3.6.15 | 3.5.30 3.6.15         | version.path | hops 3.5.30 3.6.15",
        "3.5.16        | 3.6.15 | 3.5.16 3.6.15         | version.path | refused Q3203",
        "3.5.16        | 3.6.15 | 3.5.20 3.6.15         | -            | refused Q3203",
        "3.5.16        | 3.6.15 | -                     | -            | refused Q3203",
        // half-way: nobody turns round because a release was added
        "3.5.16-3.5.33 | 3.6.15 | 3.5.33 3.6.15         | -            | hops 3.5.33 3.6.15",
        "3.5.30-3.6.15 | 3.6.15 | 3.5.33 3.6.15         | version.path | direct 3.6.15",
        "3.5.33-3.6.15 | 3.6.15 | 3.5.33 3.6.15         | -            | direct 3.6.15",
        "3.5.16-3.6.15 | 3.6.15 | 3.5.33 3.6.15         | -            | refused Q3201",
        // and back out of it
        "3.5.33-3.6.15 | 3.5.33 | 3.5.33 3.6.15         | -            | direct 3.5.33",
        "3.5.33-3.6.15 | 3.5.30 | 3.5.33 3.6.15         | -            | direct 3.5.30",
        "3.4.23-3.5.30 | 3.4.23 | 3.4.23                | -            | direct 3.4.23",
        // 3.6 to 3.7
        "3.6.11        | 3.7.2  | 3.7.2                 | -            | direct 3.7.2",
        "3.6.15        | 3.7.2  | 3.6.15 3.7.2          | -            | direct 3.7.2",
        "3.6.10        | 3.7.2  | 3.6.15 3.7.2          | -            | hops 3.6.15 3.7.2",
        "3.6.10        | 3.7.2  | 3.6.10 3.7.2          | version.path | refused Q3203",
        // several minor versions
        "3.4.23        | 3.6.15 | 3.5.33 3.6.15         | -            | hops 3.5.33 3.6.15",
        "3.4.23        | 3.6.15 | 3.5.16 3.5.33 3.6.15  | -            | hops 3.5.33 3.6.15",
        "3.4.23        | 3.6.15 | 3.5.30 3.6.15         | -            | refused Q3207",
        "3.4.23        | 3.6.15 | 3.5.30 3.6.15         | version.path | hops 3.5.30 3.6.15",
        "3.4.23        | 3.6.15 | 3.5.16 3.6.15         | version.path | refused Q3203",
        "3.4.23        | 3.6.15 | 3.6.15                | -            | refused Q3203",
        "3.4.23        | 3.6.15 | 3.5.2 3.6.15          | -            | refused Q3203",
        "3.4.23        | 3.7.2  | 3.5.33 3.6.15 3.7.2   | -            | hops 3.5.33 3.6.15 3.7.2",
        "3.5.16        | 3.7.2  | 3.5.33 3.6.9 3.6.15   | -            | hops 3.5.33 3.6.15 3.7.2",
        "3.5.33        | 3.7.2  | 3.6.9 3.7.2           | -            | refused Q3203",
        "3.5.33        | 3.7.2  | 3.7.2                 | -            | refused Q3203",
        // down, by etcd's own procedure
        "3.6.15        | 3.5.33 | 3.5.33                | -            | direct 3.5.33",
        "3.6.15        | 3.5.2  | 3.5.2                 | -            | refused Q3202",
        "3.7.2         | 3.6.15 | 3.6.15                | -            | direct 3.6.15",
        "3.7.1         | 3.6.15 | 3.6.15                | -            | direct 3.6.15",
        "3.7.1         | 3.6.15 | 3.6.15 3.7.2          | -            | hops 3.7.2 3.6.15",
        "3.7.2         | 3.5.33 | 3.6.14 3.6.15 3.5.33  | -            | hops 3.6.15 3.5.33",
        "3.7.2         | 3.5.33 | 3.5.33                | -            | refused Q3203",
        "3.6.15-3.7.2  | 3.5.33 | 3.6.15 3.5.33         | -            | hops 3.6.15 3.5.33",
        "3.6.15-3.7.1  | 3.5.33 | 3.6.15 3.5.33 3.7.2   | -            | hops 3.6.15 3.5.33",
        // never below 3.5
        "3.5.30        | 3.4.45 | 3.4.45                | -            | refused Q3205",
        "3.6.15        | 3.4.45 | 3.5.30 3.4.45         | Q3205        | refused Q3205",
        // what nobody knows
        "3.3.27        | 3.5.30 | 3.4.23 3.5.30         | -            | refused Q3201",
        "3.7.2         | 3.8.0  | 3.8.0                 | -            | refused Q3201",
        "2.3.8         | 3.4.23 | 3.4.23                | -            | refused Q3201",
        "3.7.2         | 4.0.0  | 4.0.0                 | -            | refused Q3201",
      })
  void golden(String running, String wanted, String catalogue, String accepted, String way) {
    List<EtcdVersion> ends = Arrays.stream(running.split("-", -1)).map(EtcdVersion::parse).toList();
    Start start = new Start(ends.getFirst(), ends.getLast(), Optional.empty(), false, false);
    Set<String> words = accepted == null ? Set.of() : Set.of(accepted);
    assertEquals(
        way, show(VersionPath.plan(start, EtcdVersion.parse(wanted), versions(catalogue), words)));
  }

  @Test
  void authenticationMustBeAcceptedOnTheWayFrom34() {
    Start start = new Start(v("3.4.23"), v("3.4.23"), Optional.empty(), true, false);
    assertEquals("refused Q3207", show(plan(start, "3.5.30")));
    assertEquals("direct 3.5.30", show(plan(start, "3.5.30", "version.auth")));
    assertEquals("direct 3.4.45", show(plan(start, "3.4.45")));
    Start later = new Start(v("3.5.16"), v("3.5.16"), Optional.empty(), true, false);
    assertEquals("direct 3.5.30", show(plan(later, "3.5.30")));
  }

  @Test
  void aMinorVersionIsNotLeftBeforeTheClusterHasSettledOnIt() {
    Start settling = new Start(v("3.5.33"), v("3.5.34"), Optional.of(v("3.4.0")), false, false);
    assertEquals("hops 3.5.34 3.6.15", show(plan(settling, "3.6.15")));
    assertEquals("direct 3.5.34", show(plan(settling, "3.5.34")));
    Start settled = new Start(v("3.5.33"), v("3.5.33"), Optional.of(v("3.5.0")), false, false);
    assertEquals("direct 3.6.15", show(plan(settled, "3.6.15")));
    Start halfway = new Start(v("3.5.33"), v("3.6.15"), Optional.of(v("3.5.0")), false, false);
    assertEquals("direct 3.6.15", show(plan(halfway, "3.6.15")));
    // Half-way is the same from either side: an unfinished downgrade returns without being asked.
    Start returning = new Start(v("3.5.30"), v("3.6.15"), Optional.of(v("3.5.0")), false, false);
    assertEquals("direct 3.6.15", show(plan(returning, "3.6.15")));
  }

  @Test
  void everythingThatRefusesIsToldAtOnce() {
    Start start = new Start(v("3.5.30"), v("3.5.30"), Optional.empty(), false, true);
    assertEquals("refused Q3207 Q3207", show(plan(start, "3.6.15")));
    assertEquals("refused Q3207", show(plan(start, "3.6.15", "version.path")));
    assertEquals("direct 3.6.15", show(plan(start, "3.6.15", "version.path", "version.v2store")));
  }

  @Test
  void aRefusalSaysWhatToAcceptAndWhy() {
    Problem problem = ((Result.Refused) plan(Start.at(v("3.5.30")), "3.6.15")).problems().get(0);
    assertTrue(problem.sentence().startsWith("3.5.30 to 3.6.15: etcd's guide now asks for 3.5.32"));
    assertTrue(
        problem
            .remedies()
            .contains(
                "or accept it: quorate apply -f FILE --accept version.path, or"
                    + " 'accept: [version.path]' in the file"));
  }

  @Test
  void noWayEverSkipsAMinorVersionOrPassesABadOne() {
    List<EtcdVersion> all = new ArrayList<>();
    all.addAll(versions("3.4.23 3.4.45 3.5.0 3.5.2 3.5.16 3.5.26 3.5.30 3.5.33"));
    all.addAll(versions("3.6.0 3.6.10 3.6.15 3.7.0 3.7.2"));
    int ways = 0;
    for (int catalogue = 0; catalogue < 1 << all.size(); catalogue += 31) {
      List<EtcdVersion> some = new ArrayList<>();
      for (int i = 0; i < all.size(); i++) {
        if ((catalogue >> i & 1) == 1) {
          some.add(all.get(i));
        }
      }
      for (EtcdVersion from : all) {
        for (EtcdVersion to : all) {
          Result result = VersionPath.plan(Start.at(from), to, some, Set.of("version.path"));
          ways += check(from, to, some, result);
        }
      }
    }
    assertTrue(ways > 5_000, "only " + ways);
  }

  private static int check(
      EtcdVersion from, EtcdVersion to, List<EtcdVersion> catalogue, Result result) {
    List<EtcdVersion> way =
        switch (result) {
          case Result.Direct direct -> List.of(direct.to());
          case Result.Hops hops -> hops.versions();
          case Result.Refused refused -> List.of();
        };
    if (way.isEmpty()) {
      return 0;
    }
    String what = from + " to " + to + " with " + catalogue + ": " + way;
    assertEquals(to, way.getLast(), what);
    EtcdVersion at = from;
    for (EtcdVersion next : way) {
      assertTrue(Math.abs(next.minor() - at.minor()) <= 1, what);
      assertTrue(VersionRules.bad(next).isEmpty(), what);
      assertTrue(next.equals(to) || catalogue.contains(next), what);
      assertTrue(at.minor() != 5 || next.minor() != 6 || at.patch() >= 26, what);
      assertTrue(at.minor() != 6 || next.minor() != 7 || at.patch() >= 11, what);
      assertTrue(at.minor() != 5 || next.minor() != 4, what);
      at = next;
    }
    return 1;
  }

  private static Result plan(Start start, String wanted, String... accepted) {
    return VersionPath.plan(start, v(wanted), List.of(), Set.of(accepted));
  }

  private static EtcdVersion v(String text) {
    return EtcdVersion.parse(text);
  }

  private static List<EtcdVersion> versions(String text) {
    return text == null
        ? List.of()
        : Arrays.stream(text.split(" +", -1)).map(EtcdVersion::parse).toList();
  }

  private static String show(Result result) {
    return switch (result) {
      case Result.Direct direct -> "direct " + direct.to();
      case Result.Hops hops ->
          "hops "
              + hops.versions().stream()
                  .map(EtcdVersion::toString)
                  .collect(Collectors.joining(" "));
      case Result.Refused refused ->
          "refused "
              + refused.problems().stream()
                  .map(problem -> problem.code().name())
                  .collect(Collectors.joining(" "));
    };
  }
}
