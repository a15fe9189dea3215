package io.quorate.coordinator.session;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts wrong tokens by the address they came from, so that guessing gets nowhere.
 *
 * <ol>
 *   <li>After {@link #ALLOWED} wrong ones within {@link #WINDOW}, nothing from that address is
 *       looked at until the window has passed, not even a right one.
 *   <li>An IPv6 network of 64 bits counts as one address: whoever has one address of it has all.
 *   <li>Memory is bounded: of more than {@link #REMEMBERED} addresses the oldest is forgotten.
 * </ol>
 */
final class WrongTokens {
  static final int ALLOWED = 10;
  static final Duration WINDOW = Duration.ofMinutes(1);
  static final int REMEMBERED = 10_000;

  private final InstantSource clock;
  private final Map<String, Count> counts = new LinkedHashMap<>();

  WrongTokens(InstantSource clock) {
    this.clock = clock;
  }

  private record Count(Instant since, int wrong) {}

  synchronized boolean barred(String address) {
    Count count = counts.get(network(address));
    return count != null && count.wrong >= ALLOWED && inWindow(count);
  }

  synchronized void wrong(String address) {
    String network = network(address);
    Count count = counts.remove(network);
    counts.put(
        network,
        count != null && inWindow(count)
            ? new Count(count.since, count.wrong + 1)
            : new Count(clock.instant(), 1));
    if (counts.size() > REMEMBERED) {
      counts.remove(counts.keySet().iterator().next());
    }
  }

  /** A clock set back ends a window too: nobody is barred for ten years. */
  private boolean inWindow(Count count) {
    Instant now = clock.instant();
    return !now.isBefore(count.since) && now.isBefore(count.since.plus(WINDOW));
  }

  private static String network(String address) {
    try {
      InetAddress parsed = InetAddress.getByName(address); // a literal: nothing is looked up
      return parsed instanceof Inet6Address
          ? HexFormat.of().formatHex(Arrays.copyOf(parsed.getAddress(), 8))
          : address;
    } catch (UnknownHostException e) {
      return address;
    }
  }
}
