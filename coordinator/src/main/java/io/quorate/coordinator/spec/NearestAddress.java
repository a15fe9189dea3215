package io.quorate.coordinator.spec;

import com.google.common.net.InetAddresses;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which of a host's addresses a member gets there when nobody says: the one in the network that it
 * was reached in before, told by the most leading bits in common; of equals the first.
 */
public final class NearestAddress {
  private NearestAddress() {}

  public static Optional<String> of(List<String> addresses, String before) {
    return addresses.stream().min(Comparator.comparing(a -> -common(a, before)));
  }

  private static int common(String one, String two) {
    if (!InetAddresses.isInetAddress(one) || !InetAddresses.isInetAddress(two)) {
      return -1;
    }
    byte[] a = InetAddresses.forString(one).getAddress();
    byte[] b = InetAddresses.forString(two).getAddress();
    if (a.length != b.length) {
      return -1;
    }
    int bits = 0;
    for (int i = 0; i < a.length; i++) {
      int different = (a[i] ^ b[i]) & 0xff;
      if (different != 0) {
        return bits + Integer.numberOfLeadingZeros(different) - 24;
      }
      bits += 8;
    }
    return bits;
  }
}
