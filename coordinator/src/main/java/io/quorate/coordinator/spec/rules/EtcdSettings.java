package io.quorate.coordinator.spec.rules;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.Setting;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Etcd's own settings, by the names its documentation uses, in any of its generations ({@code
 * experimental-X}, {@code X} or a feature gate).
 *
 * <p>To translate an owner's settings for one version: 1. every name, and every gate, is brought
 * back to the one thing it means; two names for one thing are refused. 2. Each thing is spelled as
 * that version's configuration file spells it, and its value rendered as that file takes it. 3. A
 * thing which that version does not know is refused, naming the versions that know it. 4. What
 * Quorate prefers for that version is added where the owner said nothing. The result holds no name
 * that this version's etcd would silently ignore.
 */
public final class EtcdSettings {
  private static final Map<String, EtcdSetting> BY_NAME = byName();
  private static final Map<String, EtcdSetting> BY_GATE = byGate();

  /** Settings for one version, or what is wrong with which of the owner's settings. */
  public sealed interface Translation {
    record Known(SortedMap<String, Setting> settings) implements Translation {
      public Known {
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
      }
    }

    record Unknown(SortedMap<String, Problem> problems) implements Translation {
      public Unknown {
        problems = Collections.unmodifiableSortedMap(new TreeMap<>(problems));
      }
    }
  }

  private EtcdSettings() {}

  /** The minor versions that the catalogue describes. */
  public static List<String> minors() {
    return SettingCatalogue.MINORS;
  }

  /** Every name that an owner may write, of any version. */
  public static SortedSet<String> names() {
    return new TreeSet<>(BY_NAME.keySet());
  }

  /** Every name that an owner may not write, though etcd knows it. */
  public static SortedSet<String> reservedNames() {
    return new TreeSet<>(ReservedSettings.names());
  }

  /** Why this name may not be written, when it is one that Quorate decides, or an unsafe one. */
  public static Optional<Problem> refusal(String name) {
    return ReservedSettings.refusal(name);
  }

  /** The typed value; empty when the text is none, or the name is unknown. */
  public static Optional<Setting> read(String name, String text) {
    return Optional.ofNullable(BY_NAME.get(name)).flatMap(setting -> setting.kind().read(text));
  }

  /** For people: the values that the setting takes. */
  public static String expected(String name) {
    EtcdSetting setting = BY_NAME.get(name);
    return setting == null ? "nothing: it is unknown" : setting.kind().expected();
  }

  /** The owner's settings as the configuration file of this version wants them. */
  public static Translation forVersion(Map<String, Setting> settings, EtcdVersion version) {
    return new Translator(version).translate(settings);
  }

  /**
   * The same for a version that the cluster only passes through on its way: what that version does
   * not know is left out, because the owner's wish is about the version where the way ends.
   */
  public static SortedMap<String, Setting> during(
      Map<String, Setting> settings, EtcdVersion version) {
    Translator translator = new Translator(version);
    translator.translate(settings);
    return translator.settings();
  }

  private static final class Translator {
    private final EtcdVersion version;
    private final String minor;
    private final SortedMap<String, Problem> problems = new TreeMap<>();
    private final SortedMap<String, Setting> result = new TreeMap<>();
    private final SortedMap<String, Boolean> gates = new TreeMap<>();
    private final Map<EtcdSetting, String> said = new HashMap<>();

    Translator(EtcdVersion version) {
      this.version = version;
      this.minor = version.minorText();
    }

    Translation translate(Map<String, Setting> settings) {
      new TreeMap<>(settings).forEach(this::add);
      VersionDefaults.of(minor).forEach(this::addDefault);
      return problems.isEmpty()
          ? new Translation.Known(settings())
          : new Translation.Unknown(problems);
    }

    /** What this version knows, whether or not there were problems with the rest. */
    SortedMap<String, Setting> settings() {
      SortedMap<String, Setting> all = new TreeMap<>(result);
      if (!gates.isEmpty()) {
        all.put(SettingCatalogue.GATES, new Setting.Text(FeatureGates.show(gates)));
      }
      return Collections.unmodifiableSortedMap(all);
    }

    private void add(String name, Setting value) {
      EtcdSetting setting = BY_NAME.get(name);
      if (setting == null) {
        problems.put(
            name,
            Problem.of(
                Code.Q3204, "no version of etcd that Quorate knows has '%s'".formatted(name)));
      } else if (name.equals(SettingCatalogue.GATES) && value instanceof Setting.Text text) {
        FeatureGates.parse(text.value())
            .ifPresent(owned -> owned.forEach((gate, on) -> addGate(gate, on)));
      } else {
        place(setting, name, name, value);
      }
    }

    private void addGate(String gate, boolean on) {
      EtcdSetting setting = BY_GATE.get(gate);
      if (setting == null) {
        problems.put(
            SettingCatalogue.GATES,
            Problem.of(
                Code.Q3204,
                "no version of etcd that Quorate knows has the feature gate '%s'".formatted(gate)));
      } else {
        place(setting, SettingCatalogue.GATES, "feature gate " + gate, new Setting.Truth(on));
      }
    }

    private void place(EtcdSetting setting, String key, String name, Setting value) {
      String before = said.put(setting, name);
      if (before != null) {
        problems.put(
            key,
            Problem.of(
                Code.Q1003, "'%s' and '%s' are the same setting of etcd".formatted(before, name)));
        return;
      }
      Optional<String> spelling = setting.nameIn(minor);
      if (spelling.isEmpty()) {
        problems.put(key, unknownTo(setting, name));
      } else {
        put(setting, spelling.get(), value);
      }
    }

    private void put(EtcdSetting setting, String spelling, Setting value) {
      if (spelling.equals(SettingCatalogue.GATES) && value instanceof Setting.Truth truth) {
        gates.put(setting.gate().orElseThrow(), truth.value());
      } else {
        result.put(spelling, setting.kind().rendered(value));
      }
    }

    private void addDefault(String name, Setting value) {
      EtcdSetting setting = BY_NAME.get(name);
      if (setting != null && !said.containsKey(setting)) {
        setting.nameIn(minor).ifPresent(spelling -> put(setting, spelling, value));
      }
    }

    private Problem unknownTo(EtcdSetting setting, String name) {
      return Problem.of(
              Code.Q3204,
              "etcd %s does not know '%s'; %s"
                  .formatted(
                      version,
                      name,
                      setting.names().isEmpty()
                          ? "no version does"
                          : String.join(", ", setting.names().keySet()) + " do"))
          .withRemedy("leave it out, or choose a version that knows it");
    }
  }

  private static Map<String, EtcdSetting> byName() {
    Map<String, EtcdSetting> names = new HashMap<>();
    for (EtcdSetting setting : SettingCatalogue.ALL) {
      setting.aliases().forEach(alias -> names.put(alias, setting));
      setting.names().values().stream()
          .filter(name -> setting.gate().isEmpty() || !name.equals(SettingCatalogue.GATES))
          .forEach(name -> names.put(name, setting));
    }
    return Map.copyOf(names);
  }

  private static Map<String, EtcdSetting> byGate() {
    Map<String, EtcdSetting> gates = new HashMap<>();
    SettingCatalogue.ALL.forEach(
        setting -> setting.gate().ifPresent(gate -> gates.put(gate, setting)));
    return Map.copyOf(gates);
  }
}
