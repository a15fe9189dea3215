package io.quorate.coordinator.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.api.v1.ErrorView;
import io.quorate.coordinator.api.v1.codec.JsonParser;
import io.quorate.coordinator.api.v1.codec.RecordReader;
import io.quorate.coordinator.cli.http.HttpsClient;
import io.quorate.coordinator.cli.http.Reply;
import io.quorate.coordinator.pki.Role;
import io.quorate.coordinator.store.Audit;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every request is held to, over real TLS. */
class ApiTest {
  @TempDir private Path folder;
  private TestCoordinator coordinator;

  @BeforeEach
  void start() {
    coordinator = new TestCoordinator(folder);
  }

  @AfterEach
  void stop() {
    coordinator.close();
  }

  @Test
  void anUnknownFieldIsNamed() {
    ErrorView error = refused(400, "/v1/plans", "{\"text\":\"x\",\"colour\":\"red\"}");
    assertEquals("Q1306", error.code());
    assertEquals("unknown field 'colour'", error.sentence());
  }

  @Test
  void aDuplicateKeyIsRefused() {
    ErrorView error = refused(400, "/v1/plans", "{\"text\":\"x\",\"text\":\"y\"}");
    assertTrue(error.sentence().contains("'text' occurs twice"), error.sentence());
  }

  @Test
  void aMissingFieldIsNamed() {
    assertEquals("text is missing", refused(400, "/v1/plans", "{}").sentence());
  }

