package io.quorate.coordinator.spec.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.Setting;
import io.quorate.coordinator.spec.rules.EtcdSettings.Translation;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EtcdSettingsTest {
  @ParameterizedTest(name = "{0}: {1} for {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "heartbeat-interval                     | 100ms    | 3.7.2  | heartbeat-interval=100",
        "heartbeat-interval                     | 250      | 3.5.30 | heartbeat-interval=250",
        "election-timeout                       | 1s       | 3.5.30 | election-timeout=1000",
        "auth-token-ttl                         | 10m      | 3.5.30 | auth-token-ttl=600",
        "quota-backend-bytes                    | 8GiB     | 3.5.30 | quota-backend-bytes=8589934592",
        "auto-compaction-retention              | 1h       | 3.5.30 | auto-compaction-retention='1h'",
        "auto-compaction-retention              | 90m      | 3.5.30 | auto-compaction-retention='1h30m'",
        "auto-compaction-retention              | 5m       | 3.5.30 | auto-compaction-retention='5m'",
        "auto-compaction-retention              | 7d       | 3.5.30 | auto-compaction-retention='168h'",
        "auto-compaction-retention              | 10000    | 3.5.30 | auto-compaction-retention='10000'",
        "grpc-keepalive-interval                | 2h       | 3.5.30 | grpc-keepalive-interval=7200000000000ns",
        // renamed
        "experimental-corrupt-check-time        | 1h       | 3.5.30 | experimental-corrupt-check-time=3600000000000ns",
        "experimental-corrupt-check-time        | 1h       | 3.6.15 | corrupt-check-time=3600000000000ns",
        "corrupt-check-time                     | 1h       | 3.4.23 | experimental-corrupt-check-time=3600000000000ns pre-vote=true",
        "corrupt-check-time                     | 1h       | 3.7.2  | corrupt-check-time=3600000000000ns",
        "backend-bbolt-freelist-type            | map      | 3.4.23 | experimental-backend-bbolt-freelist-type='map' pre-vote=true",
        "experimental-backend-bbolt-freelist-type | array  | 3.5.30 | backend-bbolt-freelist-type='array'",
        // became a gate, and back
        "experimental-initial-corrupt-check     | true     | 3.5.30 | experimental-initial-corrupt-check=true",
        "experimental-initial-corrupt-check     | true     | 3.7.2  | feature-gates='InitialCorruptCheck=true'",
        "feature-gates | CompactHashCheck=true,LeaseCheckpoint=false | 3.6.15 | feature-gates='CompactHashCheck=true,LeaseCheckpoint=false'",
        "feature-gates | CompactHashCheck=true | 3.5.30 | experimental-compact-hash-check-enabled=true",
        // an owner's word on pre-vote wins
        "pre-vote                               | false    | 3.4.23 | pre-vote=false",
        // unknown to the version
        "experimental-compact-hash-check-enabled | true    | 3.4.23 | Q3204",
        "max-learners                           | 3        | 3.5.30 | Q3204",
        "log-format                             | console  | 3.5.30 | Q3204",
        "tls-min-version                        | TLS1.3   | 3.4.23 | Q3204",
        "feature-gates  | FastLeaseKeepAlive=true         | 3.6.15 | Q3204",
        "feature-gates  | SetMemberLocalAddr=true         | 3.5.30 | Q3204",
        "feature-gates  | NoSuchGate=true                 | 3.7.2  | Q3204",
        "experimental-warning-unary-request-duration | 1s  | 3.5.30 | Q3204",
        "experimental-warning-unary-request-duration | 1s  | 3.7.2  | warning-unary-request-duration=1000000000ns",
      })
  void translated(String name, String text, String version, String result) {
    SortedMap<String, Setting> settings = new TreeMap<>();
    settings.put(name, EtcdSettings.read(name, text).orElseThrow());
    assertEquals(
        result.replace('\'', '"'),
        show(EtcdSettings.forVersion(settings, EtcdVersion.parse(version))));
  }

  @ParameterizedTest
  @CsvSource({
    "heartbeat-interval,0",
    "heartbeat-interval,-1",
    "heartbeat-interval,100",
    "election-timeout,51s",
    "quota-backend-bytes,0",
    "quota-backend-bytes,-1",
    "quota-backend-bytes,NaN",
    "quota-backend-bytes,9223372036854775808",
    "quota-backend-bytes,8388608TiB",
    "quota-backend-bytes,8GB",
    "quota-backend-bytes,8.5GiB",
    "quota-backend-bytes,0x10000000",
    "snapshot-count,1e5",
    "snapshot-count,0",
    "max-wals,-1",
    "pre-vote,yes",
    "pre-vote,True",
    "auto-compaction-mode,hourly",
    "auto-compaction-retention,-1",
    "auto-compaction-retention,1w",
    "grpc-keepalive-interval,3600",
    "auth-token-ttl,1500ms",
    "bcrypt-cost,3",
    "cors,example.org",
    "host-whitelist,a b",
    "auth-token,jwt",
    "auth-token,'jwt,sign-method=RS256;x'",
    "feature-gates,A",
    "feature-gates,'A=true,A=true'",
    "feature-gates,A=yes",
    "no-such-setting,1",
  })
  void notAValue(String name, String text) {
    boolean fine = name.equals("heartbeat-interval") && text.equals("100");
    assertEquals(fine, EtcdSettings.read(name, text).isPresent());
  }

  @Test
  void twoNamesForOneThingAreRefused() {
    Map<String, Setting> settings =
        Map.of(
            "experimental-initial-corrupt-check", new Setting.Truth(true),
            "feature-gates", new Setting.Text("InitialCorruptCheck=true"));
    var unknown =
        (Translation.Unknown) EtcdSettings.forVersion(settings, new EtcdVersion(3, 6, 15));
    assertEquals(Code.Q1003, unknown.problems().firstEntry().getValue().code());
    assertEquals(
        "'experimental-initial-corrupt-check' and 'feature gate InitialCorruptCheck' are the same"
            + " setting of etcd",
        unknown.problems().firstEntry().getValue().sentence());
  }

  @Test
  void onTheWayThroughAVersionWhatItDoesNotKnowIsLeftOut() {
    Map<String, Setting> settings =
        Map.of(
            "max-learners", new Setting.Whole(2),
            "snapshot-count", new Setting.Whole(5000),
            "feature-gates", new Setting.Text("CompactHashCheck=true,SetMemberLocalAddr=true"));
    assertEquals(
        Map.of(
            "snapshot-count", new Setting.Whole(5000),
            "experimental-compact-hash-check-enabled", new Setting.Truth(true)),
        EtcdSettings.during(settings, new EtcdVersion(3, 5, 30)));
  }

  @Test
  void aRefusalNamesTheVersionsThatKnowIt() {
    var unknown =
        (Translation.Unknown)
            EtcdSettings.forVersion(
                Map.of("max-learners", new Setting.Whole(2)), new EtcdVersion(3, 5, 30));
    assertEquals(
        "etcd 3.5.30 does not know 'max-learners'; 3.6, 3.7 do",
        unknown.problems().firstEntry().getValue().sentence());
  }

  @Test
  void noNameIsBothTheOwnersAndReserved() {
    TreeSet<String> both = new TreeSet<>(EtcdSettings.names());
    both.retainAll(EtcdSettings.reservedNames());
    assertEquals(new TreeSet<>(), both);
  }

  @Test
  void theDangerousOnesAreReserved() {
    for (String name :
        new String[] {
          "name",
          "data-dir",
          "wal-dir",
          "initial-cluster",
          "initial-cluster-state",
          "cert-file",
          "peer-trusted-ca-file",
          "force-new-cluster",
          "unsafe-no-fsync",
          "auto-tls",
          "enable-v2",
          "log-outputs",
          "strict-reconfig-check",
          "config-file",
          "v2-deprecation"
        }) {
      assertEquals(Code.Q1010, EtcdSettings.refusal(name).orElseThrow().code(), name);
      assertTrue(EtcdSettings.read(name, "true").isEmpty(), name);
    }
  }

  private static String show(Translation translation) {
    return switch (translation) {
      case Translation.Known known ->
          known.settings().entrySet().stream()
              .map(entry -> entry.getKey() + "=" + show(entry.getValue()))
              .collect(Collectors.joining(" "));
      case Translation.Unknown unknown ->
          unknown.problems().values().stream()
              .map(problem -> problem.code().name())
              .collect(Collectors.joining(" "));
    };
  }

  private static String show(Setting value) {
    return switch (value) {
      case Setting.Text text -> '"' + text.value() + '"';
      case Setting.Span span -> span.value().toNanos() + "ns";
      case Setting.Whole whole -> whole.toString();
      case Setting.Truth truth -> truth.toString();
    };
  }
}
