package io.quorate.coordinator.observe;

import io.quorate.common.model.HostFacts;
import io.quorate.common.model.HostName;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.Operation;
import java.time.Instant;
import java.util.Optional;

/** The agents, as the deciding side sees them. Nothing here waits for a host. */
public interface Agents {
  /** Empty for a host that has not said anything since this coordinator started. */
  Optional<Seen> seen(HostName host);

  /**
   * Tells the host that its document has changed, when it is connected; otherwise it is told when
   * it connects.
   */
  void push(HostName host);

  /** Sends an operation, when connected; open ones are sent again when it connects. */
  void send(HostName host, Operation operation);

  /**
   * What a host last said, and when; and since when it has been connected, or away. The clock
   * offset is host minus coordinator.
   */
  record Seen(
      boolean connected,
      Instant lastSeen,
      Instant since,
      String agentVersion,
      HostFacts facts,
      long clockOffsetMillis,
      Optional<HostReport> report) {
    /** One that has always been as it is. */
    public Seen(
        boolean connected,
        Instant lastSeen,
        String agentVersion,
        HostFacts facts,
        long clockOffsetMillis,
        Optional<HostReport> report) {
      this(connected, lastSeen, Instant.EPOCH, agentVersion, facts, clockOffsetMillis, report);
    }
  }
}
