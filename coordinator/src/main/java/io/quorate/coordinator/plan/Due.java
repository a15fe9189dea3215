package io.quorate.coordinator.plan;

import io.quorate.common.error.Problem;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Release;
import io.quorate.common.model.Seed;
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
 * version names them; or why there is none. Where a way starts is read off what members run; one
 * that does not answer counts with what it was last told to run.
 */
public record Due(
    Optional<Documents> documents, Optional<EtcdVersion> version, Optional<Hold> refusal) {

  public static Due of(Situation situation) {
    return situation.due();
  }

  static Due find(Situation situation) {
    ClusterSpec wanted = situation.wanted();
    List<EtcdVersion> running = running(situation);
    if (running.isEmpty()) {
      return VersionPath.refusal(wanted.version())
          .map(Due::refused)
          .orElseGet(() -> with(situation, wanted.version()));
    }
    VersionPath.Start start =
        new VersionPath.Start(
            running.getFirst(),
            running.getLast(),
            settled(situation),
            situation.seen().etcd().authEnabled(),
            mayHoldV2Data(situation));
    VersionPath.Result way =
        VersionPath.plan(
            start, wanted.version(), catalogue(situation), wanted.policies().accepted());
    return way instanceof VersionPath.Result.Refused(List<Problem> problems)
        ? refused(problems.getFirst())
        : with(situation, way.next().orElse(wanted.version()));
  }

  private static Due with(Situation situation, EtcdVersion version) {
    ClusterSpec wanted = situation.wanted();
    if (!version.equals(wanted.version())) {
      return due(situation, version, EtcdSettings.during(wanted.settings(), version));
    }
    return switch (EtcdSettings.forVersion(wanted.settings(), version)) {
      case EtcdSettings.Translation.Known(SortedMap<String, Setting> settings) ->
          due(situation, version, settings);
      case EtcdSettings.Translation.Unknown(SortedMap<String, Problem> problems) ->
          refused(problems.values().iterator().next());
    };
  }

  private static Due due(
      Situation situation, EtcdVersion version, SortedMap<String, Setting> settings) {
    return new Due(
        Optional.of(new Documents(situation, version, settings)),
        Optional.of(version),
        Optional.empty());
  }

  private static Due refused(Problem problem) {
    String causes = problem.causes().isEmpty() ? "" : " (" + problem.causes().getFirst() + ")";
    return new Due(
        Optional.empty(),
        Optional.empty(),
        Optional.of(
            new Hold(
                problem.code(),
                problem.sentence() + causes,
                problem.remedies().stream().findFirst().orElse(""))));
  }

  /** In rising order, each once. */
  private static List<EtcdVersion> running(Situation situation) {
    if (!situation.formed()) {
      return List.of();
    }
    Stream<EtcdVersion> answered =
        situation.seen().etcd().endpoints().stream()
            .flatMap(e -> e.status().stream())
            .map(s -> s.versions().server());
    Stream<EtcdVersion> silent =
        situation.seen().placements().stream()
            .filter(p -> p.issued().isPresent())
            .map(Situation::document)
            .filter(d -> d.conduct().run() == MemberConfig.Run.RUNNING)
            .filter(
                d ->
                    situation
                        .endpoint(d.id().member())
                        .flatMap(EtcdView.Endpoint::status)
                        .isEmpty())
            .map(d -> d.releases().running().version());
    return Stream.concat(answered, silent).distinct().sorted(Comparator.naturalOrder()).toList();
  }

  /**
   * Data of version 2 can only be in a data directory that was brought along: Quorate never lets
   * version 2 be served, and a snapshot holds version 3 alone.
   */
  private static boolean mayHoldV2Data(Situation situation) {
    return situation.intent().foundation().seed() instanceof Seed.Copy;
  }

  private static Optional<EtcdVersion> settled(Situation situation) {
    return situation.seen().etcd().endpoints().stream()
        .flatMap(e -> e.status().stream())
        .flatMap(
            s -> Stream.concat(s.versions().cluster().stream(), s.versions().storage().stream()))
        .min(Comparator.naturalOrder());
  }

  private static Set<EtcdVersion> catalogue(Situation situation) {
    return situation.seen().catalogue().releases().stream()
        .map(Release::version)
        .collect(Collectors.toSet());
  }
}
