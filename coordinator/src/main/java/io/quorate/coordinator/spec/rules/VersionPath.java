package io.quorate.coordinator.spec.rules;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.EtcdVersion;
import io.quorate.coordinator.spec.rules.VersionRules.Departure;
import io.quorate.coordinator.spec.rules.VersionRules.Flaw;
import io.quorate.coordinator.spec.rules.VersionRules.Hazard;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The legal way from the versions that members run to the wanted one.
 *
 * <ol>
 *   <li>A wanted version that is known to be bad, or of a minor version that these rules do not
 *       describe, has no way.
 *   <li>As long as one member runs the wanted minor version or an older one, the cluster's version
 *       has not passed it: any patch of it may be taken, up or down, at once. That is also the way
 *       back out of an unfinished upgrade.
 *   <li>Upwards the way starts at the lowest running version and takes one minor version at a time.
 *       Before it leaves a minor version, every member must run a patch from which leaving is safe;
 *       if the running one is not, the newest of the catalogue is passed through. Each minor
 *       version between is passed through at the newest patch of the catalogue. Once some member
 *       has left a minor version, the others follow without such a detour and without asking for an
 *       acceptance again, or the change would turn round half-way because a release was added; so
 *       does one that returns from an unfinished downgrade.
 *   <li>Downwards it starts at the highest running version, so that a downgrade under way is
 *       finished before the next begins; one minor version at a time, never below 3.5.
 *   <li>A hazard that cannot be excluded by looking refuses until its owner accepts it by name.
 * </ol>
 *
 * Guaranteed: no two neighbours of the way are more than a minor version apart, none is known to be
 * bad, and the last is the wanted one. All that refuses is told at once.
 */
public final class VersionPath {
  /**
   * Where a way starts: the members' own versions; the version that the cluster and its storage
   * have settled on, as far as it is known; and what may be in their data.
   */
  public record Start(
      EtcdVersion lowest,
      EtcdVersion highest,
      Optional<EtcdVersion> settled,
      boolean authEnabled,
      boolean mayHoldV2Data) {
    public static Start at(EtcdVersion version) {
      return new Start(version, version, Optional.empty(), false, false);
    }

    /** The cluster itself lags behind its members: it raises its version within seconds. */
    boolean settling() {
      return settled.isPresent() && minors(settled.get(), lowest) > 0;
    }
  }

  public sealed interface Result {
    /** All members may take it, one after the other. */
    record Direct(EtcdVersion to) implements Result {}

    /** At least two; the last is the wanted one. All members take one before any takes the next. */
    record Hops(List<EtcdVersion> versions) implements Result {
      public Hops {
        versions = List.copyOf(versions);
      }
    }

    record Refused(List<Problem> problems) implements Result {
      public Refused {
        problems = List.copyOf(problems);
      }
    }

    /** The version that is due next, when there is a way. */
    default Optional<EtcdVersion> next() {
      return switch (this) {
        case Direct direct -> Optional.of(direct.to());
        case Hops hops -> Optional.of(hops.versions().getFirst());
        case Refused refused -> Optional.empty();
      };
    }
  }

  private final Start start;
  private final EtcdVersion wanted;
  private final Collection<EtcdVersion> catalogue;
  private final Set<String> accepted;
  private final List<EtcdVersion> hops = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();

  private VersionPath(
      Start start, EtcdVersion wanted, Collection<EtcdVersion> catalogue, Set<String> accepted) {
    this.start = start;
    this.wanted = wanted;
    this.catalogue = catalogue;
    this.accepted = accepted;
  }

  public static Result plan(
      Start start, EtcdVersion wanted, Collection<EtcdVersion> catalogue, Set<String> accepted) {
    return new VersionPath(start, wanted, catalogue, accepted).plan();
  }

