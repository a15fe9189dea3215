package io.quorate.coordinator.cli.core;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.coordinator.api.v1.ErrorView;
import io.quorate.coordinator.api.v1.codec.JsonParser;
import io.quorate.coordinator.api.v1.codec.JsonWriter;
import io.quorate.coordinator.api.v1.codec.RecordReader;
import io.quorate.coordinator.api.v1.codec.Records;
import io.quorate.coordinator.cli.http.HttpsClient;
import io.quorate.coordinator.cli.http.Reply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** The coordinator's API as records in, records out. */
public final class Api implements AutoCloseable {
  private final HttpsClient client;
  private final Duration deadline;

  Api(HttpsClient client, Duration deadline) {
    this.client = client;
    this.deadline = deadline;
  }

  /** The same connection with another patience, for what takes long by its nature. */
  public Api patient(Duration other) {
    return other.compareTo(deadline) <= 0 ? this : new Api(client, other);
  }

  public <T extends Record> T get(String path, Class<T> type) {
    return view(send("GET", path, Optional.empty()), type);
  }

  public String text(String path) {
    return send("GET", path, Optional.empty()).body();
  }

  public <T extends Record> T post(String path, Record body, Class<T> type) {
    String json = JsonWriter.compact(Records.write(body));
    return view(send("POST", path, Optional.of(HttpsClient.Body.json(json))), type);
  }

  /** A question that needs a body: it changes nothing. */
  public <T extends Record> T ask(String path, Record body, Class<T> type) {
    String json = JsonWriter.compact(Records.write(body));
    return view(accepted(client.ask(path, HttpsClient.Body.json(json), deadline)), type);
  }

  public <T extends Record> T post(String path, Class<T> type) {
    return view(send("POST", path, Optional.empty()), type);
  }

  public <T extends Record> T upload(String path, HttpsClient.Body body, Class<T> type) {
    return view(send("POST", path, Optional.of(body)), type);
  }

  public <T extends Record> T delete(String path, Class<T> type) {
    return view(send("DELETE", path, Optional.empty()), type);
  }

  /** A path segment or query value, so that nothing given on the command line can be more. */
  public static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private Reply send(String method, String path, Optional<HttpsClient.Body> body) {
    return accepted(client.send(method, path, body, deadline));
  }

  private static Reply accepted(Reply reply) {
    if (reply.status() >= 200 && reply.status() < 300) {
      return reply;
    }
    throw new Refused(error(reply));
  }

  private static ErrorView error(Reply reply) {
    try {
      return RecordReader.answer(JsonParser.parse(reply.body()), ErrorView.class);
    } catch (QuorateException e) {
      return ErrorView.of(
          Problem.of(Code.Q1308, "the coordinator answered with status " + reply.status())
              .withCause("the answer is not in its own form: is something else listening there?"));
    }
  }

  private static <T extends Record> T view(Reply reply, Class<T> type) {
    try {
      return RecordReader.answer(JsonParser.parse(reply.body()), type);
    } catch (QuorateException e) {
      throw new QuorateException(
          Problem.of(Code.Q1308, "the coordinator's answer cannot be read")
              .withCause(e.problem().sentence())
              .withRemedy("use a command line of the coordinator's version: quorate --version"),
          e);
    }
  }

  /** Whether the coordinator may have been told to change something. */
  boolean mayHaveChanged() {
    return client.mayHaveChanged();
  }

  @Override
  public void close() {
    client.close();
  }
}
