package io.quorate.coordinator.session;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.HostName;
import io.quorate.common.pki.CertificateRequest;
import io.quorate.coordinator.pki.Authorities;
import io.quorate.coordinator.pki.Holder;
import io.quorate.coordinator.store.Hosts;
import io.quorate.coordinator.store.Journal;
import io.quorate.coordinator.store.Store;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/**
 * Which certificate speaks for which host, now.
 *
 * <ol>
 *   <li>A host has a current serial number and at most a next one. Both are accepted; the first use
 *       of the next makes it the current one and leaves the old one behind.
 *   <li>A certificate made before the host last joined belongs to a machine whose place was taken:
 *       refused.
 *   <li>One that was left behind, used within {@link #IN_FLIGHT} of the change, is a message that
 *       was under way: refused, no more. Later, two parties hold the host's keys, and nobody can
 *       say which is the right one: the host is revoked, its stream closed, and an alarm raised.
 *   <li>One of ours that the store has never heard of was issued by a later self, before the store
 *       came back from a backup: it is adopted, with a warning, or a restore would shut out every
 *       agent that has renewed since.
 *   <li>Renewing is for who holds the certificate; the reply may be lost: the same key gets the
 *       same serial again.
 * </ol>
 *
 * A copied key is therefore found out at the next renewal by either party, not merely outlived.
 */
public final class Identities {
  private static final Duration IN_FLIGHT = Duration.ofMinutes(2);

  private final Store store;
  private final Authorities authorities;
  private final InstantSource clock;
  private final SessionNotes notes;
  private final Map<HostName, Instant> changed = new ConcurrentHashMap<>();
  private final List<BiConsumer<HostName, Problem>> shutOut = new CopyOnWriteArrayList<>();

  public Identities(Store store, Authorities authorities, InstantSource clock) {
    this.store = store;
    this.authorities = authorities;
    this.clock = clock;
    this.notes = new SessionNotes(store, clock);
  }

  /** Called when a host may no longer speak, so that its live stream is closed. */
  void onShutOut(BiConsumer<HostName, Problem> listener) {
    shutOut.add(listener);
  }

  /** Returns when it is durable; the live stream is closed at once. */
  public void revoke(HostName name, String by, String detail) {
    notes.audited(by, "host revoke", name.value(), detail);
    Problem problem = revoked(name);
    synchronized (this) {
      store.hosts().save(find(name).revokedAt(clock.instant()));
    }
    shutOut.forEach(listener -> listener.accept(name, problem));
  }

  /** The host is shut out at once, until it joins again; for when its key is known to be copied. */
  void lock(HostName name, Problem why) {
    synchronized (this) {
      store.hosts().save(find(name).revokedAt(clock.instant()));
    }
    notes.alarm("identity locked", name.value(), why);
    shutOut.forEach(listener -> listener.accept(name, why));
  }

  /** The host, when its agent may speak with this certificate; throws a refusal otherwise. */
  HostName admit(Holder.Agent agent, X509Certificate certificate) {
    Optional<Problem> refusal = judge(agent, certificate);
    if (refusal.isPresent()) {
      throw refusal.get().asException();
    }
    return agent.host();
  }

  private Optional<Problem> judge(Holder.Agent agent, X509Certificate certificate) {
    Problem copied;
    synchronized (this) {
      Hosts.Host host = find(agent.host());
      Hosts.Serials serials = host.serials();
      if (host.state() == Hosts.State.REVOKED) {
        return Optional.of(revoked(agent.host()));
      }
      if (serials.current().equals(agent.serial())) {
        return Optional.empty();
      }
      if (serials.next().equals(Optional.of(agent.serial()))) {
        adopt(host, agent.serial());
        return Optional.empty();
      }
      if (!serials.leftBehind().contains(agent.serial()) && madeSinceJoining(host, certificate)) {
        notes.event(
            Journal.Severity.WARNING,
            Optional.empty(),
            host.name().value(),
            "uses a certificate of ours that is not on record; adopted, as after restoring the"
                + " coordinator from a backup");
        adopt(host, agent.serial());
        return Optional.empty();
      }
      if (!madeSinceJoining(host, certificate) || underWay(host)) {
        return Optional.of(
            Problem.of(Code.Q1206, "this certificate of %s was replaced".formatted(host.name())));
      }
      copied =
          Problem.of(
                  Code.Q1206,
                  "a certificate that %s has left behind was used: its key may have been copied, so the host is locked"
                      .formatted(host.name()))
              .withRemedy(
                  "find out who has the copy, then: quorate host token --host " + host.name());
    }
    lock(agent.host(), copied);
    return Optional.of(copied);
  }

  private void adopt(Hosts.Host host, String serial) {
    store.hosts().save(host.withSerials(host.serials().inUse(serial)));
    changed.put(host.name(), clock.instant());
  }

  private boolean underWay(Hosts.Host host) {
    Instant now = clock.instant();
    Instant change = changed.getOrDefault(host.name(), Instant.MIN);
    return !now.isBefore(change) && now.isBefore(change.plus(IN_FLIGHT));
  }

  /** Certificates are backdated by a minute and know no parts of seconds. */
  private static boolean madeSinceJoining(Hosts.Host host, X509Certificate certificate) {
    Instant made = certificate.getNotBefore().toInstant().plus(Duration.ofMinutes(1));
    return !made.isBefore(host.joined().minusSeconds(1));
  }

  /** A certificate for the key of the request; the caller's present one stays good. */
  synchronized X509Certificate renew(HostName name, CertificateRequest request) {
    PublicKey key = request.verifiedKey();
    Hosts.Host host = find(name);
    String serial = authorities.serialOf(name, key);
    X509Certificate certificate = authorities.agent(name, key);
    Hosts.Serials serials = host.serials();
    if (!serial.equals(serials.current()) && !serials.next().equals(Optional.of(serial))) {
      notes.audited(name.value(), "host renew", name.value(), "serial " + serial);
      store.hosts().save(host.withSerials(serials.withNext(serial)));
    }
    return certificate;
  }

  private Hosts.Host find(HostName name) {
    return store
        .hosts()
        .find(name)
        .orElseThrow(
            () ->
                Problem.of(Code.Q1201, "no host %s has joined".formatted(name))
                    .withRemedy("quorate host token --host " + name)
                    .asException());
  }

  private static Problem revoked(HostName name) {
    return Problem.of(Code.Q1206, "the host %s is revoked".formatted(name))
        .withRemedy("to take it back: quorate host token --host " + name);
  }
}
