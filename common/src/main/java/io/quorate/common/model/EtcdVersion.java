package io.quorate.common.model;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A released version of etcd. */
public record EtcdVersion(int major, int minor, int patch) implements Comparable<EtcdVersion> {
  private static final Pattern FORM = Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4})");
  private static final Comparator<EtcdVersion> ORDER =
      Comparator.comparingInt(EtcdVersion::major)
          .thenComparingInt(EtcdVersion::minor)
          .thenComparingInt(EtcdVersion::patch);

  public static EtcdVersion parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw Problem.of(Code.Q1004, "'%s' is not an etcd version".formatted(Names.printable(text)))
          .withRemedy("write it as 3.5.30")
          .asException();
    }
    return new EtcdVersion(
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        Integer.parseInt(matcher.group(3)));
  }

  public boolean sameMinor(EtcdVersion other) {
    return major == other.major && minor == other.minor;
  }

  public boolean atLeast(int wantedMajor, int wantedMinor, int wantedPatch) {
    return compareTo(new EtcdVersion(wantedMajor, wantedMinor, wantedPatch)) >= 0;
  }

  /** As etcd names its minor versions, for example 3.5. */
  public String minorText() {
    return major + "." + minor;
  }

  @Override
  public int compareTo(EtcdVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
