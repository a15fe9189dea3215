package io.quorate.coordinator.session;

import io.quorate.common.model.HostFacts;
import io.quorate.common.model.HostName;
import io.quorate.common.model.HostReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One host's link: whether it is connected, since when it is or is not, and the last it said. What
 * it said outlives the connection.
 *
 * @param received by the coordinator's clock
 */
public record HostLink(
    HostName host,
    boolean connected,
    Instant since,
    Greeting greeting,
    Optional<HostReport> report,
    Instant received) {

  /**
   * What it said when it last connected, from where, and until when its certificate is good. The
   * offset is its clock minus ours and includes half a round trip.
   */
  public record Greeting(
      String agentVersion,
      String address,
      HostFacts facts,
      String bootId,
      Duration clockOffset,
      Instant certificateNotAfter) {}

  HostLink withReport(HostReport newer, Instant at) {
    return new HostLink(host, connected, since, greeting, Optional.of(newer), at);
  }

  HostLink disconnected(Instant at) {
    return new HostLink(host, false, at, greeting, report, received);
  }
}
