package io.quorate.coordinator.api.route;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.coordinator.api.control.Caller;
import io.quorate.coordinator.api.v1.codec.JsonParser;
import io.quorate.coordinator.api.v1.codec.RecordReader;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries a request from the event loop to a virtual thread and its answer back. Bodies are not
 * read before their sender has been let in.
 */
public final class Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final int MOST_AT_ONCE = 512;
  private static final long LARGEST_BODY = 2 * 1024 * 1024;
  private static final Duration BODY_DEADLINE = Duration.ofSeconds(30);
  private static final Duration UPLOAD_DEADLINE = Duration.ofMinutes(30);

  private final Vertx vertx;
  private final Gatekeeper gatekeeper;
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);

  public Dispatcher(Vertx vertx, Gatekeeper gatekeeper) {
    this.vertx = vertx;
    this.gatekeeper = gatekeeper;
  }

  /** On the event loop. */
  public void dispatch(Route route, RoutingContext routing) {
    // The request's own event loop; from the virtual thread it could not be told any more.
    Context context = vertx.getOrCreateContext();
    carry(routing, () -> answer(route, routing, context));
  }

  /** What no route matches: who has no certificate learns nothing, not even that. */
  public void unmatched(RoutingContext routing) {
    carry(
        routing,
        () -> {
          gatekeeper.identify(chain(routing.request()));
          throw new Refusal(
              HttpStatus.NOT_FOUND,
              Problem.of(
                      Code.Q1306,
                      "there is no %s %s"
                          .formatted(routing.request().method(), routing.normalizedPath()))
                  .withRemedy("see /v1/openapi.json"));
        });
  }

  private void carry(RoutingContext routing, Supplier<Answer> work) {
    HttpServerRequest request = routing.request();
    request.pause();
    Context context = vertx.getOrCreateContext();
    if (!places.tryAcquire()) {
      reply(
          request,
          Answer.error(HttpStatus.BUSY, Problem.of(Code.Q1308, "too many requests at once")));
      return;
    }
    Thread.ofVirtual()
        .name("api " + request.method() + " " + routing.normalizedPath())
        .start(
            () -> {
              Answer answer = safely(work);
              places.release();
              context.runOnContext(back -> reply(request, answer));
            });
  }

  private Answer answer(Route route, RoutingContext routing, Context context) {
    HttpServerRequest request = routing.request();
    String subject = String.join("/", routing.pathParams().values());
    Caller caller = gatekeeper.admit(route.access(), chain(request), subject);
    Map<String, String> query = query(route, routing);
    Optional<Record> body = route.description().request().map(type -> body(type, request, context));
    Ask ask = new Ask(caller, routing.pathParams(), query, body);
    return gatekeeper.perform(route.access(), ask, () -> work(route, ask, request, context));
  }

  private Answer work(Route route, Ask ask, HttpServerRequest request, Context context) {
    return switch (route.work()) {
      case Route.Call call -> call.answer().apply(ask);
      case Route.Upload upload -> upload(upload, ask, request, context);
    };
  }

  private Answer upload(Route.Upload upload, Ask ask, HttpServerRequest request, Context context) {
    Path file = upload.folder().resolve("upload-" + UUID.randomUUID());
    try {
      Files.createDirectories(upload.folder());
      Intake intake = new Intake(request, upload.limit());
      Path received = await(intake.intoFile(context, vertx, file), UPLOAD_DEADLINE);
      return upload.receiver().receive(ask, received);
    } catch (IOException e) {
      throw new QuorateException(
          Problem.of(Code.Q1308, "the upload cannot be stored")
              .withCause(String.valueOf(e.getMessage())),
          e);
    } finally {
      deleteIfLeft(file);
    }
  }

  private static void deleteIfLeft(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("cannot delete the upload {}", file, e);
    }
  }

  private static Record body(
      Class<? extends Record> type, HttpServerRequest request, Context context) {
    String given =
        String.valueOf(request.getHeader(HttpHeaders.CONTENT_TYPE)).toLowerCase(Locale.ROOT);
    if (!given.equals(Answer.JSON) && !given.startsWith(Answer.JSON + ";")) {
      throw new Refusal(415, Problem.of(Code.Q1306, "the content type must be " + Answer.JSON));
    }
    Buffer bytes = await(new Intake(request, LARGEST_BODY).intoMemory(context), BODY_DEADLINE);
    return RecordReader.request(JsonParser.parse(bytes.toString()), type);
  }

  private static Map<String, String> query(Route route, RoutingContext routing) {
    Map<String, String> query = new TreeMap<>();
    for (Map.Entry<String, String> given : routing.queryParams()) {
      String name = given.getKey();
      if (route.description().query().stream().noneMatch(known -> known.name().equals(name))) {
        throw Problem.of(Code.Q1306, "unknown parameter '%s'".formatted(printable(name)))
            .asException();
      }
      if (query.put(name, given.getValue()) != null) {
        throw Problem.of(Code.Q1306, "the parameter '%s' is given twice".formatted(name))
            .asException();
      }
    }
    return query;
  }

  private static String printable(String name) {
    return name.replaceAll("[^A-Za-z0-9._-]", "?");
  }

  private static List<X509Certificate> chain(HttpServerRequest request) {
    try {
      return request.connection().peerCertificates().stream()
          .filter(X509Certificate.class::isInstance)
          .map((Certificate each) -> (X509Certificate) each)
          .toList();
    } catch (SSLPeerUnverifiedException e) {
      // How the JDK says that the client showed none.
      return List.of();
    }
  }

  private static <T> T await(CompletableFuture<T> future, Duration deadline) {
    try {
      return future.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      future.completeExceptionally(e);
      throw new Refusal(408, Problem.of(Code.Q1306, "the body did not arrive in time"));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Refusal refusal) {
        throw refusal;
      }
      throw new Refusal(
          400,
          Problem.of(Code.Q1306, "the body did not arrive whole")
              .withCause(String.valueOf(e.getCause())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refusal(HttpStatus.BUSY, Problem.of(Code.Q1308, "the coordinator is stopping"));
    }
  }

  private static Answer safely(Supplier<Answer> work) {
    try {
      return work.get();
    } catch (QuorateException e) {
      return Answer.error(HttpStatus.of(e.problem().code()), e.problem());
    } catch (Refusal e) {
      return Answer.error(e.status(), e.problem());
    } catch (RuntimeException | Error e) {
      String incident = UUID.randomUUID().toString().substring(0, 8);
      LOG.error("incident {}: a request failed", incident, e);
      return Answer.error(
          500,
          Problem.of(Code.Q1308, "internal error, incident " + incident)
              .withRemedy("look for the incident in the coordinator's log"));
    }
  }

  private static void reply(HttpServerRequest request, Answer answer) {
    HttpServerResponse response = request.response();
    if (response.closed()) {
      return;
    }
    response
        .setStatusCode(answer.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, answer.contentType())
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("X-Content-Type-Options", "nosniff");
    if (answer.status() == HttpStatus.UNAUTHENTICATED && !request.isEnded()) {
      // What a stranger still has to send is of no interest.
      response.end(answer.body()).onComplete(sent -> request.connection().close());
    } else {
      request.resume();
      response.end(answer.body());
    }
  }
}
