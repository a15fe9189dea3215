package io.quorate.common.pki;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** As much of ASN.1's DER as a certificate request is made of. */
final class Der {
  /** The integer 0. */
  static final byte[] VERSION_0 = hex("020100");

  /** No attributes: an empty set, tagged [0]. */
  static final byte[] NOTHING = hex("a000");

  /** 1.2.840.10045.4.3.2, without parameters. */
  static final byte[] SHA256_WITH_ECDSA = hex("300a06082a8648ce3d040302");

  /** 1.2.840.113549.1.1.11, with the parameter NULL. */
  static final byte[] SHA256_WITH_RSA = hex("300d06092a864886f70d01010b0500");

  private static final byte[] COMMON_NAME = hex("0603550403");
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final int UTF8_STRING = 0x0c;
  private static final int BIT_STRING = 0x03;

  private Der() {}

  static byte[] sequence(byte[]... parts) {
    return tagged(SEQUENCE, parts);
  }

  /** A name of one part. */
  static byte[] commonName(String name) {
    byte[] text = tagged(UTF8_STRING, name.getBytes(StandardCharsets.UTF_8));
    return sequence(tagged(SET, sequence(COMMON_NAME, text)));
  }

  static byte[] bitString(byte[] bytes) {
    return tagged(BIT_STRING, new byte[] {0}, bytes); // no unused bits
  }

  private static byte[] tagged(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.write(tag);
    int length = content.size();
    if (length < 0x80) {
      whole.write(length);
    } else if (length < 0x100) {
      whole.write(0x81);
      whole.write(length);
    } else {
      whole.write(0x82);
      whole.write(length >> 8);
      whole.write(length);
    }
    whole.writeBytes(content.toByteArray());
    return whole.toByteArray();
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
