package io.quorate.common.wire;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.vertx.core.MultiMap;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServerResponse;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Carries a {@link Problem} across a call that fails: gRPC's status says what kind of failure it
 * is, trailers of ours carry code, sentence and remedy.
 */
public final class GrpcProblems {
  private static final String CODE = "quorate-code";
  private static final String SENTENCE = "quorate-sentence";
  private static final String REMEDY = "quorate-remedy";

  private GrpcProblems() {}

  /** Ends a call with what went wrong; details of what is not a refusal stay here. */
  public static void fail(GrpcServerResponse<?, ?> response, Throwable failure) {
    if (failure instanceof QuorateException refusal) {
      refuse(response, status(refusal.problem().code()), refusal.problem());
    } else {
      refuse(
          response,
          GrpcStatus.INTERNAL,
          Problem.of(Code.Q1308, "the coordinator failed to answer; its log says why"));
    }
  }

  public static void refuse(GrpcServerResponse<?, ?> response, GrpcStatus status, Problem problem) {
    MultiMap trailers = response.trailers();
    trailers.set(CODE, problem.code().name());
    trailers.set(SENTENCE, encode(problem.sentence()));
    problem.remedies().stream().findFirst().ifPresent(text -> trailers.set(REMEDY, encode(text)));
    response.status(status).statusMessage(problem.code() + ": " + problem.sentence()).end();
  }

  /** What a refused call was refused with; a failure without our trailers is described. */
  public static Problem read(GrpcClientResponse<?, ?> response) {
    // A refusal before the first message travels in the headers, one after it in the trailers.
    Optional<Problem> early = read(response.headers());
    if (early.isPresent()) {
      return early.get();
    }
    return read(response.trailers())
        .orElseGet(
            () -> Problem.of(Code.Q1401, "the coordinator answered " + name(response.status())));
  }

  private static Optional<Problem> read(@Nullable MultiMap from) {
    if (from == null) {
      return Optional.empty();
    }
    String code = from.get(CODE);
    if (code == null) {
      return Optional.empty();
    }
    Problem problem =
        Problem.of(WireMapper.code(code), WireMapper.sentence(code, decode(from.get(SENTENCE))));
    String remedy = from.get(REMEDY);
    return Optional.of(remedy == null ? problem : problem.withRemedy(decode(remedy)));
  }

  private static String name(@Nullable GrpcStatus status) {
    return status == null ? "nothing" : status.name();
  }

  private static GrpcStatus status(Code code) {
    return switch (code) {
      case Q1202, Q1203, Q1206, Q1207, Q1302 -> GrpcStatus.PERMISSION_DENIED;
      case Q1204 -> GrpcStatus.RESOURCE_EXHAUSTED;
      case Q1210, Q1306, Q1006, Q1004 -> GrpcStatus.INVALID_ARGUMENT;
      case Q1201 -> GrpcStatus.NOT_FOUND;
      default -> GrpcStatus.FAILED_PRECONDITION;
    };
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String decode(@Nullable String text) {
    return text == null ? "" : URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