  /** Why this version may not be wanted at all, whatever runs now. */
  public static Optional<Problem> refusal(EtcdVersion wanted) {
    if (!VersionRules.known(wanted)) {
      return Optional.of(
          Problem.of(
                  Code.Q3201,
                  "etcd %s is none of the versions that Quorate knows: %s"
                      .formatted(wanted, String.join(", ", EtcdSettings.minors())))
              .withRemedy("name a release of one of these"));
    }
    return VersionRules.bad(wanted)
        .map(
            flaw ->
                Problem.of(Code.Q3202, "etcd %s: %s".formatted(wanted, flaw.reason()))
                    .withCause("source: " + flaw.source())
                    .withRemedy(
                        "name a later %s, such as %s".formatted(wanted.minorText(), after(flaw))));
  }

  private static EtcdVersion after(Flaw flaw) {
    EtcdVersion last = flaw.last();
    return new EtcdVersion(last.major(), last.minor(), last.patch() + 1);
  }

  private Result plan() {
    refusal(wanted).ifPresent(problems::add);
    if (problems.isEmpty()) {
      if (minors(start.lowest(), wanted) >= 0) {
        up(start.lowest());
      } else {
        down(start.highest());
      }
    }
    if (!problems.isEmpty()) {
      return new Result.Refused(problems);
    }
    return hops.size() > 1 ? new Result.Hops(hops) : new Result.Direct(wanted);
  }

  private void up(EtcdVersion from) {
    if (!VersionRules.known(from)) {
      problems.add(
          Problem.of(
                  Code.Q3201,
                  "etcd %s runs, and Quorate knows no way from there to %s".formatted(from, wanted))
              .withRemedy("bring it to 3.4 by etcd's own guide first"));
      return;
    }
    EtcdVersion at = from;
    while (minors(at, wanted) > 0 && problems.isEmpty()) {
      at = leave(at);
      if (hops.isEmpty() && start.settling()) {
        hops.add(start.highest().sameMinor(at) ? start.highest() : at);
      }
      hazards(at);
      at = enter(at);
    }
    if (minors(at, wanted) == 0 && (hops.isEmpty() || !hops.getLast().equals(wanted))) {
      hops.add(wanted);
    }
  }

  /** The patch of this minor version from which the next may be entered. */
  private EtcdVersion leave(EtcdVersion at) {
    Optional<Departure> rule = VersionRules.departure(at);
    if (rule.isEmpty() || rule.get().recommends(at)) {
      return at;
    }
    Departure departure = rule.get();
    if (minors(at, start.highest()) > 0) {
      return departure.allows(at) ? at : halfway(at, departure);
    }
    Optional<EtcdVersion> better = newest(at).filter(v -> v.compareTo(at) > 0);
    if (better.isPresent() && (departure.recommends(better.get()) || !departure.allows(at))) {
      return pass(better.get(), departure);
    }
    return departure.allows(at) ? pass(at, departure) : missing(at, departure);
  }

  private EtcdVersion pass(EtcdVersion through, Departure departure) {
    if (!departure.allows(through)) {
      return missing(through, departure);
    }
    if (!departure.recommends(through)) {
      require(VersionRules.PATH);
    }
    if (through.compareTo(start.lowest()) != 0 && !hops.contains(through)) {
      hops.add(through);
    }
    return through;
  }

  private EtcdVersion missing(EtcdVersion at, Departure departure) {
    String needed = "%s.%d".formatted(departure.minor(), departure.recommended());
    problems.add(
        Problem.of(
                Code.Q3203,
                "the way from %s to %s leads over %s or a later %s, which is not in the catalogue"
                    .formatted(start.lowest(), wanted, needed, departure.minor()))
            .withCause("every member must have run it first: " + departure.reason())
            .withCause("source: " + departure.source())
            .withRemedy("quorate release add etcd-v%s-linux-ARCH.tar.gz".formatted(needed)));
    return at;
  }

