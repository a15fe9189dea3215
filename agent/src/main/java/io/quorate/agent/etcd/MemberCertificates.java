package io.quorate.agent.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.agent.host.Access;
import io.quorate.agent.host.CrashPoints.DurableStep;
import io.quorate.agent.host.Host;
import io.quorate.agent.host.Layout;
import io.quorate.agent.host.Sha256;
import io.quorate.agent.host.Stat;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.pki.CertificateRequest;
import io.quorate.common.pki.Certificates;
import io.quorate.common.pki.KeyAlgorithm;
import io.quorate.common.pki.Keys;
import io.vertx.core.json.JsonObject;
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
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A member's keys and certificates, in directories {@code tls.1}, {@code tls.2}, … of which a
 * symbolic link names the current one.
 *
 * <ol>
 *   <li>Keys are made here and never leave; only requests do.
 *   <li>What comes back must fit the keys, or it is not taken.
 *   <li>A set is put together in a directory under another name, renamed when it is whole, and
 *       switched to by one rename of the link: etcd, which reads the files at every handshake,
 *       finds a certificate with its own key or the set before, never a mixture for longer than
 *       between two reads.
 *   <li>New ones are due when the document asks for other names, algorithm, validity, or a higher
 *       serial, when files were touched, and when two thirds of their life are over. None of these
 *       restarts anything.
 * </ol>
 */
public final class MemberCertificates {
  private static final String RECORD = "quorate-certificates.json";
  private static final List<String> USES = List.of("peer", "server", "agent");
  private static final int KEEP = 2;

  private final Host host;
  private final Layout layout;
  private final MemberSigner signer;
  private final InstantSource clock;

  public MemberCertificates(Host host, Layout layout, MemberSigner signer, InstantSource clock) {
    this.host = host;
    this.layout = layout;
    this.signer = signer;
    this.clock = clock;
  }

  public CertificatesFound observe(MemberConfig member) throws IOException {
    Path tls = layout.tls(member.id().cluster());
    Optional<Path> target = host.readLink(tls);
    if (target.isEmpty()) {
      return CertificatesFound.none();
    }
    Optional<String> record = host.text(tls.resolve(RECORD));
    if (record.isEmpty()) {
      return new CertificatesFound(CertificatesFound.State.DAMAGED, false, List.of());
    }
    JsonObject json = new JsonObject(record.get());
    if (!untouched(tls, json.getJsonObject("files", new JsonObject()))) {
      return new CertificatesFound(CertificatesFound.State.DAMAGED, false, List.of());
    }
    List<HostReport.Certificate> all = new ArrayList<>();
    boolean due = false;
    for (String use : USES) {
      X509Certificate certificate = leaf(new String(host.read(tls.resolve(use + ".crt")), UTF_8));
      Instant from = certificate.getNotBefore().toInstant();
      Instant until = certificate.getNotAfter().toInstant();
      due |=
          clock
              .instant()
              .isAfter(from.plus(Duration.between(from, until).dividedBy(3).multipliedBy(2)));
      all.add(new HostReport.Certificate(use, Certificates.serial(certificate), until));
    }
    boolean wanted = wish(member).equals(json.getString("wish"));
    return new CertificatesFound(
        wanted ? CertificatesFound.State.AS_WANTED : CertificatesFound.State.OUTDATED, due, all);
  }

  /** Makes new keys, has them certified, and switches to them. */
  public void make(MemberConfig member) throws IOException {
    KeyAlgorithm algorithm = KeyAlgorithm.parse(member.certificates().keyAlgorithm());
    Map<String, KeyPair> keys = new TreeMap<>();
    USES.forEach(use -> keys.put(use, Keys.generate(algorithm)));
    MemberSigner.Signed signed = sign(member, keys);
    SortedMap<String, String> files = new TreeMap<>();
    put(files, "peer", pair(keys, "peer"), signed.peer());
    put(files, "server", pair(keys, "server"), signed.server());
    put(files, "agent", pair(keys, "agent"), signed.agent());
    files.put("peer-ca.crt", authorities(signed.peerAuthorities()));
    files.put("client-ca.crt", authorities(signed.clientAuthorities()));
    place(member, files);
  }

