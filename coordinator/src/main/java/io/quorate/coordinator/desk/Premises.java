package io.quorate.coordinator.desk;

import io.quorate.common.error.Code;
import io.quorate.coordinator.api.v1.CheckReport.Check;
import io.quorate.coordinator.api.v1.CheckReport.Result;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.store.Clusters.Cluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What the coordinator knows of a host that is to carry a member, without asking it. */
final class Premises {
  private static final long CLOCK_WARNING_MILLIS = 1_000;
  private static final long CLOCK_LIMIT_MILLIS = 30_000;

  private final Office office;

  Premises(Office office) {
    this.office = office;
  }

  List<Check> of(ClusterSpec.Member member, ClusterSpec wanted, long clockOffsetMillis) {
    List<Check> checks = new ArrayList<>();
    checks.add(clock(member.host().value(), clockOffsetMillis));
    checks.add(address(member));
    checks.addAll(neighbours(member, wanted));
    return checks;
  }

  private static Check clock(String host, long offset) {
    String detail = "%.1f s off".formatted(offset / 1000.0);
    if (Math.abs(offset) > CLOCK_LIMIT_MILLIS) {
      return Checks.failed(
          host,
          "clock.offset",
          new Hold(Code.Q1209, "the clock of " + host + " is " + detail, "synchronise it"));
    }
    boolean apart = Math.abs(offset) > CLOCK_WARNING_MILLIS;
    return new Check(
        host,
        "clock.offset",
        apart ? Result.WARN : Result.PASS,
        apart ? Code.Q2109.name() : "",
        detail,
        "");
  }

  /** A name is not looked up here; a literal address must be one that the host has told. */
  private Check address(ClusterSpec.Member member) {
    String host = member.host().value();
    List<String> told =
        office.agents().seen(member.host()).map(s -> s.facts().addresses()).orElse(List.of());
    boolean literal = member.address().contains(":") || member.address().matches("[0-9.]+");
    boolean loopback = member.address().startsWith("127.") || member.address().equals("::1");
    if (!literal || loopback || told.isEmpty() || told.contains(member.address())) {
      return Checks.passed(host, "host.address", member.address());
    }
    return Checks.failed(
        host,
        "host.address",
        new Hold(
            Code.Q2010,
            "%s is no address of host %s, which has %s"
                .formatted(member.address(), host, String.join(", ", told)),
            "give the host the address; on it: systemctl restart quorate-agent"));
  }

  /** Members of other clusters on the same host, whether or not they run just now. */
  private List<Check> neighbours(ClusterSpec.Member member, ClusterSpec wanted) {
    List<Check> found = new ArrayList<>();
    for (Cluster other : office.store().clusters().list()) {
      if (other.name().equals(wanted.cluster())) {
        continue;
      }
      other.spec().members().stream()
          .filter(m -> m.host().equals(member.host()))
          .flatMap(m -> clash(member, wanted, m, other.spec()).stream())
          .map(
              what ->
                  Checks.failed(
                      member.host().value(),
                      "host.neighbours",
                      new Hold(
                          Code.Q1008,
                          "%s and %s have both %s on %s"
                              .formatted(wanted.cluster(), other.name(), what, member.host()),
                          "give one of them other ports or paths")))
          .forEach(found::add);
    }
    return found;
  }

  private static Optional<String> clash(
      ClusterSpec.Member one, ClusterSpec wanted, ClusterSpec.Member two, ClusterSpec other) {
    Optional<Integer> port =
        Stream.of(one.clientPort(), one.peerPort())
            .filter(p -> p == two.clientPort() || p == two.peerPort())
            .findFirst();
    if (port.isPresent()) {
      return port.map(p -> "port " + p);
    }
    Set<String> directories = Set.of(other.layout().dataDirectory(), other.layout().walDirectory());
    return Stream.of(wanted.layout().dataDirectory(), wanted.layout().walDirectory())
        .filter(directories::contains)
        .findFirst();
  }
}
