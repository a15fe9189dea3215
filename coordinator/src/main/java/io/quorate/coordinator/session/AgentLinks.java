package io.quorate.coordinator.session;

import io.quorate.common.error.Problem;
import io.quorate.common.model.HostName;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The agents, as the rest of the coordinator sees them. Thread-safe; nothing here blocks, and
 * nothing is lost by a host that is away: on its return it is sent its newest document and every
 * operation of the store that is still open.
 */
public interface AgentLinks {
  /** The host's document in the store has changed. */
  void push(HostName host);

  /**
   * Sends an operation that is already in the store; sent again at each connection until its
   * outcome is in the store or it has expired.
   */
  void send(HostName host, Operation operation);

  /** What is known of a host since this coordinator started. */
  Optional<HostLink> latest(HostName host);

  List<HostLink> all();

  /** Called, from any thread, after a report, and when a host connects or goes. */
  void onReport(Consumer<HostName> listener);

  /** Called, from any thread, after an outcome has been stored; once for each operation. */
  void onOutcome(BiConsumer<HostName, OperationOutcome> listener);

  /** Says goodbye and closes the host's stream, if it has one. */
  void disconnect(HostName host, Problem problem);
}
