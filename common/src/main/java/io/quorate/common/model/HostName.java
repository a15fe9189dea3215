package io.quorate.common.model;

/**
 * The name of a host: lower-case letters, digits and dashes, so that it is safe in paths, units and
 * certificates.
 */
public record HostName(String value) implements Comparable<HostName> {
  public HostName {
    Names.check("host", value);
  }

  public static HostName of(String value) {
    return new HostName(value);
  }

  @Override
  public int compareTo(HostName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
