package io.quorate.common.pki;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an authority is to certify. Names are DNS names and IP addresses, told apart by their form.
 */
public record Leaf(
    String commonName,
    Optional<String> organization,
    List<String> names,
    List<String> uris,
    Set<Usage> usages,
    Duration validity,
    Optional<BigInteger> serial) {
  public Leaf {
    names = names.stream().distinct().toList();
    uris = List.copyOf(uris);
    usages = Set.copyOf(usages);
  }

  public enum Usage {
    SERVER,
    CLIENT
  }

  public static Leaf of(String commonName, Duration validity, Usage... usages) {
    return new Leaf(
        commonName,
        Optional.empty(),
        List.of(),
        List.of(),
        Set.of(usages),
        validity,
        Optional.empty());
  }

  public Leaf withNames(List<String> other) {
    return new Leaf(commonName, organization, other, uris, usages, validity, serial);
  }

  public Leaf withUri(String uri) {
    return new Leaf(commonName, organization, names, List.of(uri), usages, validity, serial);
  }

  public Leaf withOrganization(String other) {
    return new Leaf(commonName, Optional.of(other), names, uris, usages, validity, serial);
  }

  /** Otherwise random. */
  public Leaf withSerial(BigInteger other) {
    return new Leaf(commonName, organization, names, uris, usages, validity, Optional.of(other));
  }
}
