package io.quorate.coordinator.store;

import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Operations sent to hosts, until and after their outcome. */
public interface Operations {
  void add(Sent operation);

  /** The first outcome of an id counts; later ones are ignored. Says whether this one did. */
  boolean finish(OperationOutcome outcome, Instant at);

  Optional<Sent> find(String id);

  /** Drops one whose consequences are durable elsewhere, or not wanted any more. */
  void forget(String id);

  /** Drops all that were finished before; what came of them is known by then. */
  void forgetFinished(Instant before);

  List<Sent> open(HostName host);

  List<Sent> of(ClusterName cluster);

  /**
   * Only the task's kind and target are kept readable; the task itself is kept as it went over the
   * wire.
   */
  record Sent(
      Operation operation,
      HostName host,
      Optional<ClusterName> cluster,
      Optional<MemberName> member,
      Instant at,
      Optional<OperationOutcome> outcome,
      Optional<Instant> finished) {}
}
