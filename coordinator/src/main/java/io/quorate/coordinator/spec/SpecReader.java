package io.quorate.coordinator.spec;

import io.quorate.common.error.Code;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig.Drift;
import io.quorate.common.pki.KeyAlgorithm;
import io.quorate.coordinator.spec.ClusterSpec.Backup;
import io.quorate.coordinator.spec.ClusterSpec.Certificates;
import io.quorate.coordinator.spec.ClusterSpec.Layout;
import io.quorate.coordinator.spec.ClusterSpec.Member;
import io.quorate.coordinator.spec.ClusterSpec.Policies;
import io.quorate.coordinator.spec.ClusterSpec.Rollout;
import io.quorate.coordinator.spec.MembersReader.Ports;
import io.quorate.coordinator.spec.rules.UnitSettings;
import io.quorate.coordinator.spec.rules.VersionPath;
import io.quorate.coordinator.spec.rules.VersionRules;
import io.quorate.coordinator.spec.yaml.Findings;
import io.quorate.coordinator.spec.yaml.SafeYaml;
import io.quorate.coordinator.spec.yaml.Section;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads the sections of a file into records. Every default is here, beside the key it belongs to.
 */
final class SpecReader {
  static final List<String> KEYS =
      List.of(
          "cluster",
          "version",
          "members",
          "ports",
          "paths",
          "etcd",
          "certificates",
          "rollout",
          "backup",
          "unit",
          "spares",
          "replaceAfter",
          "drift",
          "allowDowntime",
          "allowEvenMembers",
          "repairFailedMembersFirst",
          "accept");
  private static final Pattern ACCEPTED = Pattern.compile("[a-z][a-z0-9.-]{1,59}");
  private static final Pattern CODE = Pattern.compile("Q\\d{4}");
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration YEAR = Duration.ofDays(365);

  private final Findings findings;

  SpecReader(Findings findings) {
    this.findings = findings;
  }

  /** Empty when something is wrong; what that is stands in the findings. */
  Optional<ClusterSpec> read(Node node) {
    Section root = Section.open(node, "the file", KEYS, findings);
    root.require("cluster", "version", "members");
    Optional<ClusterName> cluster = root.checked("cluster", ClusterName::of);
    Optional<EtcdVersion> version = root.checked("version", EtcdVersion::parse);
    version.ifPresent(v -> checkVersion(root, v));
    MembersReader reader = new MembersReader(findings);
    boolean allowEven = root.truth("allowEvenMembers", false);
    Ports ports = reader.ports(root, new Ports(2379, 2380));
    List<Member> members = reader.read(root, ports, allowEven);
    Layout layout = layout(root, cluster);
    var settings = new SettingsReader(findings).read(root, version);
    Certificates certificates = certificates(root);
    Rollout rollout = new RolloutReader(findings).read(root, members);
    Backup backup = backup(root);
    Policies policies = policies(root, allowEven, members);
    if (!findings.none() || cluster.isEmpty() || version.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new ClusterSpec(
            cluster.get(),
            version.get(),
            members,
            layout,
            settings,
            certificates,
            rollout,
            backup,
            policies));
  }

  private void checkVersion(Section root, EtcdVersion version) {
    VersionPath.refusal(version).ifPresent(problem -> findings.add(root.at("version"), problem));
    VersionRules.flaws(version)
        .forEach(
            flaw ->
                findings.warn(
                    root.at("version"),
                    Code.Q3202,
                    "etcd %s: %s".formatted(version, flaw.reason()),
                    "see " + flaw.source()));
  }

  private Layout layout(Section root, Optional<ClusterName> cluster) {
    Section paths = root.section("paths", List.of("data", "wal"));
    String usual = "/var/lib/etcd/" + cluster.map(ClusterName::value).orElse("cluster");
    String data = paths.checked("data", Directories::check).orElse(usual);
    String wal = paths.checked("wal", Directories::check).orElse(data + "-wal");
    if (Directories.nested(data, wal)) {
      findings.add(
          paths.at("wal"),
          Code.Q1008,
          "the directories '%s' and '%s' lie in each other".formatted(data, wal),
          "put them side by side, such as '%s' and '%s-wal'".formatted(data, data));
    }
    return new Layout(data, wal, unit(root));
  }

