package io.quorate.coordinator.plan;

import io.quorate.common.error.Problem;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.Release;
import io.quorate.common.model.Setting;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.spec.rules.EtcdSettings;
import io.quorate.coordinator.spec.rules.VersionPath;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What version is due now: the spec's, or the next hop towards it, with the settings as that
 * version names them; or why there is none.
 */
public record Due(
    Optional<Documents> documents, Optional<EtcdVersion> version, Optional<Hold> refusal) {

  public static Due of(Situation situation) {
    ClusterSpec wanted = situation.wanted();
    Optional<VersionPath.Start> start = start(situation);
    if (start.isEmpty()) {
      return at(situation, wanted.version());
    }
    VersionPath.Result path =
        VersionPath.plan(
            start.get(), wanted.version(), catalogue(situation), wanted.policies().accepted());
    return switch (path) {
      case VersionPath.Result.Refused refused -> refused(hold(refused.problems().getFirst()));
      case VersionPath.Result.Direct direct -> at(situation, direct.to());
      case VersionPath.Result.Hops hops -> at(situation, hops.versions().getFirst());
    };
  }

  private static Due at(Situation situation, EtcdVersion version) {
    SortedMap<String, Setting> settings = situation.wanted().settings();
    if (!version.equals(situation.wanted().version())) {
      return due(situation, version, EtcdSettings.during(settings, version));
    }
    return switch (EtcdSettings.forVersion(settings, version)) {
      case EtcdSettings.Translation.Known known -> due(situation, version, known.settings());
      case EtcdSettings.Translation.Unknown unknown ->
          refused(hold(unknown.problems().firstEntry().getValue()));
    };
  }

  private static Due due(
      Situation situation, EtcdVersion version, SortedMap<String, Setting> settings) {
    return new Due(
        Optional.of(new Documents(situation, version, settings)),
        Optional.of(version),
        Optional.empty());
  }

  private static Due refused(Hold reason) {
    return new Due(Optional.empty(), Optional.empty(), Optional.of(reason));
  }

  private static Hold hold(Problem problem) {
    return new Hold(problem.code(), problem.sentence(), String.join("; ", problem.remedies()));
  }

  /** Empty as long as nobody answers: nobody runs anything then that a way could start from. */
  private static Optional<VersionPath.Start> start(Situation situation) {
    List<EtcdView.Versions> seen =
        situation.seen().etcd().endpoints().stream()
            .flatMap(e -> e.status().stream())
            .map(EtcdView.Status::versions)
            .toList();
    Comparator<EtcdVersion> order = Comparator.naturalOrder();
    Optional<EtcdVersion> settled =
        seen.stream()
            .flatMap(v -> Stream.concat(v.cluster().stream(), v.storage().stream()))
            .min(order);
    Optional<EtcdVersion> highest = seen.stream().map(EtcdView.Versions::server).max(order);
    return seen.stream()
        .map(EtcdView.Versions::server)
        .min(order)
        .map(
            lowest -> new VersionPath.Start(lowest, highest.orElse(lowest), settled, false, false));
  }

  private static Set<EtcdVersion> catalogue(Situation situation) {
    return situation.seen().catalogue().stream().map(Release::version).collect(Collectors.toSet());
  }
}
