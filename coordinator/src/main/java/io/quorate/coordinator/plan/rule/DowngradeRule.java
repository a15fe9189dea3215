package io.quorate.coordinator.plan.rule;

import io.quorate.common.error.Code;
import io.quorate.common.model.EtcdVersion;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Due;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Rule;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import java.util.List;
import java.util.Optional;

/**
 * etcd's own way down from one minor to the last: the downgrade is enabled before the first member
 * is swapped, and every newer member must have brought its storage down first. One that is under
 * way and not wanted any more is cancelled before a member goes up again. One that is silent just
 * now may not have. Before 3.6 there is no such way.
 */
final class DowngradeRule implements Rule {
  @Override
  public Optional<Decision> decide(Situation situation) {
    Optional<EtcdVersion> due = Due.of(situation).version();
    Optional<Decision> cancelled = cancel(situation);
    if (cancelled.isPresent()) {
      return cancelled;
    }
    List<EtcdView.Endpoint> newer =
        situation.seen().etcd().endpoints().stream()
            .filter(e -> e.status().isPresent())
            .filter(
                e ->
                    due.isPresent()
                        && minor(e.status().get().versions().server()) > minor(due.get()))
            .toList();
    if (newer.isEmpty() || clusterIsThere(situation, due.orElseThrow())) {
      return Optional.empty();
    }
    String minor = due.orElseThrow().minorText();
    boolean enabled =
        situation
            .seen()
            .etcd()
            .downgrade()
            .filter(d -> d.enabled() && leadsTo(d, due.get()))
            .isPresent();
    if (!enabled) {
      return Rule.act(new Step.Downgrade(Step.DowngradeAction.ENABLE, minor));
    }
    return silent(situation, due.get()).or(() -> unready(newer, due.get()));
  }

  /** Its storage may still be the newer one: a binary of the older minor would not start on it. */
  private static Optional<Decision> silent(Situation situation, EtcdVersion due) {
    return situation.seen().placements().stream()
        .filter(p -> p.issued().isPresent() && situation.votes(p.member()))
        .filter(p -> situation.endpoint(p.member()).flatMap(e -> e.status()).isEmpty())
        .filter(p -> minor(Situation.document(p).releases().running().version()) > minor(due))
        .findFirst()
        .flatMap(
            p ->
                Rule.hold(
                    Hold.of(
                        Code.Q3019,
                        "%s does not answer, and its storage must come down to %s before its release does"
                            .formatted(p.member(), due.minorText()))));
  }

  private static Optional<Decision> unready(List<EtcdView.Endpoint> newer, EtcdVersion due) {
    return newer.stream()
        .filter(
            e ->
                e.status()
                    .orElseThrow()
                    .versions()
                    .storage()
                    .filter(v -> v.sameMinor(due))
                    .isEmpty())
        .findFirst()
        .flatMap(
            e ->
                Rule.hold(
                    Hold.of(
                        Code.Q3019,
                        "%s has not brought its storage down to %s yet"
                            .formatted(e.member(), due.minorText()))));
  }

  /** Also when nobody has been swapped yet and so nothing else is to be done. */
  static Optional<Decision> cancel(Situation situation) {
    Optional<EtcdVersion> due = Due.of(situation).version();
    return situation
        .seen()
        .etcd()
        .downgrade()
        .filter(EtcdView.Downgrade::enabled)
        .filter(d -> due.isPresent() && !leadsTo(d, due.get()))
        .flatMap(d -> Rule.act(new Step.Downgrade(Step.DowngradeAction.CANCEL, minorOf(d))));
  }

  /**
   * Back out of an unfinished upgrade: the cluster never left the old minor, so swapping binaries
   * is all it takes.
   */
  private static boolean clusterIsThere(Situation situation, EtcdVersion due) {
    boolean mixed =
        situation.seen().etcd().endpoints().stream()
            .flatMap(e -> e.status().stream())
            .anyMatch(s -> minor(s.versions().server()) <= minor(due));
    return mixed
        && !situation.downgrading()
        && situation.seen().etcd().endpoints().stream()
            .flatMap(e -> e.status().stream())
            .allMatch(s -> s.versions().cluster().filter(v -> v.sameMinor(due)).isPresent());
  }

  private static boolean leadsTo(EtcdView.Downgrade downgrade, EtcdVersion due) {
    return minorOf(downgrade).equals(due.minorText());
  }

  /** etcd says 3.5 or 3.5.0, as it was told or as it made of it. */
  private static String minorOf(EtcdView.Downgrade downgrade) {
    String[] parts = downgrade.targetVersion().split("\\.", -1);
    return parts.length < 2 ? downgrade.targetVersion() : parts[0] + "." + parts[1];
  }

  private static int minor(EtcdVersion version) {
    return version.major() * 1000 + version.minor();
  }
}
