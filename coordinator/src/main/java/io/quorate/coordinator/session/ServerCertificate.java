package io.quorate.coordinator.session;

import io.quorate.common.error.QuorateException;
import io.quorate.common.pki.Credentials;
import io.quorate.common.tls.TlsOptions;
import io.quorate.coordinator.pki.Authorities;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the coordinator shows to everybody who connects, kept young while it runs.
 *
 * <ol>
 *   <li>Every hour the authorities are asked for the certificate anew; they answer with the stored
 *       one as long as it has a month to live, else with a fresh one.
 *   <li>A fresh one is shown in every handshake from then on. Connections that are open go on, so
 *       no agent's stream and nobody's request ends for it.
 *   <li>What fails is tried again an hour later; a month is long enough for it.
 * </ol>
 */
public final class ServerCertificate implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServerCertificate.class);
  private static final Duration LOOK = Duration.ofHours(1);

  private final Vertx vertx;
  private final Authorities authorities;
  private final List<String> names;
  private volatile Credentials shown;
  private volatile long timer = -1;

  /** Blocks. */
  public ServerCertificate(Vertx vertx, Authorities authorities, List<String> names) {
    this.vertx = vertx;
    this.authorities = authorities;
    this.names = List.copyOf(names);
    this.shown = authorities.coordinator(names);
  }

  /** For a server that is yet to be made. */
  public HttpServerOptions options() {
    return TlsOptions.server(shown, authorities.clientAuthorities());
  }

  /** From now on, until closed. */
  public void keepYoung(HttpServer server) {
    timer = vertx.setPeriodic(LOOK.toMillis(), tick -> look(server));
  }

  /** One look; whether the server shows another certificate after it. */
  public Future<Boolean> look(HttpServer server) {
    return vertx
        .executeBlocking(() -> authorities.coordinator(names))
        .compose(fresh -> show(Objects.requireNonNull(fresh), server))
        .onFailure(
            e -> {
              String why =
                  e instanceof QuorateException refused
                      ? refused.problem().sentence()
                      : String.valueOf(e.getMessage());
              LOG.warn("the server certificate could not be renewed yet: {}", why);
            });
  }

  private Future<Boolean> show(Credentials fresh, HttpServer server) {
    if (fresh.certificate().equals(shown.certificate())) {
      return Future.succeededFuture(false);
    }
    return server
        .updateSSLOptions(TlsOptions.renewed(fresh, authorities.clientAuthorities()))
        .map(
            updated -> {
              shown = fresh;
              LOG.info(
                  "renewed the server certificate; it is good until {}",
                  fresh.certificate().getNotAfter().toInstant());
              return true;
            });
  }

  @Override
  public void close() {
    vertx.cancelTimer(timer);
  }
}
