package io.quorate.common.model;

/**
 * The name of a cluster: lower-case letters, digits and dashes, so that it is safe in paths, units
 * and certificates.
 */
public record ClusterName(String value) implements Comparable<ClusterName> {
  public ClusterName {
    Names.check("cluster", value);
  }

  public static ClusterName of(String value) {
    return new ClusterName(value);
  }

  @Override
  public int compareTo(ClusterName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
