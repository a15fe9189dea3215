package io.quorate.coordinator.spec;

import io.quorate.common.error.Code;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.spec.ClusterSpec.Gates;
import io.quorate.coordinator.spec.ClusterSpec.Member;
import io.quorate.coordinator.spec.ClusterSpec.Membership;
import io.quorate.coordinator.spec.ClusterSpec.OnFailure;
import io.quorate.coordinator.spec.ClusterSpec.Rollout;
import io.quorate.coordinator.spec.yaml.Findings;
import io.quorate.coordinator.spec.yaml.Section;
import io.quorate.coordinator.spec.yaml.Spelling;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads how careful a rollout is to be. */
final class RolloutReader {
  static final List<String> KEYS =
      List.of(
          "soak",
          "canary",
          "canarySoak",
          "onFailure",
          "memberDeadline",
          "progressDeadline",
          "learnerDeadline",
          "deadAfter",
          "maximumLag",
          "maximumFsyncP99",
          "snapshotAge",
          "freeDisk");
  private static final Pattern RATIO = Pattern.compile("\\d{1,3}(\\.\\d{1,3})?");
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration DAY = Duration.ofDays(1);

  private final Findings findings;

  RolloutReader(Findings findings) {
    this.findings = findings;
  }

  Rollout read(Section root, List<Member> members) {
    Section section = root.section("rollout", KEYS);
    Duration soak = section.span("soak", Duration.ZERO, DAY).orElse(SECOND.multipliedBy(10));
    Optional<MemberName> canary = section.checked("canary", MemberName::of);
    if (canary.isPresent() && members.stream().noneMatch(m -> m.name().equals(canary.get()))) {
      List<String> names = members.stream().map(m -> m.name().value()).toList();
      String hint =
          Spelling.nearest(canary.get().value(), names)
              .map(" — did you mean '%s'?"::formatted)
              .orElse("");
      findings.add(
          section.at("canary"),
          Code.Q1004,
          "the canary '%s' is not a member%s".formatted(canary.get(), hint),
          "");
    }
    Duration longer = soak.compareTo(SECOND.multipliedBy(30)) > 0 ? soak : SECOND.multipliedBy(30);
    List<String> choices = List.of("pause", "rollback");
    return new Rollout(
        soak,
        canary,
        section.span("canarySoak", Duration.ZERO, DAY.multipliedBy(7)).orElse(longer),
        section
            .read("onFailure", SpecReader.oneOf(choices), SpecReader.choice(choices))
            .map(word -> word.equals("pause") ? OnFailure.PAUSE : OnFailure.ROLLBACK)
            .orElse(OnFailure.PAUSE),
        section.span("memberDeadline", SECOND.multipliedBy(10), DAY).orElse(Duration.ofMinutes(2)),
        section
            .span("progressDeadline", SECOND.multipliedBy(30), DAY.multipliedBy(7))
            .orElse(Duration.ofMinutes(10)),
        membership(section),
        gates(section));
  }

  private static Membership membership(Section section) {
    return new Membership(
        section.span("learnerDeadline", SECOND.multipliedBy(10), DAY).orElse(Duration.ofMinutes(5)),
        section.span("deadAfter", SECOND.multipliedBy(10), DAY).orElse(Duration.ofMinutes(1)));
  }

  private Gates gates(Section section) {
    Function<String, Optional<Double>> ratio =
        text -> Optional.of(text).filter(RATIO.asMatchPredicate()).map(Double::valueOf);
    return new Gates(
        section.whole("maximumLag", 1, 1_000_000).orElse(100L),
        section
            .span("maximumFsyncP99", Duration.ofMillis(1), Duration.ofMinutes(1))
            .orElse(Duration.ofMillis(500)),
        section
            .span("snapshotAge", SECOND.multipliedBy(10), DAY.multipliedBy(7))
            .orElse(Duration.ofMinutes(15)),
        section
            .read("freeDisk", "how many times the database must fit, such as 2 or 1.5", ratio)
            .orElse(2.0));
  }
}
