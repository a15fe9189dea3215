package io.quorate.coordinator.etcd.live;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.quorate.coordinator.etcd.Access;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import javax.net.ssl.SSLException;

/** The same TLS material for both clients: TLS 1.3 where the member has it, never below 1.2. */
final class TlsOptions {
  private static final String TLS_1_3 = "TLSv1.3";
  private static final String TLS_1_2 = "TLSv1.2";

  private TlsOptions() {}

  static void apply(Access.Tls tls, HttpClientOptions options) {
    options
        .setSsl(true)
        .setEnabledSecureTransportProtocols(Set.of(TLS_1_3, TLS_1_2))
        .setVerifyHost(true)
        .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(tls.authorities())))
        .setKeyCertOptions(
            new PemKeyCertOptions()
                .addCertValue(Buffer.buffer(tls.certificate()))
                .addKeyValue(Buffer.buffer(tls.key())));
  }

  static SslContext context(Access.Tls tls) throws SSLException {
    return GrpcSslContexts.forClient()
        .protocols(TLS_1_3, TLS_1_2)
        .trustManager(stream(tls.authorities()))
        .keyManager(stream(tls.certificate()), stream(tls.key()))
        .build();
  }

  private static InputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
  }

  /** Without the brackets of a literal IPv6 address. */
  static String host(URI url) {
    String host = url.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }
}
