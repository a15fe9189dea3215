package io.quorate.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much of a stretch of time something on this machine waited for a processor, as the kernel
 * counts it. All hosts of a lab share one machine: what a client sees on one that is busy with
 * other things says nothing about them.
 */
public final class Pressure {
  private static final Path FILE = Path.of("/proc/pressure/cpu");
  private static final Pattern TOTAL = Pattern.compile("some .*total=(\\d+)");

  private final long stalled = stalled();
  private final long began = System.nanoTime();

  private Pressure() {}

  public static Pressure begin() {
    return new Pressure();
  }

  /** From 0 to 1, since {@link #begin}; 0 where the kernel does not count. */
  public double share() {
    double passed = (System.nanoTime() - began) / 1000.0;
    return passed <= 0 ? 0 : Math.min(1, (stalled() - stalled) / passed);
  }

  /** Microseconds since the machine started. */
  private static long stalled() {
    try {
      Matcher matcher = TOTAL.matcher(Files.exists(FILE) ? Files.readString(FILE) : "");
      return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
