package io.quorate.lab.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.model.HostName;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates of the link are renewed while it is in use. Time begins a while ago, and is set. */
class RenewalTest {
  private static final HostName NODE = HostName.of("node-1");
  private static final Duration VALIDITY = Duration.ofDays(90);

  @TempDir Path directory;
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.now().minus(Duration.ofDays(61)));
  private Wire wire;

  @BeforeEach
  void connect() throws Exception {
    wire = new Wire(directory, now::get);
  }

  @AfterEach
  void hangUp() throws Exception {
    wire.close();
  }

  /** Ninety days long, a month before its end, without a restart and without a dropped stream. */
  @Test
  void theCoordinatorsOwnIsRenewedAndStreamsGoOn() throws Exception {
    X509Certificate first = wire.shown();
    now.updateAndGet(t -> t.plus(Duration.ofDays(59)));
    assertFalse(wire.lookAtCertificate(), "it has a month to live");
    assertEquals(first, wire.shown());
    FakeHost host = new FakeHost();
    wire.agent("node-1", host);
    Wire.until("it is told its document", () -> !host.documents.isEmpty());

    Instant connected = connectedSince();
    now.updateAndGet(t -> t.plus(Duration.ofDays(2)));
    assertTrue(wire.lookAtCertificate());
    X509Certificate second = wire.shown();
    assertNotEquals(first, second);
    assertTrue(second.getNotAfter().toInstant().isAfter(now.get().plus(VALIDITY).minusSeconds(60)));
    assertFalse(wire.lookAtCertificate(), "once is enough");

    long seen = report();
    host.change();
    Wire.until("it is heard on the stream that was open", () -> report() > seen);
    assertEquals(connected, connectedSince());
  }

  /** At half of its life, by itself; the stream is opened anew under it. */
  @Test
  void anAgentsIsRenewedAtHalfItsLife() throws Exception {
    FakeHost host = new FakeHost();
    wire.agent("node-1", host);
    Wire.until("it is told its document", () -> !host.documents.isEmpty());
    Instant first = agentsCertificateEnds();
    String serial = wire.store.hosts().find(NODE).orElseThrow().serials().current();
    now.updateAndGet(t -> t.plus(VALIDITY.dividedBy(2).minus(VALIDITY.dividedBy(9))));
    long seen = report();
    host.change();
    Wire.until("it is heard", () -> report() > seen);
    assertEquals(first, agentsCertificateEnds(), "not before a tenth of its life before that");

    now.updateAndGet(t -> t.plus(VALIDITY.dividedBy(9)).plusSeconds(60));
    Wire.until("it is renewed", () -> agentsCertificateEnds().isAfter(first));
    Wire.until(
        "it is connected under the new one",
        () -> wire.gateway.latest(NODE).orElseThrow().connected());
    assertNotEquals(serial, wire.store.hosts().find(NODE).orElseThrow().serials().current());
  }

  private long report() {
    return wire.gateway
        .latest(NODE)
        .flatMap(link -> link.report())
        .map(report -> report.sequence())
        .orElse(0L);
  }

  private Instant connectedSince() {
    return wire.gateway.latest(NODE).orElseThrow().since();
  }

  private Instant agentsCertificateEnds() {
    return wire.gateway.latest(NODE).orElseThrow().greeting().certificateNotAfter();
  }
}
