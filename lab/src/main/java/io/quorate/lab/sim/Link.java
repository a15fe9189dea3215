package io.quorate.lab.sim;

import io.quorate.common.model.HostFacts;
import io.quorate.common.model.HostName;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import io.quorate.coordinator.observe.Agents;
import io.quorate.coordinator.store.Operations;
import io.quorate.coordinator.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One coordinator's side of the line to all agents, over a network that loses, delays, reorders and
 * repeats. What was lost is made good as the real one does it: a report that shows an older
 * document is answered with the newest, and open operations are sent again.
 */
final class Link implements Agents {
  private static final HostFacts FACTS =
      new HostFacts("Linux", "6", "amd64", 2, 1L << 32, "simulated", java.util.List.of());
  private static final Duration SILENCE = Duration.ofSeconds(5);
  private static final Duration AGAIN = Duration.ofSeconds(3);

  private final World world;
  private final Store store;
  private final long epoch;
  private final Runnable wake;
  private final Map<HostName, Heard> heard = new TreeMap<>();
  private boolean dead;

  /** The last report; since when they come without a gap. */
  private record Heard(Instant at, HostReport report, Instant resent, Instant since) {
    boolean goesOn(Instant now) {
      return Duration.between(at, now).compareTo(SILENCE) <= 0;
    }
  }

  Link(World world, Store store, long epoch, Runnable wake) {
    this.world = world;
    this.store = store;
    this.epoch = epoch;
    this.wake = wake;
  }

  /** What is still on its way from here arrives all the same. */
  void die() {
    dead = true;
  }

  @Override
  public Optional<Seen> seen(HostName host) {
    Heard last = heard.get(host);
    if (last == null) {
      return Optional.empty();
    }
    boolean connected = last.goesOn(world.time().instant());
    return Optional.of(
        new Seen(connected, last.at, "sim", FACTS, 0, Optional.of(believed(host, last.report))));
  }

  /** Since when the host is heard, if it is. */
  Optional<Instant> heardSince(HostName host) {
    return Optional.ofNullable(heard.get(host))
        .filter(last -> last.goesOn(world.time().instant()))
        .map(Heard::since);
  }

  private HostReport believed(HostName host, HostReport report) {
    if (!world.plant().blindToHosts()) {
      return report;
    }
    return new HostReport(
        report.sequence(),
        report.clock(),
        report.epoch(),
        Long.MAX_VALUE,
        store.documents().current(host, epoch).members().stream()
            .map(document -> Lies.done(document, report, world.time().instant()))
            .toList(),
        report.disks(),
        report.load(),
        report.releases());
  }

  @Override
  public void push(HostName host) {
    var document = store.documents().current(host, epoch);
    world.toHost(host, machine -> machine.receive(document));
  }

  @Override
  public void send(HostName host, Operation operation) {
    world.toHost(host, machine -> machine.receive(operation));
  }

  // ---- from the agents ----

  /** Whoever connects is sent its newest document. */
  void greeted(HostName host) {
    if (!dead) {
      push(host);
    }
  }

  void reported(HostName host, HostReport report) {
    if (dead) {
      return;
    }
    Instant now = world.time().instant();
    Heard before = heard.get(host);
    // One connection delivers in order; what is late belongs to one that is closed.
    if (before != null && before.report.sequence() >= report.sequence()) {
      return;
    }
    Instant resent = before == null ? Instant.EPOCH : before.resent;
    boolean again = !resent.plus(AGAIN).isAfter(now);
    Instant since = before != null && before.goesOn(now) ? before.since : now;
    heard.put(host, new Heard(now, report, again ? now : resent, since));
    if (again) {
      resend(host, report);
    }
    if (before == null || !same(before.report, report)) {
      wake.run();
    }
  }

  private void resend(HostName host, HostReport report) {
    if (report.generation() < store.documents().current(host, epoch).generation()
        || report.epoch() < epoch) {
      push(host);
    }
    for (Operations.Sent sent : store.operations().open(host)) {
      send(host, sent.operation());
    }
  }

  private static boolean same(HostReport one, HostReport other) {
    return one.generation() == other.generation() && one.members().equals(other.members());
  }

  void finished(OperationOutcome outcome) {
    if (!dead && store.operations().finish(outcome, world.time().instant())) {
      wake.run();
    }
  }
}