  private MemberSigner.Signed sign(MemberConfig member, Map<String, KeyPair> keys) {
    try {
      return signer.sign(
          member.id(),
          new MemberSigner.Requests(
              CertificateRequest.makePem(pair(keys, "peer")),
              CertificateRequest.makePem(pair(keys, "server")),
              CertificateRequest.makePem(pair(keys, "agent"))));
    } catch (IOException e) {
      Problem problem =
          Problem.of(Code.Q2017, "certificates could not be obtained: " + e.getMessage())
              .withRemedy("it is tried again by itself once the coordinator can be reached");
      throw new QuorateException(problem, e);
    }
  }

  private void place(MemberConfig member, SortedMap<String, String> files) throws IOException {
    String user = layout.user();
    Path parent = layout.directory(member.id().cluster());
    Path staging = parent.resolve("tls.staging");
    host.removeTree(staging);
    host.makeDirectory(staging, Access.closed(user));
    host.crashPoints().before(DurableStep.MAKE_KEYS);
    JsonObject hashes = new JsonObject();
    for (Map.Entry<String, String> file : files.entrySet()) {
      host.write(
          staging.resolve(file.getKey()), file.getValue().getBytes(UTF_8), Access.secret(user));
      hashes.put(file.getKey(), Sha256.of(file.getValue()));
    }
    JsonObject record = new JsonObject().put("wish", wish(member)).put("files", hashes);
    host.write(
        staging.resolve(RECORD), record.encodePrettily().getBytes(UTF_8), Access.secret(user));
    Path whole = parent.resolve("tls." + (newest(parent) + 1));
    host.rename(staging, whole);
    host.crashPoints().after(DurableStep.MAKE_KEYS);
    host.crashPoints().before(DurableStep.SWITCH_CERTIFICATES);
    host.link(layout.tls(member.id().cluster()), whole.getFileName());
    host.crashPoints().after(DurableStep.SWITCH_CERTIFICATES);
    for (int old = newest(parent) - KEEP; old > 0; old--) {
      host.removeTree(parent.resolve("tls." + old));
    }
  }

  private int newest(Path parent) throws IOException {
    int newest = 0;
    for (String name : host.list(parent)) {
      if (name.matches("tls\\.[0-9]{1,8}")) {
        newest = Math.max(newest, Integer.parseInt(name.substring(4)));
      }
    }
    return newest;
  }

  private boolean untouched(Path tls, JsonObject hashes) throws IOException {
    for (String file : hashes.fieldNames()) {
      Stat stat = host.stat(tls.resolve(file));
      if (!stat.isFile()
          || !stat.allows(Access.secret(layout.user()))
          || !Sha256.of(new String(host.read(tls.resolve(file)), UTF_8))
              .equals(hashes.getString(file))) {
        return false;
      }
    }
    return hashes.size() == 2 * USES.size() + 2;
  }

  /** Everything that makes a set of certificates another one. */
  private static String wish(MemberConfig member) {
    MemberConfig.Certificates wanted = member.certificates();
    return Sha256.of(
        String.join(
            "\n",
            member.id().toString(),
            member.endpoints().address(),
            String.join(" ", wanted.names()),
            wanted.keyAlgorithm(),
            wanted.validity().toString(),
            Long.toString(wanted.serial())));
  }

  private static void put(
      SortedMap<String, String> files, String use, KeyPair keys, String certificate) {
    PublicKey certified = leaf(certificate).getPublicKey();
    if (!certified.equals(keys.getPublic())) {
      throw unfit("the certificate for %s is not for the key made here".formatted(use));
    }
    files.put(use + ".crt", certificate);
    files.put(use + ".key", Keys.toPem(keys.getPrivate()));
  }

  private static String authorities(String pem) {
    if (Certificates.fromPem(pem).isEmpty()) {
      throw unfit("an authority is missing");
    }
    return pem;
  }

  private static X509Certificate leaf(String pem) {
    List<X509Certificate> chain = Certificates.fromPem(pem);
    if (chain.isEmpty()) {
      throw unfit("a certificate is missing");
    }
    return chain.getFirst();
  }

  private static KeyPair pair(Map<String, KeyPair> keys, String use) {
    KeyPair pair = keys.get(use);
    if (pair == null) {
      throw new IllegalArgumentException(use);
    }
    return pair;
  }

  private static RuntimeException unfit(String why) {
    return Problem.of(Code.Q2017, "the coordinator's answer does not fit: " + why).asException();
  }
}
