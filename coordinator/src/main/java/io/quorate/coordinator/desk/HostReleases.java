package io.quorate.coordinator.desk;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.HostName;
import io.quorate.common.model.Release;

/** The release of a version that a host can run. */
final class HostReleases {
  private HostReleases() {}

  /**
   * @param away what it is to be refused with when the host is not connected
   */
  static Release require(Office office, HostName host, EtcdVersion version, Code away) {
    String architecture =
        office
            .agents()
            .seen(host)
            .filter(seen -> seen.connected())
            .map(seen -> seen.facts().architecture())
            .orElseThrow(
                () ->
                    Problem.of(away, "host %s is not connected".formatted(host))
                        .withState("nothing was changed")
                        .withRemedy("quorate host list")
                        .asException());
    return office.store().releases().list().stream()
        .map(entry -> entry.release())
        .filter(r -> r.version().equals(version))
        .filter(r -> r.architecture().equals(architecture))
        .findFirst()
        .orElseThrow(
            () ->
                Problem.of(
                        Code.Q1103,
                        "etcd %s for %s, which the data is of, is not in the catalogue"
                            .formatted(version, architecture))
                    .withState("nothing was changed")
                    .withRemedy(
                        "quorate release add etcd-v%s-linux-%s.tar.gz"
                            .formatted(version, architecture))
                    .asException());
  }
}
