package io.quorate.coordinator.pki;

import io.quorate.common.model.ClusterName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.pki.Authority;
import io.quorate.common.pki.Credentials;
import io.quorate.common.pki.KeyAlgorithm;
import io.quorate.common.pki.Keys;
import io.quorate.common.pki.Leaf;
import io.quorate.common.pki.SecretFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The two authorities of one cluster: members trust the one for each other and the other for their
 * clients, so that no client certificate can pose as a member, nor one of another cluster as
 * anything.
 */
public final class ClusterAuthorities {
  private static final Duration AGENT_VALIDITY = Duration.ofDays(90);
  private static final Duration OWN_VALIDITY = Duration.ofDays(30);
  private static final List<String> LOOPBACK = List.of("127.0.0.1", "::1", "localhost");

  private final Authority peers;
  private final Authority clients;
  private final InstantSource clock;
  private Optional<Credentials> own = Optional.empty();

  private ClusterAuthorities(Authority peers, Authority clients, InstantSource clock) {
    this.peers = peers;
    this.clients = clients;
    this.clock = clock;
  }

  static ClusterAuthorities open(Path directory, ClusterName cluster, InstantSource clock) {
    try {
      SecretFiles.makeDirectory(directory);
    } catch (IOException e) {
      throw AuthorityFile.failed(directory, e);
    }
    Instant now = clock.instant();
    return new ClusterAuthorities(
        AuthorityFile.openOrCreate(
            directory.resolve("peer-ca.pem"), "etcd " + cluster + " peers", now),
        AuthorityFile.openOrCreate(
            directory.resolve("client-ca.pem"), "etcd " + cluster + " clients", now),
        clock);
  }

  /** What the members trust for each other. */
  public List<X509Certificate> peerAuthorities() {
    return List.of(peers.certificate());
  }

  /** What members and clients trust for each other. */
  public List<X509Certificate> clientAuthorities() {
    return List.of(clients.certificate());
  }

  /**
   * For a member among its peers: it both calls and is called. One at a loopback address calls from
   * 127.0.0.1, whichever its own is, and etcd compares where a call comes from.
   */
  public X509Certificate peer(MemberConfig member, PublicKey key) {
    boolean loopback = member.endpoints().address().startsWith("127.");
    return peers.issue(
        leaf(member, Leaf.Usage.SERVER, Leaf.Usage.CLIENT)
            .withNames(names(member, loopback ? LOOPBACK : List.of())),
        key,
        clock.instant());
  }

  /** For a member's clients, local ones included; as a client too, since its gateway calls it. */
  public X509Certificate server(MemberConfig member, PublicKey key) {
    return clients.issue(
        leaf(member, Leaf.Usage.SERVER, Leaf.Usage.CLIENT).withNames(names(member, LOOPBACK)),
        key,
        clock.instant());
  }

  /** For the agent beside a member. */
  public X509Certificate agent(PublicKey key) {
    return client("quorate-agent", key, AGENT_VALIDITY);
  }

  /** For a consumer of the cluster; etcd's own users and roles know it by this name. */
  public X509Certificate client(String commonName, PublicKey key, Duration validity) {
    return clients.issue(Leaf.of(commonName, validity, Leaf.Usage.CLIENT), key, clock.instant());
  }

  /**
   * The coordinator's own. Its key never leaves this process, not even to a file; another one
   * replaces it at half of its life.
   */
  public synchronized Credentials own() {
    Instant now = clock.instant();
    if (own.isEmpty() || halfGone(own.get().certificate(), now)) {
      KeyPair keys = Keys.generate(KeyAlgorithm.ECDSA_P256);
      own =
          Optional.of(
              new Credentials(
                  keys.getPrivate(),
                  List.of(client("quorate-coordinator", keys.getPublic(), OWN_VALIDITY))));
    }
    return own.get();
  }

  private static boolean halfGone(X509Certificate certificate, Instant now) {
    Instant end = certificate.getNotAfter().toInstant();
    return now.isBefore(certificate.getNotBefore().toInstant())
        || now.plus(OWN_VALIDITY.dividedBy(2)).isAfter(end);
  }

  private static Leaf leaf(MemberConfig member, Leaf.Usage... usages) {
    return Leaf.of(member.id().member().value(), member.certificates().validity(), usages);
  }

  private static List<String> names(MemberConfig member, List<String> more) {
    List<String> names = new ArrayList<>();
    names.add(member.endpoints().address());
    names.addAll(member.certificates().names());
    names.addAll(more);
    return names;
  }
}
