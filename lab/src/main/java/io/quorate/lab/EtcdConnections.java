package io.quorate.lab;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import java.io.File;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * jetcd's clients for a {@link WritingClient}: one for each endpoint when it retries, so that it
 * can choose, and one for all when it does not.
 */
final class EtcdConnections implements AutoCloseable {
  /** A write that a leader's departure has swallowed is not answered for seven seconds. */
  private static final Duration ATTEMPT = Duration.ofMillis(600);

  private static final Duration ATTEMPT_WITHOUT_RETRY = Duration.ofSeconds(10);

  private final Optional<WritingClient.Tls> tls;
  private final boolean retry;
  private final List<Client> all = new CopyOnWriteArrayList<>();

  EtcdConnections(Optional<WritingClient.Tls> tls, boolean retry) {
    this.tls = tls;
    this.retry = retry;
  }

  /** Those opened before stay open, for what is in flight on them, until {@link #close()}. */
  List<Client> open(List<URI> endpoints) {
    List<Client> opened =
        retry
            ? endpoints.stream()
                .map(endpoint -> open(Client.builder().endpoints(endpoint)))
                .toList()
            : List.of(open(Client.builder().endpoints(endpoints)));
    all.addAll(opened);
    return opened;
  }

  /** How long one attempt may take. */
  Duration attempt() {
    return retry ? ATTEMPT : ATTEMPT_WITHOUT_RETRY;
  }

  @Override
  public void close() {
    all.forEach(Client::close);
  }

  private Client open(ClientBuilder builder) {
    builder
        .interceptor(new Deadline(attempt()))
        .waitForReady(!retry)
        .connectTimeout(Duration.ofSeconds(1))
        // etcd refuses clients that ask more often than every five seconds.
        .keepaliveTime(Duration.ofSeconds(6))
        .keepaliveTimeout(Duration.ofSeconds(2))
        .keepaliveWithoutCalls(false);
    tls.ifPresent(files -> secure(builder, files));
    return builder.build();
  }

  private static void secure(ClientBuilder builder, WritingClient.Tls files) {
    File key = files.key().toFile();
    try {
      builder.sslContext(
          context ->
              context
                  .trustManager(files.authority().toFile())
                  .keyManager(files.certificate().toFile(), key));
    } catch (SSLException e) {
      throw new IllegalArgumentException("the client's certificate cannot be used", e);
    }
  }

  /** Gives each call a deadline: jetcd's have none of their own. */
  private record Deadline(Duration limit) implements ClientInterceptor {
    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(
        MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
      return next.newCall(
          method, options.withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS));
    }
  }
}
