package io.quorate.coordinator.plan.gate;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Before a member stops, every member's disk must have room for twice its database, and none may be
 * slow: the others carry the load meanwhile, and one that fills up is the next to fall.
 */
final class DiskGate implements Gate {
  private static final int ENOUGH_SAMPLES = 5;

  @Override
  public Optional<Hold> hold(Step step, Situation situation) {
    List<MemberName> stopped = situation.stopped(step);
    if (!situation.mustServe() || step instanceof Step.RemoveMember || stopped.isEmpty()) {
      return Optional.empty();
    }
    return situation.wanted().members().stream()
        .flatMap(m -> situation.seen().host(m.host()).stream())
        .flatMap(h -> slow(h, situation).stream())
        .findFirst()
        .or(
            () ->
                Stream.concat(
                        stopped.stream(),
                        situation.wanted().members().stream().map(ClusterSpec.Member::name))
                    .flatMap(n -> full(n, situation).stream())
                    .findFirst());
  }

  private static Optional<Hold> slow(ClusterView.HostView host, Situation situation) {
    long most = situation.wanted().rollout().gates().maximumFsyncP99().toNanos() / 1000;
    return host.disks().stream()
        .filter(d -> d.cluster().equals(situation.wanted().cluster()))
        .filter(d -> d.fsync().samples() >= ENOUGH_SAMPLES && d.fsync().p99Micros() > most)
        .findFirst()
        .map(
            d ->
                Hold.of(
                    Code.Q3012,
                    "the disk of %s on %s needs %d ms to sync (p99 of the last minute); %d ms are allowed"
                        .formatted(
                            d.path(), host.name(), d.fsync().p99Micros() / 1000, most / 1000)));
  }

  private static Optional<Hold> full(MemberName name, Situation situation) {
    long database =
        situation
            .endpoint(name)
            .flatMap(EtcdView.Endpoint::status)
            .map(s -> s.database().bytes())
            .orElse(0L);
    double ratio = situation.wanted().rollout().gates().freeDiskRatio();
    return situation
        .wanted()
        .member(name)
        .flatMap(m -> situation.seen().host(m.host()))
        .flatMap(
            h ->
                h.disks().stream()
                    .filter(d -> d.cluster().equals(situation.wanted().cluster()))
                    .filter(d -> d.measured() && !d.purpose().equals(HostReport.Disk.SCRATCH))
                    .filter(d -> d.space().freeBytes() < database * ratio)
                    .findFirst()
                    .map(
                        d ->
                            Hold.of(
                                Code.Q2014,
                                "%d MiB free under %s on %s; %.0f times the database of %d MiB is needed"
                                    .formatted(
                                        d.space().freeBytes() >> 20,
                                        d.path(),
                                        h.name(),
                                        ratio,
                                        database >> 20))));
  }
}
