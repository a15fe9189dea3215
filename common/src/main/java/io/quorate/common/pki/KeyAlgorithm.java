package io.quorate.common.pki;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The kinds of keys that Quorate makes and signs. The first one unless its owner chose. */
public enum KeyAlgorithm {
  ECDSA_P256("ecdsa-p256", "EC", 256),
  ECDSA_P384("ecdsa-p384", "EC", 384),
  RSA_2048("rsa-2048", "RSA", 2048),
  RSA_3072("rsa-3072", "RSA", 3072),
  RSA_4096("rsa-4096", "RSA", 4096);

  private final String text;
  private final String family;
  private final int bits;

  KeyAlgorithm(String text, String family, int bits) {
    this.text = text;
    this.family = family;
    this.bits = bits;
  }

  /** From the spec's word; empty is the default. */
  public static KeyAlgorithm parse(String text) {
    if (text.isEmpty()) {
      return ECDSA_P256;
    }
    for (KeyAlgorithm algorithm : values()) {
      if (algorithm.text.equals(text)) {
        return algorithm;
      }
    }
    throw Problem.of(Code.Q1004, "unknown key algorithm")
        .withRemedy(
            "choose one of "
                + Arrays.stream(values()).map(one -> one.text).collect(Collectors.joining(", ")))
        .asException();
  }

  String family() {
    return family;
  }

  int bits() {
    return bits;
  }

  @Override
  public String toString() {
    return text;
  }
}
