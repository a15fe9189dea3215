package io.quorate.coordinator.spec;

import com.google.common.net.InetAddresses;
import io.quorate.common.error.Code;
import io.quorate.coordinator.spec.yaml.Findings;
import io.quorate.coordinator.spec.yaml.SafeYaml;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.regex.Pattern;

/**
 * The addresses that members are reached under: IPv4, IPv6 without brackets or zone, or a DNS name
 * in lower case. Never looked up, never rewritten.
 */
final class Addresses {
  private static final Pattern DNS =
      Pattern.compile(
          "(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final int LONGEST = 253;

  private Addresses() {}

  /** The same text, if members can be reached under it. */
  static String check(String text) {
    if (text.length() > LONGEST) {
      throw refused(text, "too long");
    }
    if (InetAddresses.isInetAddress(text)) {
      InetAddress address = InetAddresses.forString(text);
      if (text.contains("%") || text.startsWith("[")) {
        throw refused(text, "written with a zone or brackets");
      }
      if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
        throw refused(text, "not an address of one host");
      }
      if (address instanceof Inet6Address && address.isLinkLocalAddress()) {
        throw refused(text, "link-local, which needs a zone");
      }
      return text;
    }
    return checkName(text);
  }

  /** A DNS name; a certificate's further name may also be an address. */
  private static String checkName(String text) {
    if (!DNS.matcher(text).matches()) {
      throw refused(text, "neither IPv4, IPv6 nor a DNS name in lower case");
    }
    return text;
  }

  /** One spelling for each address, to find two that are the same. */
  static String canonical(String text) {
    return InetAddresses.isInetAddress(text)
        ? InetAddresses.toAddrString(InetAddresses.forString(text))
        : text;
  }

  private static RuntimeException refused(String text, String why) {
    return Findings.problem(
            Code.Q1004,
            "address '%s' is %s".formatted(SafeYaml.printable(text), why),
            "write it as 10.77.0.11, fd00::11 or etcd-1.example.org, without scheme and port")
        .asException();
  }
}