  private SortedMap<String, String> unit(Section root) {
    SortedMap<String, String> unit = new TreeMap<>();
    Section section = root.section("unit", UnitSettings.names());
    for (String key : section.present()) {
      section
          .read(key, UnitSettings.expected(key), text -> UnitSettings.read(key, text))
          .ifPresent(value -> unit.put(key, value));
    }
    return unit;
  }

  private Certificates certificates(Section root) {
    Section section = root.section("certificates", List.of("key", "validity", "names"));
    String key = section.checked("key", SpecReader::keyAlgorithm).orElse("ecdsa-p256");
    Duration validity =
        section
            .span("validity", Duration.ofMinutes(10), YEAR.multipliedBy(10))
            .orElse(DAY.multipliedBy(90));
    List<String> names = new ArrayList<>();
    for (Node entry : section.list("names")) {
      Section.checked(entry, "a name", Addresses::check, findings).ifPresent(names::add);
    }
    return new Certificates(key, validity, names);
  }

  private static String keyAlgorithm(String text) {
    KeyAlgorithm.parse(text);
    return text;
  }

  private Backup backup(Section root) {
    Section section = root.section("backup", List.of("every", "keep", "keepFor"));
    boolean never =
        section.value("every").isPresent() && section.text("every").equals(Optional.of("never"));
    Optional<Duration> every =
        never
            ? Optional.empty()
            : Optional.of(
                section
                    .span("every", Duration.ofMinutes(1), DAY.multipliedBy(31))
                    .orElse(Duration.ofHours(6)));
    return new Backup(
        every,
        section.whole("keep", 1, 10_000).map(Long::intValue).orElse(28),
        section.span("keepFor", Duration.ofMinutes(10), YEAR.multipliedBy(10)));
  }

  private Policies policies(Section root, boolean allowEven, List<Member> members) {
    List<String> choices = List.of("repair", "report");
    List<HostName> spares = spares(root, members);
    Optional<Duration> replaceAfter =
        root.span("replaceAfter", Duration.ofSeconds(10), DAY.multipliedBy(31));
    if (replaceAfter.isPresent() && spares.isEmpty()) {
      findings.warn(
          root.at("replaceAfter"),
          Code.Q1005,
          "replaceAfter without spares replaces nothing",
          "name hosts that stand by: 'spares: [node-4]'");
    }
    return new Policies(
        root.truth("allowDowntime", false),
        allowEven,
        root.truth("repairFailedMembersFirst", false),
        root.read("drift", oneOf(choices), choice(choices))
            .map(word -> word.equals("repair") ? Drift.REPAIR : Drift.REPORT)
            .orElse(Drift.REPAIR),
        spares,
        replaceAfter,
        accepted(root));
  }

  private List<HostName> spares(Section root, List<Member> members) {
    Set<HostName> taken = new HashSet<>();
    members.forEach(member -> taken.add(member.host()));
    List<HostName> spares = new ArrayList<>();
    for (Node entry : root.list("spares")) {
      Optional<HostName> host = Section.checked(entry, "a spare", HostName::of, findings);
      if (host.isPresent() && !taken.add(host.get())) {
        findings.add(
            entry,
            Code.Q1008,
            "the spare '%s' is a member's host already, or named twice".formatted(host.get()),
            "");
      }
      host.ifPresent(spares::add);
    }
    return spares;
  }

  private Set<String> accepted(Section root) {
    Set<String> accepted = new HashSet<>();
    for (Node entry : root.list("accept")) {
      Section.scalar(entry, "an accepted hazard", findings)
          .map(scalar -> scalar.getValue())
          .ifPresent(
              text -> {
                if (acceptable(text)) {
                  accepted.add(text);
                } else {
                  findings.add(
                      entry,
                      Code.Q1004,
                      "'%s' is neither a code nor a hazard's name"
                          .formatted(SafeYaml.printable(text)),
                      "the refusal that you accept says what to write here");
                }
              });
    }
    return accepted;
  }

  private static boolean acceptable(String text) {
    return CODE.matcher(text).matches()
        ? List.of(Code.values()).stream().anyMatch(code -> code.name().equals(text))
        : ACCEPTED.matcher(text).matches();
  }

  static String oneOf(List<String> choices) {
    return "one of " + String.join(", ", choices);
  }

  static Function<String, Optional<String>> choice(List<String> choices) {
    return text -> Optional.of(text).filter(choices::contains);
  }
}
