package io.quorate.coordinator.spec;

import io.quorate.common.error.Code;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.Setting;
import io.quorate.coordinator.spec.rules.EtcdSettings;
import io.quorate.coordinator.spec.rules.EtcdSettings.Translation;
import io.quorate.coordinator.spec.yaml.Findings;
import io.quorate.coordinator.spec.yaml.Section;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/** Reads etcd's own settings, and checks that the version knows them and that they fit together. */
final class SettingsReader {
  private static final Duration HEARTBEAT = Duration.ofMillis(100);
  private static final Duration ELECTION = Duration.ofSeconds(1);
  private static final int HEARTBEATS_WITHIN_ELECTION = 5;

  private final Findings findings;

  SettingsReader(Findings findings) {
    this.findings = findings;
  }

  SortedMap<String, Setting> read(Section root, Optional<EtcdVersion> version) {
    SortedSet<String> known = EtcdSettings.names();
    known.addAll(EtcdSettings.reservedNames());
    Section section = root.section("etcd", known);
    SortedMap<String, Setting> settings = new TreeMap<>();
    for (String name : section.present()) {
      EtcdSettings.refusal(name)
          .ifPresentOrElse(
              refusal -> findings.add(section.at(name), refusal),
              () ->
                  section
                      .read(
                          name, EtcdSettings.expected(name), text -> EtcdSettings.read(name, text))
                      .ifPresent(value -> settings.put(name, value)));
    }
    version.ifPresent(v -> checkKnown(section, settings, v));
    addDefaults(section, settings);
    checkTiming(section, settings);
    return settings;
  }

  private void checkKnown(
      Section section, SortedMap<String, Setting> settings, EtcdVersion version) {
    if (EtcdSettings.forVersion(settings, version) instanceof Translation.Unknown unknown) {
      unknown.problems().forEach((name, problem) -> findings.add(section.at(name), problem));
    }
  }

  private void addDefaults(Section section, SortedMap<String, Setting> settings) {
    settings.putIfAbsent("quota-backend-bytes", new Setting.Whole(8L << 30));
    settings.putIfAbsent("heartbeat-interval", new Setting.Span(HEARTBEAT));
    Duration tenBeats = span(settings, "heartbeat-interval", HEARTBEAT).multipliedBy(10);
    settings.putIfAbsent(
        "election-timeout",
        new Setting.Span(tenBeats.compareTo(ELECTION) > 0 ? tenBeats : ELECTION));
    settings.putIfAbsent("auto-compaction-mode", new Setting.Text("periodic"));
    if (settings.containsKey("auto-compaction-retention")) {
      checkRetention(section, settings);
    } else if (byRevision(settings)) {
      findings.add(
          section.at("auto-compaction-mode"),
          Code.Q1005,
          "auto-compaction-mode 'revision' needs auto-compaction-retention",
          "say how many revisions are kept, such as 10000");
    } else {
      settings.put("auto-compaction-retention", new Setting.Text("1h"));
    }
  }

  private void checkRetention(Section section, SortedMap<String, Setting> settings) {
    String retention = String.valueOf(settings.get("auto-compaction-retention"));
    if (byRevision(settings) && !retention.chars().allMatch(Character::isDigit)) {
      findings.add(
          section.at("auto-compaction-retention"),
          Code.Q1004,
          "with auto-compaction-mode 'revision' the retention is a number of revisions, not '%s'"
              .formatted(retention),
          "");
    }
  }

  private static boolean byRevision(SortedMap<String, Setting> settings) {
    return new Setting.Text("revision").equals(settings.get("auto-compaction-mode"));
  }

  /** Etcd does not start otherwise. */
  private void checkTiming(Section section, SortedMap<String, Setting> settings) {
    Duration heartbeat = span(settings, "heartbeat-interval", HEARTBEAT);
    Duration election = span(settings, "election-timeout", ELECTION);
    if (election.compareTo(heartbeat.multipliedBy(HEARTBEATS_WITHIN_ELECTION)) < 0) {
      findings.add(
          section.at("election-timeout"),
          Code.Q1004,
          "election-timeout is to be at least five times the heartbeat-interval",
          "ten times is usual");
    }
  }

  private static Duration span(
      SortedMap<String, Setting> settings, String name, Duration otherwise) {
    return settings.get(name) instanceof Setting.Span span ? span.value() : otherwise;
  }
}
