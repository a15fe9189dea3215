package io.quorate.coordinator.session;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.HostName;
import io.quorate.common.wire.IdentityWire.Application;
import io.quorate.common.wire.Protocol;
import io.quorate.coordinator.pki.Authorities;
import io.quorate.coordinator.store.Hosts;
import io.quorate.coordinator.store.Store;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How a host becomes one of ours.
 *
 * <ol>
 *   <li>An invitation is a random token of 192 bits, of which only the SHA-256 is stored, for one
 *       host name or, unbound, for any name that nobody has.
 *   <li>What needs no token is checked first, so that it is not spent on it: that its address is
 *       not barred for guessing (Q1204), protocol (Q1208), clocks (Q1209), request (Q1210).
 *   <li>Then the token: unknown or expired is Q1202 and counts as a guess, bound to another host is
 *       Q1203. Neither spends it.
 *   <li>A name that a host holds is refused (Q1213), unless the invitation is bound to it, is
 *       younger than the host's own certificate, and the host is not connected: then its keeper
 *       says that it lost its key. A revoked host needs an invitation younger than the revocation
 *       (Q1206).
 *   <li>Taking the token is atomic in the store: of any number of uses exactly one succeeds. The
 *       host is written before it is answered.
 *   <li>An answer can be lost. For ten minutes a request for the very key that has just joined gets
 *       its certificate again: it proves that it holds the key, and nobody else can use it.
 * </ol>
 */
public final class Enrolment {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int TOKEN_BYTES = 24;
  private static final String TOKEN_PREFIX = "qt-";
  private static final Duration LONGEST = Duration.ofDays(7);
  private static final Duration CLOCKS_APART = Duration.ofMinutes(5);
  private static final Duration LOST_REPLY = Duration.ofMinutes(10);

  private final Store store;
  private final Authorities authorities;
  private final InstantSource clock;
  private final WrongTokens wrong;
  private final SessionNotes notes;

  public Enrolment(Store store, Authorities authorities, InstantSource clock) {
    this.store = store;
    this.authorities = authorities;
    this.clock = clock;
    this.wrong = new WrongTokens(clock);
    this.notes = new SessionNotes(store, clock);
  }

  /** The token in clear exists here and in the hands of who asked for it, nowhere else. */
  public record Invitation(String token, Optional<HostName> host, Instant expires) {
    @Override
    public String toString() {
      return "an invitation until " + expires;
    }
  }

  public Invitation invite(Optional<HostName> host, Duration lifetime, String by) {
    if (lifetime.isNegative() || lifetime.isZero() || lifetime.compareTo(LONGEST) > 0) {
      throw Problem.of(Code.Q1306, "a token lives between a second and seven days").asException();
    }
    byte[] random = new byte[TOKEN_BYTES];
    RANDOM.nextBytes(random);
    String token = TOKEN_PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    Instant now = clock.instant();
    Instant expires = now.plus(lifetime);
    notes.audited(
        by, "host token", host.map(HostName::value).orElse("any new host"), "until " + expires);
    store.hosts().dropTokensExpiredBefore(now.minus(LONGEST));
    store.hosts().addToken(new Hosts.Token(digest(token), host, now, expires, by));
    return new Invitation(token, host, expires);
  }

  record Admitted(HostName host, X509Certificate certificate) {}

  /** Blocks. */
  Admitted join(Application application, String address, Predicate<HostName> connected) {
    try {
      return checked(application, address, connected);
    } catch (QuorateException refusal) {
      notes.refused(address, "host join", subject(application), refusal.problem());
      throw refusal;
    }
  }

  private Admitted checked(Application wish, String address, Predicate<HostName> connected) {
    if (wrong.barred(address)) {
      throw Problem.of(Code.Q1204, "too many wrong tokens came from " + address)
          .withRemedy("wait a minute, then use a new token: quorate host token --host NAME")
          .asException();
    }
    if (wish.protocol() < Protocol.lowest() || wish.protocol() > Protocol.highest()) {
      throw Problem.of(
              Code.Q1208,
              "the agent speaks protocol %d, this coordinator %d to %d"
                  .formatted(wish.protocol(), Protocol.lowest(), Protocol.highest()))
          .withRemedy("upgrade the older side")
          .asException();
    }
    checkClock(wish.clock());
    PublicKey key = wish.request().verifiedKey();
    Optional<HostName> asked =
        wish.host().isEmpty() ? Optional.empty() : Optional.of(HostName.of(wish.host()));
    return take(wish, asked, key, address, connected);
  }

