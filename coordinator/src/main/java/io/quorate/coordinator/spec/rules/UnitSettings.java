package io.quorate.coordinator.spec.rules;

import io.quorate.common.model.Setting;
import io.quorate.coordinator.spec.rules.EtcdSetting.Kind;
import io.quorate.coordinator.spec.rules.EtcdSetting.Size;
import io.quorate.coordinator.spec.rules.EtcdSetting.Time;
import io.quorate.coordinator.spec.rules.EtcdSetting.Unit;
import io.quorate.coordinator.spec.rules.EtcdSetting.Whole;
import io.quorate.coordinator.spec.rules.EtcdSetting.Word;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an owner may say about the service that runs etcd: limits, priorities and the Go runtime's
 * three knobs. Typed, and nothing else: a unit's text is never taken from a file. Names are
 * systemd's own ({@code LimitNOFILE}) or the environment variable's ({@code GOMAXPROCS}).
 */
public final class UnitSettings {
  private static final SortedMap<String, Kind> KINDS = kinds();

  private UnitSettings() {}

  public static SortedSet<String> names() {
    return new TreeSet<>(KINDS.keySet());
  }

  /**
   * The value as a unit takes it: sizes in bytes, spans in seconds or milliseconds; empty when it
   * is none.
   */
  public static Optional<String> read(String name, String text) {
    return Optional.ofNullable(KINDS.get(name))
        .flatMap(kind -> kind.read(text))
        .map(Setting::toString);
  }

  public static String expected(String name) {
    Kind kind = KINDS.get(name);
    return kind == null ? "nothing: it is unknown" : kind.expected();
  }

  private static SortedMap<String, Kind> kinds() {
    Kind memory = new Size(64L << 20, 1L << 44);
    Kind weight = new Whole(1, 10_000);
    SortedMap<String, Kind> kinds = new TreeMap<>();
    kinds.put("LimitNOFILE", new Whole(1024, 1 << 24));
    kinds.put("LimitMEMLOCK", memory);
    kinds.put("GOMAXPROCS", new Whole(1, 1024));
    kinds.put("GOGC", new Whole(10, 1000));
    kinds.put("GOMEMLIMIT", memory);
    kinds.put("IOSchedulingClass", new Word(List.of("realtime", "best-effort", "idle")));
    kinds.put("IOSchedulingPriority", new Whole(0, 7));
    kinds.put("Nice", new Whole(-20, 19));
    kinds.put("CPUWeight", weight);
    kinds.put("IOWeight", weight);
    kinds.put("MemoryLow", memory);
    kinds.put("MemoryHigh", memory);
    kinds.put("MemoryMax", memory);
    kinds.put("OOMScoreAdjust", new Whole(-1000, 1000));
    kinds.put(
        "RestartSec", new Time(Duration.ofMillis(100), Duration.ofMinutes(10), Unit.NANOSECONDS));
    // Below half a minute etcd would be killed while it still hands over: see its shutdown.
    kinds.put(
        "TimeoutStopSec", new Time(Duration.ofSeconds(30), Duration.ofHours(1), Unit.NANOSECONDS));
    return kinds;
  }
}
