package io.quorate.common.pki;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The SHA-256 of an authority's certificate, as a person carries it from the coordinator to a host:
 * {@code sha256:} and 64 hexadecimal digits.
 */
public record Pin(String text) {
  private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");

  public static Pin of(X509Certificate authority) {
    return new Pin(
        "sha256:" + HexFormat.of().formatHex(Certificates.sha256(Certificates.toDer(authority))));
  }

  public Pin {
    if (!FORM.matcher(text).matches()) {
      throw Problem.of(Code.Q1205, "the pin is not 'sha256:' and 64 hexadecimal digits")
          .withRemedy("copy it from: quorate host token")
          .asException();
    }
  }

  public boolean matches(X509Certificate authority) {
    return text.equals(of(authority).text);
  }

  @Override
  public String toString() {
    return text;
  }
}
