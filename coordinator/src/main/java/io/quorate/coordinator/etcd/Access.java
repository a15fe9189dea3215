package io.quorate.coordinator.etcd;

import io.quorate.common.model.ClusterName;
import io.quorate.common.model.MemberName;
import java.util.List;
import java.util.Optional;

/**
 * How to reach one cluster: the members' client URLs, and what proves who we are. Plaintext when
 * there is no TLS material. Equal material keeps connections, other material replaces them.
 */
public record Access(ClusterName cluster, List<Target> targets, Optional<Tls> tls) {
  public Access {
    targets = List.copyOf(targets);
  }

  public Optional<Target> target(MemberName member) {
    return targets.stream().filter(target -> target.member().equals(member)).findFirst();
  }

  /** One member's client URL, as {@code https://host:port}. */
  public record Target(MemberName member, String clientUrl) {}

  /** PEM texts: the authorities that sign the members, our certificate, our key (PKCS#8). */
  public record Tls(String authorities, String certificate, String key) {
    /** A key never reaches a log by way of a record. */
    @Override
    public String toString() {
      return "Tls[certificate and key]";
    }
  }
}
