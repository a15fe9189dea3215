package io.quorate.common.model;

/**
 * The name of a member: lower-case letters, digits and dashes, so that it is safe in paths, units
 * and certificates.
 */
public record MemberName(String value) implements Comparable<MemberName> {
  public MemberName {
    Names.check("member", value);
  }

  public static MemberName of(String value) {
    return new MemberName(value);
  }

  @Override
  public int compareTo(MemberName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
