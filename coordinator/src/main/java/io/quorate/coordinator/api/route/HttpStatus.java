package io.quorate.coordinator.api.route;

import io.quorate.common.error.Code;

/** The status line that goes with a code; clients should look at the code. */
public final class HttpStatus {
  public static final int UNAUTHENTICATED = 401;
  public static final int FORBIDDEN = 403;
  public static final int NOT_FOUND = 404;
  public static final int BUSY = 503;

  private HttpStatus() {}

  public static int of(Code code) {
    return switch (code) {
      case Q1302 -> FORBIDDEN;
      case Q1201, Q1303, Q1314, Q3503 -> NOT_FOUND;
      case Q1304, Q1305, Q1307, Q1104, Q1211, Q1213 -> 409;
      case Q1306, Q1312, Q1210, Q1101, Q1102, Q1105 -> 400;
      case Q1308 -> 500;
      case Q1310, Q1311, Q1315 -> BUSY;
      default -> code.name().startsWith("Q10") ? 400 : 422;
    };
  }
}