  private EtcdVersion halfway(EtcdVersion at, Departure departure) {
    problems.add(
        Problem.of(
                Code.Q3201,
                "members run %s and %s side by side; the lower should not have been left behind"
                    .formatted(at, start.highest()))
            .withCause(departure.reason())
            .withCause("source: " + departure.source())
            .withRemedy(
                "go back first: 'version: %s.%d' or later in the cluster's file"
                    .formatted(departure.minor(), departure.recommended())));
    return at;
  }

  /** What may be in the data of this minor version and hurt in the next. */
  private void hazards(EtcdVersion at) {
    if (at.minorText().equals("3.4") && start.authEnabled()) {
      require(VersionRules.AUTH);
    }
    if (at.minorText().equals("3.5") && start.mayHoldV2Data()) {
      require(VersionRules.V2_STORE);
    }
  }

  private void require(Hazard hazard) {
    if (!hazard.accepted(accepted)) {
      problems.add(
          Problem.of(
                  Code.Q3207, "%s to %s: %s".formatted(start.lowest(), wanted, hazard.sentence()))
              .withCause("source: " + hazard.source())
              .withRemedy(hazard.remedy())
              .withRemedy(
                  "or accept it: quorate apply -f FILE --accept %1$s, or 'accept: [%1$s]' in the file"
                      .formatted(hazard.name())));
    }
  }

  /** The next minor version: the wanted version itself, or the newest patch there is of it. */
  private EtcdVersion enter(EtcdVersion at) {
    int minor = at.minor() + (wanted.minor() > at.minor() ? 1 : -1);
    EtcdVersion any = new EtcdVersion(at.major(), minor, 0);
    if (any.sameMinor(wanted)) {
      hops.add(wanted);
      return wanted;
    }
    Optional<EtcdVersion> through = newest(any);
    if (through.isEmpty() && problems.isEmpty()) {
      problems.add(
          Problem.of(
                  Code.Q3203,
                  "the way from %s to %s leads over %s, of which the catalogue has no release"
                      .formatted(at, wanted, any.minorText()))
              .withCause("etcd takes one minor version at a time")
              .withRemedy(
                  "quorate release add FILE with the newest etcd %s".formatted(any.minorText())));
    }
    through.ifPresent(hops::add);
    return through.orElse(any);
  }

  private void down(EtcdVersion from) {
    EtcdVersion at = from;
    if (wanted.minorText().equals("3.4") || !VersionRules.known(from)) {
      problems.add(
          Problem.of(
                  Code.Q3205,
                  "there is no way down from %s to %s that Quorate could watch over"
                      .formatted(from, wanted))
              .withCause(
                  "before 3.6 etcd cannot bring its storage down while it runs; 3.5 to 3.4 needs"
                      + " 3.4.32, a flag that outlives the change, and no users at all")
              .withCause("source: etcd downgrades/downgrade_3_5.md")
              .withRemedy("restore a snapshot that 3.4 made: quorate snapshot restore CLUSTER"));
      return;
    }
    boolean alike = start.lowest().sameMinor(at);
    if (alike && at.minorText().equals("3.7") && at.compareTo(VersionRules.DOWNGRADES_WELL) < 0) {
      Optional<EtcdVersion> better =
          newest(at).filter(v -> v.compareTo(VersionRules.DOWNGRADES_WELL) >= 0);
      better.ifPresent(hops::add);
      at = better.orElse(at);
    }
    while (minors(at, wanted) < 0 && problems.isEmpty()) {
      at = enter(at);
    }
  }

  /** The newest of the catalogue in this one's minor version that is not known to be bad. */
  private Optional<EtcdVersion> newest(EtcdVersion like) {
    return catalogue.stream()
        .filter(like::sameMinor)
        .filter(version -> VersionRules.bad(version).isEmpty())
        .max(Comparator.naturalOrder());
  }

  /** How many minor versions lie from one up to the other; negative when it is downwards. */
  private static int minors(EtcdVersion from, EtcdVersion to) {
    return (to.major() - from.major()) * 1000 + to.minor() - from.minor();
  }
}