  @Test
  void whatIsNotJsonIsRefused() {
    assertEquals("Q1306", refused(400, "/v1/plans", "text: x").code());
    assertEquals("Q1306", refused(400, "/v1/plans", "[".repeat(100_000)).code());
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedAndTheConnectionLivesOn() {
    String large = "{\"text\":\"" + "x".repeat(3 * 1024 * 1024) + "\"}";
    try (HttpsClient client = coordinator.client(coordinator.operator(Role.VIEWER))) {
      Optional<HttpsClient.Body> body = Optional.of(HttpsClient.Body.json(large));
      assertEquals(413, client.send("POST", "/v1/plans", body, seconds(20)).status());
      assertEquals(200, client.send("GET", "/v1/hosts", Optional.empty(), seconds(20)).status());
    }
  }

  @Test
  void anotherContentTypeIsRefused() {
    try (HttpsClient client = coordinator.client(coordinator.operator(Role.VIEWER))) {
      HttpsClient.Body body = new Zeros("text/plain", 10);
      assertEquals(415, client.send("POST", "/v1/plans", Optional.of(body), seconds(20)).status());
    }
  }

  @Test
  void anUnknownOrDoubledParameterIsRefused() {
    assertEquals(400, coordinator.get("/v1/events?color=red").status());
    assertEquals(400, coordinator.get("/v1/events?limit=1&limit=2").status());
    for (String bad : List.of("0", "-1", "NaN", "9223372036854775808", "1e3", "")) {
      assertEquals(400, coordinator.get("/v1/events?limit=" + bad).status(), bad);
    }
  }

  @Test
  void hostileNamesReachNobody() {
    int before = coordinator.control().calls().size();
    for (String name :
        List.of("a%3Brm%20-rf", "-x", "..%2Fx", "%2e%2e", "x@y", "x".repeat(300), "pr%00od")) {
      int status = coordinator.get("/v1/clusters/" + name).status();
      assertTrue(status == 400 || status == 404, name + ": " + status);
    }
    assertEquals(before, coordinator.control().calls().size());
  }

  @Test
  void whatIsNotThereSaysSo() {
    assertEquals(404, coordinator.get("/v1/nothing").status());
    assertEquals(404, coordinator.get("/v1/clusters/other").status());
    assertEquals(404, coordinator.ask(Role.ADMIN, "PUT", "/v1/hosts", Optional.empty()).status());
  }

  @Test
  void aRefusalCarriesEverythingThatIsKnown() {
    coordinator
        .control()
        .refuse(
            "applyPlan",
            Problem.of(Code.Q1305, "the plan is stale")
                .withCause("revision 42 came in between")
                .withState("nothing was changed")
                .withRemedy("quorate plan -f prod.yaml"));
    Reply reply = coordinator.ask(Role.OPERATOR, "POST", "/v1/plans/7f3c/apply", Optional.of("{}"));
    assertEquals(409, reply.status());
    assertEquals(
        new ErrorView(
            "Q1305",
            "the plan is stale",
            List.of("revision 42 came in between"),
            "nothing was changed",
            List.of("quorate plan -f prod.yaml")),
        error(reply));
    assertEquals(List.of("asked", "refused"), outcomes());
  }

  @Test
  void aChangeIsAuditedBeforeItHappensAndAfter() {
    coordinator.ask(Role.ADMIN, "DELETE", "/v1/clusters/prod?confirm=prod", Optional.empty());
    List<Audit.Entry> entries = coordinator.audit().list(0, 10);
    assertEquals(List.of("asked", "done"), outcomes());
    assertEquals("ann-admin", entries.getFirst().who());
    assertEquals("delete", entries.getFirst().what());
    assertEquals("prod", entries.getFirst().subject());
    assertEquals("prod: revision 42, rollout 118", entries.get(1).detail());
  }

  @Test
  void anUnwritableAuditTrailStopsEveryChange() {
    coordinator.breakAudit();
    int before = coordinator.control().calls().size();
    Reply reply = coordinator.ask(Role.ADMIN, "POST", "/v1/hosts/node-1/revoke", Optional.empty());
    assertEquals(503, reply.status());
    assertEquals("Q1310", error(reply).code());
    assertEquals(before, coordinator.control().calls().size());
    assertEquals(200, coordinator.get("/v1/hosts").status());
  }

  @Test
  void theAuditTrailKeepsADigestOfALongTextAndNoText() {
    String body = "{\"text\":\"" + "cluster: prod\\n".repeat(20) + "\"}";
    coordinator.ask(Role.OPERATOR, "POST", "/v1/apply", Optional.of(body));
    String detail = coordinator.audit().list(0, 10).getFirst().detail();
    assertTrue(detail.matches("text=sha256:[0-9a-f]{64}"), detail);
  }

  @Test
  void aDestructionNeedsTheNameOnceMore() {
    Reply reply =
        coordinator.ask(Role.ADMIN, "DELETE", "/v1/clusters/prod?confirm=test", Optional.empty());
    assertEquals("Q1312", error(reply).code());
    assertFalse(coordinator.control().calls().contains("delete ann-admin"));
  }

  @Test
  void aFaultInsideIsToldByItsIncidentAlone() {
    coordinator.control().events.add(Samples.event(7));
    coordinator.control().faulty();
    Reply reply = coordinator.get("/v1/events");
    assertEquals(500, reply.status());
    assertTrue(error(reply).sentence().startsWith("internal error, incident "), reply.body());
    assertFalse(reply.body().contains("secret"), reply.body());
  }

  @Test
  void anUploadIsStreamedToAFileAndNothingIsLeftOfIt() throws IOException {
    try (HttpsClient client = coordinator.client(coordinator.operator(Role.ADMIN))) {
      HttpsClient.Body body = new Zeros("application/octet-stream", 40 * 1024 * 1024);
      Reply reply = client.send("POST", "/v1/releases", Optional.of(body), seconds(60));
      assertEquals(200, reply.status(), reply.body());
    }
    assertEquals(40 * 1024 * 1024, coordinator.control().uploaded());
    try (Stream<Path> left = Files.list(folder.resolve("incoming"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void whoFollowsEventsIsAnsweredWhenThereIsOne() {
    coordinator.control().events.add(Samples.event(7));
    assertTrue(coordinator.get("/v1/events?afterId=6").body().contains("\"id\": 7"));
    assertTrue(coordinator.get("/v1/events?afterId=7&wait=1").body().contains("\"events\": []"));
  }

  private ErrorView refused(int status, String path, String body) {
    Reply reply = coordinator.ask(Role.ADMIN, "POST", path, Optional.of(body));
    assertEquals(status, reply.status(), reply.body());
    return error(reply);
  }

  private static ErrorView error(Reply reply) {
    return RecordReader.answer(JsonParser.parse(reply.body()), ErrorView.class);
  }

  private List<String> outcomes() {
    return coordinator.audit().list(0, 10).stream().map(Audit.Entry::outcome).toList();
  }

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  private record Zeros(String contentType, long length) implements HttpsClient.Body {
    @Override
    public void writeTo(OutputStream out) throws IOException {
      byte[] block = new byte[64 * 1024];
      for (long left = length; left > 0; left -= block.length) {
        out.write(block, 0, (int) Math.min(block.length, left));
      }
    }
  }
}
