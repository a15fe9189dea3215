package io.quorate.coordinator.pki;

import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostName;
import io.quorate.common.pki.Authority;
import io.quorate.common.pki.Certificates;
import io.quorate.common.pki.Credentials;
import io.quorate.common.pki.KeyAlgorithm;
import io.quorate.common.pki.Keys;
import io.quorate.common.pki.Leaf;
import io.quorate.common.pki.Pin;
import io.quorate.common.pki.SecretFiles;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The coordinator's own authorities, in a directory that only it can read. Three stand apart, so
 * that none can speak for another: one certifies the coordinator to everybody, one agents, one
 * operators. Each cluster has two more of its own ({@link ClusterAuthorities}).
 *
 * <ol>
 *   <li>An authority is made when it is first needed, in one atomic write, and never again.
 *   <li>Every subject, name and usage comes from the arguments, which come from the inventory;
 *       requests contribute a public key and nothing else.
 *   <li>An agent's serial number is a digest of its host and public key: a request that is sent
 *       again because its reply was lost gets a certificate of the same serial, so it does not
 *       matter which of the two arrives.
 * </ol>
 */
public final class Authorities {
  private static final Duration SERVER_VALIDITY = Duration.ofDays(90);
  private static final Duration SERVER_RENEWAL = Duration.ofDays(30);
  private static final Duration AGENT_VALIDITY = Duration.ofDays(90);
  private static final String AGENT_URI = "quorate://agent/";
  private static final String OPERATOR_URI = "quorate://operator/";

  private final Path directory;
  private final InstantSource clock;
  private final Authority coordinator;
  private final Authority agents;
  private final Authority operators;
  private final Map<ClusterName, ClusterAuthorities> clusters = new HashMap<>();

  private Authorities(Path directory, InstantSource clock) {
    this.directory = directory;
    this.clock = clock;
    this.coordinator = authority("coordinator-ca", "Quorate coordinator authority");
    this.agents = authority("agents-ca", "Quorate agents authority");
    this.operators = authority("operators-ca", "Quorate operators authority");
  }

  /** Blocks; makes what is missing. */
  public static Authorities open(Path directory, InstantSource clock) {
    try {
      SecretFiles.makeDirectory(directory);
    } catch (IOException e) {
      throw AuthorityFile.failed(directory, e);
    }
    return new Authorities(directory, clock);
  }

  /** What a person carries to a new host or workstation. */
  public Pin pin() {
    return Pin.of(coordinator.certificate());
  }

  /** What agents and operators trust for the coordinator. */
  public List<X509Certificate> coordinatorAuthorities() {
    return List.of(coordinator.certificate());
  }

  /** What the coordinator trusts for its clients; who is who, {@link #holder} tells. */
  public List<X509Certificate> clientAuthorities() {
    return List.of(agents.certificate(), operators.certificate());
  }

  /**
   * The coordinator's server certificate for exactly these names and addresses, with the authority
   * behind it, so that a joining agent can look for its pin. The stored one as long as it fits and
   * has a month to live.
   */
  public synchronized Credentials coordinator(List<String> names) {
    Path file = directory.resolve("coordinator.pem");
    try {
      Optional<Credentials> stored = SecretFiles.read(file).map(Credentials::fromPem);
      if (stored.isPresent() && fits(stored.get().certificate(), names)) {
        return stored.get();
      }
      KeyPair keys = Keys.generate(KeyAlgorithm.ECDSA_P256);
      X509Certificate certificate =
          coordinator.issue(
              Leaf.of("Quorate coordinator", SERVER_VALIDITY, Leaf.Usage.SERVER).withNames(names),
              keys.getPublic(),
              clock.instant());
      Credentials fresh =
          new Credentials(keys.getPrivate(), List.of(certificate, coordinator.certificate()));
      SecretFiles.write(file, fresh.toPem());
      return fresh;
    } catch (IOException | IllegalArgumentException e) {
      throw AuthorityFile.failed(file, e);
    }
  }

  /** For an agent: its host and nothing else, as a client and nothing else. */
  public X509Certificate agent(HostName host, PublicKey key) {
    return agents.issue(
        Leaf.of(host.value(), AGENT_VALIDITY, Leaf.Usage.CLIENT)
            .withUri(AGENT_URI + host)
            .withSerial(agentSerial(host, key)),
        key,
        clock.instant());
  }

  /** The serial in hex that {@link #agent} gives to this key on this host. */
  public String serialOf(HostName host, PublicKey key) {
    return agentSerial(host, key).toString(16);
  }

  public X509Certificate operator(String name, Role role, PublicKey key, Duration validity) {
    return operators.issue(
        Leaf.of(name, validity, Leaf.Usage.CLIENT)
            .withOrganization(role.text())
            .withUri(OPERATOR_URI + java.net.URLEncoder.encode(name, StandardCharsets.UTF_8)),
        key,
        clock.instant());
  }

  /**
   * Whose certificate this is: empty when none of the client authorities signed it, when its time
   * is not now, or when it does not say what such a certificate says. Whether he is still welcome
   * is another question.
   */
  public Optional<Holder> holder(X509Certificate certificate) {
    try {
      certificate.checkValidity(java.util.Date.from(clock.instant()));
    } catch (CertificateException e) {
      return Optional.empty();
    }
    String serial = Certificates.serial(certificate);
    List<String> uris = Certificates.uris(certificate);
    if (uris.size() != 1) {
      return Optional.empty();
    }
    String uri = uris.get(0);
    if (uri.startsWith(AGENT_URI) && agents.signed(certificate)) {
      return Optional.of(new Holder.Agent(HostName.of(uri.substring(AGENT_URI.length())), serial));
    }
    if (uri.startsWith(OPERATOR_URI) && operators.signed(certificate)) {
      List<String> names = Certificates.subject(certificate, "CN");
      List<String> roles = Certificates.subject(certificate, "O");
      return names.size() == 1 && roles.size() == 1
          ? Role.parse(roles.get(0)).map(role -> new Holder.Operator(names.get(0), role, serial))
          : Optional.empty();
    }
    return Optional.empty();
  }

  /** The two authorities of a cluster, made when first asked for. */
  public synchronized ClusterAuthorities cluster(ClusterName cluster) {
    return clusters.computeIfAbsent(
        cluster,
        name ->
            ClusterAuthorities.open(
                directory.resolve("clusters").resolve(name.value()), name, clock));
  }

  private Authority authority(String file, String name) {
    return AuthorityFile.openOrCreate(directory.resolve(file + ".pem"), name, clock.instant());
  }

  private boolean fits(X509Certificate certificate, List<String> names) {
    Instant now = clock.instant();
    return coordinator.signed(certificate)
        && new HashSet<>(Certificates.names(certificate))
            .equals(new HashSet<>(Certificates.canonicalNames(names)))
        && !now.isBefore(certificate.getNotBefore().toInstant())
        && now.plus(SERVER_RENEWAL).isBefore(certificate.getNotAfter().toInstant());
  }

  private static BigInteger agentSerial(HostName host, PublicKey key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(("quorate-agent-serial-1\n" + host + "\n").getBytes(StandardCharsets.UTF_8));
      digest.update(key.getEncoded());
      return new BigInteger(1, digest.digest()).shiftRight(256 - 127).setBit(126);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
