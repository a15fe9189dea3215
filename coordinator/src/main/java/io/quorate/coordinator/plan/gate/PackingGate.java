package io.quorate.coordinator.plan.gate;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostName;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import java.util.Optional;

/**
 * Before a member stops in order to move, its host must have room to pack its data: found out
 * afterwards, it would leave the member down. What a host needs is more than its data can be: the
 * database, as many segments of the log as etcd keeps, and a margin. A host that does not tell how
 * much room it has is trusted; its agent looks again before it packs.
 */
public final class PackingGate implements Gate {
  private static final long SEGMENT = 64L << 20;

  /** Those that etcd keeps by default, and the next one. */
  private static final long LOG = 6 * SEGMENT;

  private static final long MARGIN = 64L << 20;

  @Override
  public Optional<Hold> hold(Step step, Situation situation) {
    if (!situation.mustServe()
        || !(step instanceof Step.Configure configure)
        || configure.purpose() != Step.Purpose.STOP) {
      return Optional.empty();
    }
    return configure.documents().entrySet().stream()
        .filter(e -> leaves(e.getValue().id().member(), e.getKey(), situation))
        .flatMap(e -> noRoom(e.getValue().id().member(), e.getKey(), situation).stream())
        .findFirst();
  }

  private static boolean leaves(MemberName member, HostName host, Situation situation) {
    return situation.wanted().member(member).filter(m -> !m.host().equals(host)).isPresent();
  }

  /** Why a member cannot get to a host with its data, from where it runs now. */
  public static Optional<Hold> noRoomToMove(MemberName member, HostName to, Situation situation) {
    return situation.seen().placements(member).stream()
        .filter(p -> !p.host().equals(to) && p.issued().isPresent())
        .filter(p -> Situation.document(p).conduct().run() == MemberConfig.Run.RUNNING)
        .flatMap(p -> noRoom(member, p.host(), situation).stream())
        .findFirst();
  }

  private static Optional<Hold> noRoom(MemberName member, HostName host, Situation situation) {
    long needed =
        situation
                .endpoint(member)
                .flatMap(EtcdView.Endpoint::status)
                .map(s -> s.database().bytes())
                .orElse(0L)
            + LOG
            + MARGIN;
    return situation.seen().host(host).stream()
        .flatMap(h -> h.disks().stream())
        .filter(d -> d.cluster().equals(situation.wanted().cluster()))
        .filter(d -> d.purpose().equals(HostReport.Disk.SCRATCH) && d.measured())
        .filter(d -> d.space().freeBytes() < needed)
        .findFirst()
        .map(
            d ->
                new Hold(
                    Code.Q2014,
                    "%d MiB are free under %s on %s; to pack the data of %s may need %d MiB"
                        .formatted(
                            d.space().freeBytes() >> 20, d.path(), host, member, needed >> 20),
                    "on %s: make room under %s".formatted(host, d.path())));
  }
}
