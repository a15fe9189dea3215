package io.quorate.agent.converge;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import java.util.List;
import java.util.Map;

/** What the last words of an etcd that does not stay up mean, where that is known. */
final class FailureSigns {
  private record Sign(Code code, String meaning, String remedy) {}

  private static final Sign PORT =
      new Sign(Code.Q2010, "one of its ports is taken", "ss -ltnp on the host names who has it");
  private static final Sign OTHER_DATA =
      new Sign(
          Code.Q2012,
          "its data and the cluster do not belong together",
          "replace the member: quorate member replace CLUSTER MEMBER");
  private static final Sign REMOVED =
      new Sign(
          Code.Q2012,
          "it was removed from its cluster and cannot come back with this data",
          "replace the member: quorate member replace CLUSTER MEMBER");
  private static final Sign BROKEN_DATA =
      new Sign(
          Code.Q2013,
          "its data is damaged or older than what it had promised its cluster",
          "replace the member: quorate member replace CLUSTER MEMBER");
  private static final Sign FULL =
      new Sign(Code.Q2014, "its disk is full", "free space in its file systems");
  private static final Sign SETTING =
      new Sign(Code.Q2016, "it does not take one of its settings", "correct the setting");
  private static final Sign CERTIFICATE =
      new Sign(
          Code.Q2017,
          "it cannot use its certificates",
          "ask for new ones: quorate certs rotate CLUSTER");
  private static final Sign FORBIDDEN =
      new Sign(
          Code.Q2020,
          "it may not read or write one of its files",
          "look at owners and modes; SELinux and AppArmor log to the audit trail");

  /** Looked for from the last line upwards. */
  private static final Map<String, Sign> SIGNS =
      Map.ofEntries(
          Map.entry("address already in use", PORT),
          Map.entry("cannot assign requested address", PORT),
          Map.entry("has already been bootstrapped", OTHER_DATA),
          Map.entry("cluster ID mismatch", OTHER_DATA),
          Map.entry("member count is unequal", OTHER_DATA),
          Map.entry("no match found for existing member", OTHER_DATA),
          Map.entry("couldn't find local name", OTHER_DATA),
          Map.entry("has been permanently removed from the cluster", REMOVED),
          Map.entry("is out of range [lastIndex", BROKEN_DATA),
          Map.entry("removed all voters", BROKEN_DATA),
          Map.entry("wal: file not found", BROKEN_DATA),
          Map.entry("wal: crc mismatch", BROKEN_DATA),
          Map.entry("snap: snapshot file doesn't exist", BROKEN_DATA),
          Map.entry("no space left on device", FULL),
          Map.entry("is shadowed by corresponding command-line flag", SETTING),
          Map.entry("flag provided but not defined", SETTING),
          Map.entry("cannot unmarshal", SETTING),
          Map.entry("tls: private key does not match public key", CERTIFICATE),
          Map.entry("failed to load X509 key pair", CERTIFICATE),
          Map.entry("permission denied", FORBIDDEN));

  private FailureSigns() {}

  static Problem problem(MemberConfig.Id member, int exitCode, List<String> lastLines) {
    for (String line : lastLines.reversed()) {
      for (Map.Entry<String, Sign> entry : SIGNS.entrySet()) {
        if (line.contains(entry.getKey())) {
          Sign sign = entry.getValue();
          return Problem.of(
                  sign.code, "etcd of %s does not stay up: %s".formatted(member, sign.meaning))
              .withCause(entry.getKey())
              .withRemedy(
                  sign.remedy
                      .replace("CLUSTER", member.cluster().value())
                      .replace("MEMBER", member.member().value()));
        }
      }
    }
    String said = new HostReport.Failure(exitCode, lastLines).lastWords();
    String words = said.isEmpty() ? "it said nothing" : said;
    return Problem.of(
            Code.Q2023,
            "etcd of %s does not stay up, exit code %d: %s".formatted(member, exitCode, words))
        .withRemedy("quorate logs %s %s".formatted(member.cluster(), member.member()));
  }
}
