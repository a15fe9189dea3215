package io.quorate.coordinator.etcd.live;

import io.quorate.coordinator.etcd.EtcdResult;
import io.quorate.coordinator.etcd.EtcdResult.Refused;
import io.quorate.coordinator.etcd.EtcdResult.Unknown;
import io.quorate.coordinator.etcd.Refusal;
import java.util.Set;

/** A call to one member that brought no answer, or a refusal. */
final class CallFailed extends Exception {
  private static final long serialVersionUID = 1L;

  /** Under these codes etcd has looked at the request and done nothing. */
  private static final Set<String> NOTHING_DONE =
      Set.of(
          "INVALID_ARGUMENT",
          "NOT_FOUND",
          "ALREADY_EXISTS",
          "PERMISSION_DENIED",
          "UNAUTHENTICATED",
          "FAILED_PRECONDITION",
          "OUT_OF_RANGE",
          "UNIMPLEMENTED");

  private final String code;

  /** The code is gRPC's name of it, or empty when there was no answer at all. */
  CallFailed(String code, String text) {
    super(text);
    this.code = code;
  }

  <T> EtcdResult<T> asResult() {
    String text = text();
    Refusal kind = Refusal.of(text);
    return kind != Refusal.OTHER || NOTHING_DONE.contains(code)
        ? new Refused<>(kind, text)
        : new Unknown<>(text);
  }

  private String text() {
    String message = getMessage();
    return message == null ? code : message;
  }
}
