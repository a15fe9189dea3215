package io.quorate.coordinator.cli.http;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says why a coordinator cannot be talked to, and what to do. */
final class ConnectionFailure {
  private ConnectionFailure() {}

  static Problem explain(Address address, IOException failure) {
    if (failure instanceof SSLException) {
      String words = String.valueOf(failure.getMessage());
      if (hasCause(failure, CertificateException.class)) {
        return Problem.of(
                Code.Q1205,
                "%s did not prove to be the coordinator of this context".formatted(address))
            .withCause(root(failure))
            .withState("nothing was sent")
            .withRemedy("compare address and ca of the context: quorate context list");
      }
      if (words.contains("Received fatal alert")) {
        return Problem.of(
                Code.Q1302, "the coordinator %s refused our certificate".formatted(address))
            .withCause(words)
            .withRemedy("ask an admin for a new operator certificate");
      }
    }
    return Problem.of(Code.Q1401, "the coordinator %s cannot be reached".formatted(address))
        .withCause(cause(failure))
        .withRemedy("systemctl status quorate-coordinator    (on its host)")
        .withRemedy("quorate context list    (is the address right?)");
  }

  private static String cause(IOException failure) {
    if (failure instanceof UnknownHostException) {
      return "its name is unknown";
    }
    if (failure instanceof SocketTimeoutException) {
      return "no answer in time";
    }
    if (failure instanceof NoRouteToHostException) {
      return "there is no route to it";
    }
    if (failure instanceof ConnectException) {
      return "nothing listens there (connection refused)";
    }
    return root(failure);
  }

  private static boolean hasCause(Throwable failure, Class<? extends Throwable> kind) {
    for (@Nullable Throwable each = failure; each != null; each = each.getCause()) {
      if (kind.isInstance(each)) {
        return true;
      }
    }
    return false;
  }

  private static String root(Throwable failure) {
    Throwable last = failure;
    for (@Nullable Throwable each = failure; each != null; each = each.getCause()) {
      last = each;
    }
    String message = last.getMessage();
    return message == null ? last.getClass().getSimpleName() : message;
  }
}