  private void checkClock(Instant theirs) {
    Instant ours = clock.instant();
    if (Duration.between(theirs, ours).abs().compareTo(CLOCKS_APART) > 0) {
      throw Problem.of(
              Code.Q1209, "the host's clock says %s, the coordinator's %s".formatted(theirs, ours))
          .withRemedy("synchronise both clocks: timedatectl")
          .asException();
    }
  }

  /** One at a time, so that what was checked still holds when the token is taken. */
  private synchronized Admitted take(
      Application wish,
      Optional<HostName> asked,
      PublicKey key,
      String address,
      Predicate<HostName> connected) {
    Optional<Admitted> again = lostReply(key);
    if (again.isPresent()) {
      return again.get();
    }
    String digest = digest(wish.token());
    Hosts.Token token =
        store.hosts().tokens().stream()
            .filter(one -> one.sha256().equals(digest))
            .findFirst()
            .filter(one -> clock.instant().isBefore(one.expires()))
            .orElseThrow(() -> unknownToken(address));
    HostName host = name(token, asked);
    Optional<Hosts.Host> before = store.hosts().find(host);
    before.ifPresent(holder -> checkTaken(holder, token, connected));
    notes.audited(
        "token of " + token.by(),
        before.isPresent() ? "host join again" : "host join",
        host.value(),
        "from " + address);
    if (store.hosts().takeToken(digest).isEmpty()) {
      throw unknownToken(address);
    }
    return admit(host, key);
  }

  private Admitted admit(HostName host, PublicKey key) {
    X509Certificate certificate = authorities.agent(host, key);
    store
        .hosts()
        .save(
            new Hosts.Host(
                host,
                Hosts.State.JOINED,
                Hosts.Serials.first(authorities.serialOf(host, key)),
                clock.instant(),
                Optional.empty()));
    return new Admitted(host, certificate);
  }

  private Optional<Admitted> lostReply(PublicKey key) {
    Instant since = clock.instant().minus(LOST_REPLY);
    return store.hosts().list().stream()
        .filter(host -> host.state() == Hosts.State.JOINED && host.joined().isAfter(since))
        .filter(host -> host.serials().current().equals(authorities.serialOf(host.name(), key)))
        .map(host -> new Admitted(host.name(), authorities.agent(host.name(), key)))
        .findFirst();
  }

  private static HostName name(Hosts.Token token, Optional<HostName> asked) {
    if (token.host().isEmpty()) {
      return asked.orElseThrow(
          () ->
              Problem.of(Code.Q1203, "the token is for any host, so the host must say its name")
                  .withRemedy("join with --host \"$(hostname -s)\"")
                  .asException());
    }
    HostName bound = token.host().get();
    if (asked.isPresent() && !asked.get().equals(bound)) {
      throw Problem.of(Code.Q1203, "the token is not for the host " + asked.get())
          .withRemedy("quorate host token --host " + asked.get())
          .asException();
    }
    return bound;
  }

  private static void checkTaken(
      Hosts.Host holder, Hosts.Token token, Predicate<HostName> connected) {
    boolean meant = token.host().isPresent();
    if (holder.state() == Hosts.State.REVOKED) {
      if (!meant || !holder.revoked().map(token.created()::isAfter).orElse(false)) {
        throw Problem.of(Code.Q1206, "the host %s is revoked".formatted(holder.name()))
            .withRemedy("quorate host token --host " + holder.name())
            .asException();
      }
    } else if (!meant
        || !token.created().isAfter(holder.joined())
        || connected.test(holder.name())) {
      throw Problem.of(Code.Q1213, "a host %s has already joined".formatted(holder.name()))
          .withRemedy("choose another name, or stop the agent that has it")
          .asException();
    }
  }

  private RuntimeException unknownToken(String address) {
    wrong.wrong(address);
    return Problem.of(Code.Q1202, "the token is unknown, used or expired")
        .withRemedy("quorate host token --host NAME")
        .asException();
  }

  private static String subject(Application application) {
    return application.host().matches("[a-z0-9-]{1,40}") ? application.host() : "unnamed host";
  }

  private static String digest(String token) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
