package io.quorate.coordinator.spec.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.quorate.common.model.Setting;
import io.quorate.coordinator.spec.rules.EtcdSettings.Translation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The catalogue against every etcd at hand. Etcd ignores an unknown key of its file without a word,
 * but refuses a known one of the wrong type and names the type: so a mapping as value tells whether
 * it knows the key. A bad URL beside it keeps etcd from starting where it does not.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class EtcdSettingsRealTest {
  private static final Pattern TYPE =
      Pattern.compile("of type (?<type>[\\[\\]A-Za-z0-9.]+?)\\.?(\"|\\s|$)");
  private static final List<RealEtcd> REAL = RealEtcd.all();

  @BeforeAll
  static void isThereOne() {
    assumeFalse(REAL.isEmpty(), "no etcd here: lab/releases makes the archives");
  }

  @Test
  void everyNameOfTheCatalogueIsAKeyOfItsType(@TempDir Path directory) throws Exception {
    for (RealEtcd etcd : REAL) {
      String minor = etcd.version().minorText();
      for (EtcdSetting setting : SettingCatalogue.ALL) {
        String name = setting.names().get(minor);
        if (name != null) {
          String kind = name.equals(SettingCatalogue.GATES) ? "string" : type(setting.kind());
          String type = typeOf(etcd, name, directory);
          assertTrue(type.matches(kind), etcd.version() + " has " + name + " as " + type);
        }
      }
    }
  }

  @Test
  void aNameThatTheCatalogueDeniesAVersionIsUnknownToIt(@TempDir Path directory) throws Exception {
    for (RealEtcd etcd : REAL) {
      String minor = etcd.version().minorText();
      for (EtcdSetting setting : SettingCatalogue.ALL) {
        if (!setting.names().containsKey(minor)) {
          for (String name : setting.names().values()) {
            if (!name.equals(SettingCatalogue.GATES) || minor.compareTo("3.6") < 0) {
              assertEquals("", typeOf(etcd, name, directory), etcd.version() + " knows " + name);
            }
          }
        }
      }
    }
  }

  @Test
  void whatIsSaidToBeIgnoredIsIgnored(@TempDir Path directory) throws Exception {
    for (RealEtcd etcd : REAL) {
      for (String name :
          List.of("raft-read-timeout", "raft-write-timeout", "socket-reuse-address")) {
        assertEquals("", typeOf(etcd, name, directory), etcd.version() + " knows " + name);
      }
    }
  }

  /** Etcd tells at its start what it has understood. */
  @Test
  void valuesArriveAsTheyWereMeant(@TempDir Path directory) throws Exception {
    SortedMap<String, Setting> owners = new TreeMap<>();
    for (Map.Entry<String, String> entry :
        Map.of(
                "heartbeat-interval", "250ms",
                "election-timeout", "2500",
                "quota-backend-bytes", "4GiB",
                "auto-compaction-mode", "periodic",
                "auto-compaction-retention", "7d",
                "experimental-corrupt-check-time", "2h",
                "experimental-initial-corrupt-check", "true",
                "snapshot-count", "5000",
                "max-request-bytes", "10MiB")
            .entrySet()) {
      owners.put(entry.getKey(), EtcdSettings.read(entry.getKey(), entry.getValue()).orElseThrow());
    }
    for (RealEtcd etcd : REAL) {
      var known = (Translation.Known) EtcdSettings.forVersion(owners, etcd.version());
      Path home = Files.createDirectory(directory.resolve("v" + etcd.version()));
      String line =
          etcd.say(
              lone(home) + render(known.settings()),
              home,
              text -> text.contains("\"starting an etcd server\""));
      for (String wanted :
          List.of(
              "\"heartbeat-interval\":\"250ms\"",
              "\"election-timeout\":\"2.5s\"",
              "\"quota-backend-bytes\":4294967296",
              "\"auto-compaction-mode\":\"periodic\"",
              "\"auto-compaction-retention\":\"168h0m0s\"",
              "\"corrupt-check-time-interval\":\"2h0m0s\"",
              "\"snapshot-count\":5000",
              "\"max-request-bytes\":10485760",
              "\"pre-vote\":true",
              etcd.version().atLeast(3, 6, 0)
                  ? "\"feature-gates\":\"InitialCorruptCheck=true\""
                  : "\"initial-corrupt-check\":true")) {
        assertTrue(line.contains(wanted), etcd.version() + " lacks " + wanted + " in " + line);
      }
    }
  }

  private static String lone(Path home) throws IOException {
    String peer = "http://127.0.0.1:" + RealEtcd.freePort();
    String client = "http://127.0.0.1:" + RealEtcd.freePort();
    return """
        name: lone
        logger: zap
        data-dir: %s
        listen-peer-urls: %s
        listen-client-urls: %s
        initial-advertise-peer-urls: %s
        advertise-client-urls: %s
        initial-cluster: lone=%s
        """
        .formatted(home.resolve("data"), peer, client, peer, client, peer);
  }

  private static String render(SortedMap<String, Setting> settings) {
    StringBuilder text = new StringBuilder();
    settings.forEach(
        (name, value) ->
            text.append(name)
                .append(": ")
                .append(
                    switch (value) {
                      case Setting.Text word -> '"' + word.value() + '"';
                      case Setting.Span span -> Long.toString(span.value().toNanos());
                      case Setting.Whole whole -> whole.toString();
                      case Setting.Truth truth -> truth.toString();
                    })
                .append('\n'));
    return text.toString();
  }

  private static String typeOf(RealEtcd etcd, String name, Path directory) throws Exception {
    String text =
        etcd.say(
            "%s: {a: 1}\nlisten-client-urls: \"::bad::\"\n".formatted(name),
            directory,
            line -> line.contains("cannot unmarshal"));
    Matcher matcher = TYPE.matcher(text);
    return matcher.find() ? matcher.group("type") : "";
  }

  private static String type(EtcdSetting.Kind kind) {
    return switch (kind) {
      case EtcdSetting.Word word -> "string";
      case EtcdSetting.Form form -> "string";
      case EtcdSetting.Retention retention -> "string";
      case EtcdSetting.Gates gates -> "string";
      case EtcdSetting.YesNo yesNo -> "bool";
      case EtcdSetting.Whole whole -> "u?int(32|64)?";
      case EtcdSetting.Size size -> "u?int(64)?";
      case EtcdSetting.Time time ->
          time.unit() == EtcdSetting.Unit.NANOSECONDS ? "time.Duration" : "uint";
    };
  }
}
