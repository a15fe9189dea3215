package io.quorate.coordinator.spec.rules;

import io.quorate.common.model.EtcdVersion;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is known about etcd's versions: which ones lose data, what a minor version must have reached
 * before the next, what may go wrong on the way. Each entry with its reason and where that is
 * written.
 */
public final class VersionRules {
  /** Versions that nobody is to run, not even for an hour. */
  static final List<Flaw> BAD =
      List.of(
          new Flaw(
              new EtcdVersion(3, 5, 0),
              new EtcdVersion(3, 5, 2),
              "a member that crashes under load can lose acknowledged writes, unnoticed",
              "etcd Documentation/postmortems/v3.5-data-inconsistency.md"));

  /** Flaws that an owner should know of; they refuse nothing. */
  static final List<Flaw> FLAWED =
      List.of(
          new Flaw(
              new EtcdVersion(3, 4, 0),
              new EtcdVersion(3, 4, 9999),
              "3.4 has reached its end of life: no fixes are made any more",
              "etcd CHANGELOG/README.md"),
          new Flaw(
              new EtcdVersion(3, 5, 3),
              new EtcdVersion(3, 5, 22),
              "defragmenting a member that is catching up can corrupt it, fixed in 3.5.23",
              "etcd CHANGELOG-3.5.md"),
          new Flaw(
              new EtcdVersion(3, 6, 0),
              new EtcdVersion(3, 6, 4),
              "defragmenting a member that is catching up can corrupt it, fixed in 3.6.5",
              "etcd CHANGELOG-3.6.md"));

  /** What a minor version must have reached on every member before the next minor. */
  static final List<Departure> DEPARTURES =
      List.of(
          new Departure(
              "3.5",
              26,
              32,
              "members removed long ago come back (zombies) and voters turn into learners in 3.6,"
                  + " because 3.5 kept two member lists that could differ",
              "etcd upgrades/upgrade_3_6.md; etcd.io/blog/2025/zombie_members_upgrade;"
                  + " etcd issues 19557, 20793, 20967"),
          new Departure(
              "3.6",
              11,
              11,
              "earlier 3.6 releases may not work beside 3.7 during a rolling upgrade",
              "etcd upgrades/upgrade_3_7.md"));

  /** Etcd's downgrade reads the write-ahead log wrongly before this release (etcd PR 22171). */
  static final EtcdVersion DOWNGRADES_WELL = new EtcdVersion(3, 7, 2);

  static final Hazard AUTH =
      new Hazard(
          "version.auth",
          "etcd's own authentication is enabled, and 3.5 reads such log entries of 3.4 differently:"
              + " etcd does not support this as a rolling upgrade",
          "disable it for the time of the upgrade: etcdctl auth disable",
          "etcd upgrades/upgrade_3_5.md; etcd issue 11943");
  static final Hazard V2_STORE =
      new Hazard(
          "version.v2store",
          "this cluster may hold data of etcd's version 2, with which 3.6 does not start",
          "check a stopped member: etcdutl check v2store --data-dir DIR",
          "etcd upgrades/upgrade_3_6.md; etcd issues 20809, 20870");
  static final Hazard PATH =
      new Hazard(
          "version.path",
          "etcd's guide now asks for 3.5.32 before 3.6: from 3.5.26 on the member lists are"
              + " repaired, but content of version 2 in the write-ahead log is only looked for"
              + " since 3.5.32",
          "add a newer 3.5, which is then passed through: quorate release add etcd-v3.5.33-…",
          "etcd upgrades/upgrade_3_6.md; etcd issues 20809, 20870");

  private VersionRules() {}

  /** A range of versions, both ends included, and what is wrong with them. */
  public record Flaw(EtcdVersion first, EtcdVersion last, String reason, String source) {
    boolean covers(EtcdVersion version) {
      return first.compareTo(version) <= 0 && version.compareTo(last) <= 0;
    }
  }

  /** Below {@code required} refused; below {@code recommended} a hazard. */
  record Departure(String minor, int required, int recommended, String reason, String source) {
    boolean allows(EtcdVersion version) {
      return version.patch() >= required;
    }

    boolean recommends(EtcdVersion version) {
      return version.patch() >= recommended;
    }
  }

  /** Something that cannot be excluded by looking, and that an owner may accept by its name. */
  record Hazard(String name, String sentence, String remedy, String source) {
    boolean accepted(Set<String> accepted) {
      return accepted.contains(name) || accepted.contains("Q3207");
    }
  }

  /** Why nobody is to run this version, if so. */
  public static Optional<Flaw> bad(EtcdVersion version) {
    return BAD.stream().filter(flaw -> flaw.covers(version)).findFirst();
  }

  /** What the owner of this version should know. */
  public static List<Flaw> flaws(EtcdVersion version) {
    return FLAWED.stream().filter(flaw -> flaw.covers(version)).toList();
  }

  /** One of the minor versions that these rules describe. */
  public static boolean known(EtcdVersion version) {
    return EtcdSettings.minors().contains(version.minorText());
  }

  static Optional<Departure> departure(EtcdVersion from) {
    return DEPARTURES.stream().filter(d -> d.minor().equals(from.minorText())).findFirst();
  }
}
