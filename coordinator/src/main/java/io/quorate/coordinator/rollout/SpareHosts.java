package io.quorate.coordinator.rollout;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.observe.Agents;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Intents;
import io.quorate.coordinator.plan.Standby;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.spec.NearestAddress;
import io.quorate.coordinator.spec.SpecText;
import io.quorate.coordinator.store.Clusters.Cluster;
import io.quorate.coordinator.store.Journal;
import io.quorate.coordinator.store.Journal.Rollout;
import io.quorate.coordinator.store.Journal.RolloutState;
import io.quorate.coordinator.store.Journal.Severity;
import io.quorate.coordinator.store.Store;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Carries out what {@link Standby} decides: a new revision of the cluster's file in which a spare
 * has the place of the member that is gone, written by Quorate, audited like a person's.
 */
final class SpareHosts {
  private static final String WHO = "quorate";

  private final Store store;
  private final Agents agents;
  private final InstantSource clock;
  private Optional<String> said = Optional.empty();

  SpareHosts(Store store, Agents agents, InstantSource clock) {
    this.store = store;
    this.agents = agents;
    this.clock = clock;
  }

  /** Whether there is a new revision now. Only for a cluster at rest. */
  boolean look(Cluster cluster, ClusterView view) {
    return switch (Standby.decide(cluster.spec(), view)) {
      case Standby.Verdict.Nothing nothing -> {
        said = Optional.empty();
        yield false;
      }
      case Standby.Verdict.Waits(Hold reason) -> {
        say(cluster, reason.code(), reason.sentence());
        yield false;
      }
      case Standby.Verdict.Takes takes -> take(cluster, takes);
    };
  }

  private boolean take(Cluster cluster, Standby.Verdict.Takes takes) {
    Optional<String> address = address(takes.spare(), cluster.spec().member(takes.gone()));
    if (address.isEmpty()) {
      say(cluster, Code.Q3405, "the spare %s has not told its address".formatted(takes.spare()));
      return false;
    }
    Instant now = clock.instant();
    MemberName name = MemberNames.fresh(store, cluster, takes.gone());
    SpecText text =
        SpecText.of(cluster.text())
            .withMemberReplaced(takes.gone(), name, takes.spare(), address.get());
    String why =
        "%s on %s is gone for %d s; the spare %s takes its place as %s"
            .formatted(takes.gone(), takes.from(), takes.silent().toSeconds(), takes.spare(), name);
    store
        .audit()
        .append(now, WHO, "member replace", cluster.name() + "/" + takes.gone(), "done", why);
    long revision = cluster.intent().revision();
    Cluster after =
        store
            .clusters()
            .update(
                cluster.name(),
                c -> c.intent().equals(cluster.intent()) ? revised(c, text, now) : c);
    if (after.intent().revision() != revision + 1 || !after.by().equals(WHO)) {
      return true; // somebody was quicker: the next turn sees what they want
    }
    say(cluster, Code.Q3405, why);
    begin(cluster, takes, revision, now);
    return true;
  }

  private static Cluster revised(Cluster c, SpecText text, Instant now) {
    return new Cluster(
        c.name(),
        text.text(),
        text.spec(),
        Intents.revised(c.intent(), Optional.of(c.spec()), List.of(), WHO, now),
        c.applied(),
        false,
        now,
        WHO);
  }

  private void begin(Cluster cluster, Standby.Verdict.Takes takes, long revision, Instant now) {
    store
        .journal()
        .begin(
            new Rollout(
                0,
                cluster.name(),
                "Replace %s by the spare %s".formatted(takes.gone(), takes.spare()),
                revision,
                revision + 1,
                RolloutState.RUNNING,
                now,
                Optional.empty(),
                WHO,
                0));
  }

  private Optional<String> address(HostName host, Optional<ClusterSpec.Member> gone) {
    return agents
        .seen(host)
        .map(Agents.Seen::facts)
        .flatMap(
            f ->
                NearestAddress.of(f.addresses(), gone.map(ClusterSpec.Member::address).orElse("")));
  }

  private void say(Cluster cluster, Code code, String sentence) {
    if (said.equals(Optional.of(sentence))) {
      return;
    }
    said = Optional.of(sentence);
    store
        .journal()
        .add(
            new Journal.Event(
                0,
                clock.instant(),
                Optional.of(cluster.name()),
                Severity.WARNING,
                Optional.of(code),
                cluster.name().value(),
                sentence));
  }
}
