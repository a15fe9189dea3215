package io.quorate.agent.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.agent.host.HostFiles;
import io.quorate.agent.host.Layout;
import io.quorate.common.model.ClusterName;
import io.quorate.common.pki.Certificates;
import io.quorate.common.pki.Keys;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Single HTTPS requests under one of a member's certificates: the agent's own at client ports, the
 * member's at peer ports; each trusts the authority that belongs to it only. The JDK's oldest
 * client: it is always there, costs nothing until it is used, and blocks, which is what is wanted
 * on a virtual thread. Certificates are read anew each time, so a rotation needs no word here; as
 * long as they are the same, sessions are resumed, which spares both sides most of a handshake's
 * work.
 */
public final class GatewayHttp {
  private static final int DEADLINE_MILLIS = 3000;
  private static final int LARGEST = 1 << 20;

  private final HostFiles files;
  private final Layout layout;
  private final Map<Whose, Known> contexts = new ConcurrentHashMap<>();

  /** Which of the host's certificates of a cluster. */
  public enum Use {
    AGENT("agent", "client-ca.crt"),
    PEER("peer", "peer-ca.crt");

    private final String pair;
    private final String authorities;

    Use(String pair, String authorities) {
      this.pair = pair;
      this.authorities = authorities;
    }
  }

  private record Whose(ClusterName cluster, Use use) {}

  private record Known(Material material, SSLContext context) {}

  private record Material(String key, String certificate, String authorities) {}

  /**
   * @param clusterId which cluster etcd says that it is of, in hex; empty when it does not
   */
  public record Reply(int status, String body, String clusterId) {}

  public GatewayHttp(HostFiles files, Layout layout) {
    this.files = files;
    this.layout = layout;
  }

  Reply post(ClusterName cluster, String url, String body) throws IOException {
    HttpsURLConnection connection = open(cluster, Use.AGENT, url);
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/json");
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body.getBytes(UTF_8));
    }
    return reply(connection);
  }

  Reply get(ClusterName cluster, String url) throws IOException {
    return reply(open(cluster, Use.AGENT, url));
  }

  /** Asks at a peer port, as a peer. */
  public Reply getAsPeer(ClusterName cluster, String url) throws IOException {
    return reply(open(cluster, Use.PEER, url));
  }

  private static Reply reply(HttpsURLConnection connection) throws IOException {
    try {
      int status = connection.getResponseCode();
      String clusterId = connection.getHeaderField("X-Etcd-Cluster-ID");
      try (InputStream in =
          status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
        return new Reply(
            status,
            in == null ? "" : new String(in.readNBytes(LARGEST), UTF_8),
            clusterId == null ? "" : clusterId);
      }
    } finally {
      connection.disconnect();
    }
  }

  private HttpsURLConnection open(ClusterName cluster, Use use, String url) throws IOException {
    if (!(URI.create(url).toURL().openConnection() instanceof HttpsURLConnection connection)) {
      throw new IOException(url + " is not https");
    }
    connection.setSSLSocketFactory(context(cluster, use).getSocketFactory());
    connection.setConnectTimeout(DEADLINE_MILLIS);
    connection.setReadTimeout(DEADLINE_MILLIS);
    connection.setInstanceFollowRedirects(false);
    connection.setRequestProperty("Connection", "close");
    return connection;
  }

  /** What both ends of a connection under this certificate are made from. */
  public SSLContext context(ClusterName cluster, Use use) throws IOException {
    Path tls = layout.tls(cluster);
    Material material =
        new Material(
            text(tls.resolve(use.pair + ".key")),
            text(tls.resolve(use.pair + ".crt")),
            text(tls.resolve(use.authorities)));
    Whose whose = new Whose(cluster, use);
    Known known = contexts.get(whose);
    if (known == null || !known.material.equals(material)) {
      known = new Known(material, context(material, tls));
      contexts.put(whose, known);
    }
    return known.context;
  }

  private static SSLContext context(Material material, Path tls) throws IOException {
    char[] none = new char[0];
    try {
      KeyStore own = KeyStore.getInstance("PKCS12");
      own.load(null, none);
      own.setKeyEntry(
          "own",
          Keys.privateFromPem(material.key),
          none,
          Certificates.fromPem(material.certificate).toArray(Certificate[]::new));
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(own, none);
      KeyStore authorities = KeyStore.getInstance("PKCS12");
      authorities.load(null, none);
      int n = 0;
      for (Certificate authority : Certificates.fromPem(material.authorities)) {
        authorities.setCertificateEntry("authority-" + n++, authority);
      }
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(authorities);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException("the certificates in " + tls + " cannot be used", e);
    }
  }

  private String text(Path file) throws IOException {
    return new String(files.read(file), UTF_8);
  }
}
