package io.quorate.agent.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.agent.boot.BootRule.Self;
import io.quorate.agent.boot.BootRule.Verdict;
import io.quorate.agent.boot.Membership.Listed;
import io.quorate.agent.boot.Peers.Answer;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Member 1 has booted, and no coordinator answers. */
class BootRuleTest {
  private static final Membership FIVE = list("c1", 1, 2, 3, 4, 5);

  @Test
  void whoIsAwaitedStarts() {
    assertInstanceOf(Verdict.Awaited.class, decide(FIVE, Map.of(4, new Answer(FIVE, true))));
  }

  @Test
  void whoIsNotListedAnyMoreDoesNotStartWhateverOthersSay() {
    Map<Integer, Answer> answers = waiting(FIVE, 2, 3, 4);
    answers.put(5, new Answer(list("c1", 5), true));
    Verdict.GoneOn verdict = assertInstanceOf(Verdict.GoneOn.class, decide(FIVE, answers));
    assertTrue(verdict.problem().sentence().contains("m5"), verdict::toString);
  }

  /** A recovery keeps the cluster's id, and what is rebuilt gets the old addresses. */
  @Test
  void theSameAddressUnderAnotherIdIsSomebodyElse() {
    Membership rebuilt =
        new Membership(
            "c1", List.of(listed(5), new Listed("99", "m1", false, List.of(url(1)), List.of())));
    assertInstanceOf(Verdict.GoneOn.class, decide(FIVE, Map.of(5, new Answer(rebuilt, true))));
  }

  @Test
  void anotherClusterAtTheSameAddressesIsSomebodyElse() {
    Map<Integer, Answer> answers = waiting(list("c2", 1, 2, 3, 4, 5), 2);
    assertInstanceOf(Verdict.GoneOn.class, decide(FIVE, answers));
  }

  /** Three of five are a majority of what was; the other two may be what is. */
  @Test
  void aMajorityThatSeesNobodyElseWaits() {
    Verdict.Unheard verdict =
        assertInstanceOf(Verdict.Unheard.class, decide(FIVE, waiting(FIVE, 2, 3)));
    assertTrue(verdict.problem().sentence().contains("m4, m5"), verdict::toString);
  }

  @Test
  void allTogetherStart() {
    assertInstanceOf(Verdict.Complete.class, decide(FIVE, waiting(FIVE, 2, 3, 4, 5)));
    assertInstanceOf(Verdict.Complete.class, decide(list("c1", 1), Map.of()));
  }

  @Test
  void learnersAreNotWaitedFor() {
    Membership list =
        new Membership(
            "c1",
            List.of(listed(1), listed(2), new Listed("3", "m3", true, List.of(url(3)), List.of())));
    assertInstanceOf(Verdict.Complete.class, decide(list, waiting(list, 2)));
  }

  /** This member missed that the cluster has grown; those that answer have not. */
  @Test
  void membersThatOnlyOthersKnowAreWaitedForToo() {
    Membership three = list("c1", 1, 2, 3);
    Verdict.Unheard verdict =
        assertInstanceOf(Verdict.Unheard.class, decide(three, waiting(FIVE, 2, 3)));
    assertTrue(verdict.problem().sentence().contains("m4, m5"), verdict::toString);
  }

  /** Never seen to run: the document's members, without ids. */
  @Test
  void aMemberThatKnowsNoIdsGoesByAddresses() {
    Membership planned =
        new Membership(
            "",
            IntStream.of(1, 2, 3)
                .mapToObj(n -> new Listed("", "m" + n, false, List.of(url(n)), List.of()))
                .toList());
    assertInstanceOf(Verdict.Complete.class, decide(planned, waiting(FIVE, 2, 3, 4, 5)));
    assertInstanceOf(Verdict.GoneOn.class, decide(planned, waiting(list("c1", 2), 2)));
  }

  @Test
  void aListIsWrittenAndReadAsEtcdDoes() {
    Membership large = new Membership("cdf818194e3a8c32", List.of(listed("ffffffffffffff01", 1)));
    assertEquals(large, Membership.fromJson(large.clusterId(), large.toJson()));
    assertEquals(
        large,
        Membership.fromJson(
            "cdf818194e3a8c32",
            """
            [{"id":18446744073709551361,"peerURLs":["https://10.77.0.11:2380"],"name":"m1",\
            "clientURLs":["https://10.77.0.11:2379"]}]
            """));
  }

  private static Verdict decide(Membership known, Map<Integer, Answer> answers) {
    Map<String, Answer> byUrl = new HashMap<>();
    answers.forEach((number, answer) -> byUrl.put(url(number), answer));
    return BootRule.decide(
        new Self(new MemberConfig.Id(ClusterName.of("prod"), MemberName.of("m1")), url(1), known),
        byUrl);
  }

  private static Map<Integer, Answer> waiting(Membership list, int... numbers) {
    Map<Integer, Answer> answers = new HashMap<>();
    Arrays.stream(numbers).forEach(n -> answers.put(n, new Answer(list, false)));
    return answers;
  }

  private static Membership list(String cluster, int... numbers) {
    return new Membership(cluster, Arrays.stream(numbers).mapToObj(BootRuleTest::listed).toList());
  }

  private static Listed listed(int number) {
    return listed(Integer.toString(number), number);
  }

  private static Listed listed(String id, int number) {
    return new Listed(
        id,
        "m" + number,
        false,
        List.of(url(number)),
        List.of("https://10.77.0.1%d:2379".formatted(number)));
  }

  private static String url(int number) {
    return "https://10.77.0.1%d:2380".formatted(number);
  }
}
