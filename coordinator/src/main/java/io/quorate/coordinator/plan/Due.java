package io.quorate.coordinator.plan;

import io.quorate.common.model.EtcdVersion;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What version is due now: the spec's, or the next hop towards it, with the settings as that
 * version names them; or why there is none.
 */
public record Due(
    Optional<Documents> documents, Optional<EtcdVersion> version, Optional<Hold> refusal) {

  public static Due of(Situation situation) {
    EtcdVersion wanted = situation.wanted().version();
    return new Due(
        Optional.of(new Documents(situation, wanted, situation.wanted().settings())),
        Optional.of(wanted),
        Optional.empty());
  }

  /** The lowest version that a voter runs; nobody answers, nobody runs anything. */
  static Optional<EtcdVersion> lowestRunning(Situation situation) {
    return situation.seen().etcd().endpoints().stream()
        .flatMap(e -> e.status().stream())
        .map(s -> s.versions().server())
        .min(Comparator.naturalOrder());
  }

  static Set<EtcdVersion> catalogue(Situation situation) {
    return situation.seen().catalogue().stream()
        .map(io.quorate.common.model.Release::version)
        .collect(Collectors.toSet());
  }
}
