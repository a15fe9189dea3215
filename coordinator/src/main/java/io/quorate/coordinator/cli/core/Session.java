package io.quorate.coordinator.cli.core;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.pki.Certificates;
import io.quorate.common.pki.Keys;
import io.quorate.coordinator.api.v1.ErrorView;
import io.quorate.coordinator.cli.context.Resolution;
import io.quorate.coordinator.cli.context.ServerContext;
import io.quorate.coordinator.cli.http.Address;
import io.quorate.coordinator.cli.http.HttpsClient;
import io.quorate.coordinator.cli.http.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * One run of the command line: its terminal, its options, and the coordinator once it is needed.
 */
public final class Session implements AutoCloseable {
  private final Terminal terminal;
  private final Globals globals;
  private final InstantSource clock;
  private @Nullable Api api;

  public Session(Terminal terminal, Globals globals, InstantSource clock) {
    this.terminal = terminal;
    this.globals = globals;
    this.clock = clock;
  }

  public Terminal terminal() {
    return terminal;
  }

  public Globals globals() {
    return globals;
  }

  public InstantSource clock() {
    return clock;
  }

  public Output output() {
    return new Output(terminal, globals.format(), clock.instant());
  }

  /** Something to say that is not the data: goes to stderr. */
  public void say(String line) {
    terminal.err().println(line);
  }

  public Resolution contexts() {
    return new Resolution(terminal.environment());
  }

  public Api api() {
    Api existing = api;
    if (existing != null) {
      return existing;
    }
    ServerContext context = contexts().resolve(globals.context());
    HttpsClient client = new HttpsClient(Address.parse(context.address()), tls(context));
    Api made = new Api(client, globals.requestTimeout());
    api = made;
    return made;
  }

  /** What is refused before anything was asked to be changed has changed nothing. */
  public ErrorView standing(ErrorView error) {
    boolean untouched = api == null || !api.mayHaveChanged();
    return error.state().isEmpty() && untouched ? error.withState("nothing was changed") : error;
  }

  private static SSLContext tls(ServerContext context) {
    return Tls.of(
        read("authority", context.ca(), Certificates::fromPem),
        read("certificate", context.certificate(), Certificates::fromPem),
        read("key", context.key(), Keys::privateFromPem));
  }

  private static <T> T read(String what, Path file, Function<String, T> reader) {
    try {
      return reader.apply(Files.readString(file));
    } catch (IOException | IllegalArgumentException e) {
      throw new QuorateException(
          Problem.of(Code.Q1402, "the context's %s %s cannot be read".formatted(what, file))
              .withCause(String.valueOf(e.getMessage()))
              .withRemedy("quorate context list"),
          e);
    }
  }

  @Override
  public void close() {
    if (api != null) {
      api.close();
    }
  }
}
