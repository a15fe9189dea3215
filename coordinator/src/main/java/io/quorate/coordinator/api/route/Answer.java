package io.quorate.coordinator.api.route;

import io.quorate.common.error.Problem;
import io.quorate.coordinator.api.v1.ErrorView;
import io.quorate.coordinator.api.v1.codec.JsonWriter;
import io.quorate.coordinator.api.v1.codec.Records;

/** What is sent back. The summary is what the audit trail keeps of it. */
public record Answer(int status, String contentType, String body, String summary) {
  public static final String JSON = "application/json";
  public static final String TEXT = "text/plain; charset=utf-8";

  public static Answer of(Record view) {
    return of(view, "");
  }

  public static Answer of(Record view, String summary) {
    return new Answer(200, JSON, JsonWriter.indented(Records.document(view)) + "\n", summary);
  }

  public static Answer text(String contentType, String body) {
    return new Answer(200, contentType, body, "");
  }

  public static Answer error(int status, Problem problem) {
    return new Answer(
        status,
        JSON,
        JsonWriter.indented(Records.document(ErrorView.of(problem))) + "\n",
        problem.code() + ": " + problem.sentence());
  }
}
