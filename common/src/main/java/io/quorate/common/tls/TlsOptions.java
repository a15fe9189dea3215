package io.quorate.common.tls;

import io.quorate.common.pki.Credentials;
import io.quorate.common.pki.Keys;
import io.quorate.common.pki.Pem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.TrustOptions;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * TLS as Quorate speaks it: version 1.3 and no other, trusting exactly the authorities that are
 * named, never the operating system's, and always checking the server's name.
 */
public final class TlsOptions {
  private static final Set<String> ONLY_TLS_1_3 = Set.of("TLSv1.3");
  private static final int CONNECT_SECONDS = 10;

  /**
   * All of TLS 1.3, in the order that the server prefers: an agent's JVM compiles for small memory,
   * where AES takes five times as long, and it fetches releases of many megabytes.
   */
  private static final List<String> SUITES =
      List.of("TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256");

  /** A machine that is short of processors is slow, not gone. */
  private static final int HANDSHAKE_SECONDS = 30;

  private TlsOptions() {}

  /**
   * A server that asks for a client certificate and does without one; whoever answers a request
   * must look. A certificate by none of these authorities, expired, or not for clients, ends the
   * handshake.
   */
  public static HttpServerOptions server(Credentials own, List<X509Certificate> clientAuthorities) {
    HttpServerOptions options = new HttpServerOptions();
    options
        .setSsl(true)
        .setUseAlpn(true)
        .setClientAuth(ClientAuth.REQUEST)
        .setKeyCertOptions(keyCert(own))
        .setTrustOptions(authorities(clientAuthorities))
        .setEnabledSecureTransportProtocols(ONLY_TLS_1_3)
        .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
        .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
    SUITES.forEach(options::addEnabledCipherSuite);
    return options;
  }

  /** For {@code HttpServer.updateSSLOptions}: new connections get these, live ones go on. */
  public static ServerSSLOptions renewed(Credentials own, List<X509Certificate> clientAuthorities) {
    return new ServerSSLOptions((ServerSSLOptions) server(own, clientAuthorities).getSslOptions());
  }

  /** A client, with a certificate of its own or without. */
  public static HttpClientOptions client(Optional<Credentials> own, TrustOptions trust) {
    HttpClientOptions options = new HttpClientOptions();
    options
        .setSsl(true)
        .setUseAlpn(true)
        .setVerifyHost(true)
        .setTrustOptions(trust)
        .setEnabledSecureTransportProtocols(ONLY_TLS_1_3)
        .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
        .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
        .setConnectTimeout(CONNECT_SECONDS * 1000);
    own.ifPresent(credentials -> options.setKeyCertOptions(keyCert(credentials)));
    return options;
  }

  /** Trust in these and no others. */
  public static TrustOptions authorities(List<X509Certificate> authorities) {
    PemTrustOptions trust = new PemTrustOptions();
    authorities.forEach(authority -> trust.addCertValue(Buffer.buffer(Pem.encode(authority))));
    return trust;
  }

  private static PemKeyCertOptions keyCert(Credentials own) {
    return new PemKeyCertOptions()
        .setKeyValue(Buffer.buffer(Keys.toPem(own.key())))
        .setCertValue(Buffer.buffer(Pem.encode(own.chain())));
  }
}
