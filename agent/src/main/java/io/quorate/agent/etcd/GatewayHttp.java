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
 * Single HTTPS requests with the agent's certificate of one cluster, trusting that cluster's client
 * authority only. The JDK's oldest client: it is always there, costs nothing until it is used, and
 * blocks, which is what is wanted on a virtual thread. Certificates are read anew each time, so a
 * rotation needs no word here; as long as they are the same, sessions are resumed, which spares
 * both sides most of a handshake's work.
 */
final class GatewayHttp {
  private static final int DEADLINE_MILLIS = 3000;
  private static final int LARGEST = 1 << 20;

  private final HostFiles files;
  private final Layout layout;
  private final Map<ClusterName, Known> contexts = new ConcurrentHashMap<>();

  private record Known(Material material, SSLContext context) {}

  private record Material(String key, String certificate, String authorities) {}

  record Reply(int status, String body) {}

  GatewayHttp(HostFiles files, Layout layout) {
    this.files = files;
    this.layout = layout;
  }

  Reply post(ClusterName cluster, String url, String body) throws IOException {
    HttpsURLConnection connection = open(cluster, url);
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/json");
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body.getBytes(UTF_8));
    }
    return reply(connection);
  }

  Reply get(ClusterName cluster, String url) throws IOException {
    return reply(open(cluster, url));
  }

  private static Reply reply(HttpsURLConnection connection) throws IOException {
    try {
      int status = connection.getResponseCode();
      try (InputStream in =
          status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
        return new Reply(status, in == null ? "" : new String(in.readNBytes(LARGEST), UTF_8));
      }
    } finally {
      connection.disconnect();
    }
  }

  private HttpsURLConnection open(ClusterName cluster, String url) throws IOException {
    if (!(URI.create(url).toURL().openConnection() instanceof HttpsURLConnection connection)) {
      throw new IOException(url + " is not https");
    }
    connection.setSSLSocketFactory(context(cluster).getSocketFactory());
    connection.setConnectTimeout(DEADLINE_MILLIS);
    connection.setReadTimeout(DEADLINE_MILLIS);
    connection.setInstanceFollowRedirects(false);
    connection.setRequestProperty("Connection", "close");
    return connection;
  }

  private SSLContext context(ClusterName cluster) throws IOException {
    Path tls = layout.tls(cluster);
    Material material =
        new Material(
            text(tls.resolve("agent.key")),
            text(tls.resolve("agent.crt")),
            text(tls.resolve("client-ca.crt")));
    Known known = contexts.get(cluster);
    if (known == null || !known.material.equals(material)) {
      known = new Known(material, context(material, tls));
      contexts.put(cluster, known);
    }
    return known.context;
  }

  private static SSLContext context(Material material, Path tls) throws IOException {
    char[] none = new char[0];
    try {
      KeyStore own = KeyStore.getInstance("PKCS12");
      own.load(null, none);
      own.setKeyEntry(
          "agent",
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
