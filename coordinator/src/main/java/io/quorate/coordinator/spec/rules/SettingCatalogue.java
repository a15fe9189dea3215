package io.quorate.coordinator.spec.rules;

import io.quorate.coordinator.spec.rules.EtcdSetting.Form;
import io.quorate.coordinator.spec.rules.EtcdSetting.Gates;
import io.quorate.coordinator.spec.rules.EtcdSetting.Kind;
import io.quorate.coordinator.spec.rules.EtcdSetting.Retention;
import io.quorate.coordinator.spec.rules.EtcdSetting.Size;
import io.quorate.coordinator.spec.rules.EtcdSetting.Time;
import io.quorate.coordinator.spec.rules.EtcdSetting.Unit;
import io.quorate.coordinator.spec.rules.EtcdSetting.Whole;
import io.quorate.coordinator.spec.rules.EtcdSetting.Word;
import io.quorate.coordinator.spec.rules.EtcdSetting.YesNo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Every setting of etcd that its owner decides, as the configuration files of 3.4 to 3.7 know it.
 *
 * <p>Established with the real programs, not from documents: etcd ignores an unknown key of its
 * file without a word, but refuses a known one of the wrong type, naming the type. {@code
 * EtcdSettingsRealTest} does the same again with every etcd at hand.
 */
final class SettingCatalogue {
  static final String GATES = "feature-gates";
  static final List<String> MINORS = List.of("3.4", "3.5", "3.6", "3.7");

  private static final Duration LONG = Duration.ofDays(365);
  private static final Kind SPAN = time(Duration.ZERO, LONG, Unit.NANOSECONDS);
  private static final Kind POSITIVE_SPAN = time(Duration.ofMillis(1), LONG, Unit.NANOSECONDS);
  private static final Kind YES_NO = new YesNo();
  private static final Kind TEXT = new Word(List.of());
  private static final Kind COUNT = new Whole(0, 1_000_000_000);
  private static final Kind POSITIVE = new Whole(1, 1_000_000_000);
  private static final Kind TLS = new Word(List.of("TLS1.2", "TLS1.3"));

  private static final Kind ORIGINS =
      new Form(
          Pattern.compile(
              "\\*|https?://[A-Za-z0-9.:-]{1,253}(,https?://[A-Za-z0-9.:-]{1,253}){0,50}"),
          "'*' or URLs with commas between");
  private static final Kind HOSTS =
      new Form(
          Pattern.compile("\\*|[A-Za-z0-9.:-]{1,253}(,[A-Za-z0-9.:-]{1,253}){0,50}"),
          "'*' or host names with commas between");
  private static final Kind TOKEN =
      new Form(
          Pattern.compile("simple|jwt(,[a-z-]{1,40}=[A-Za-z0-9/._-]{1,200}){1,8}"),
          "simple, or jwt with its options");

  static final List<EtcdSetting> ALL = all();

  private SettingCatalogue() {}

  private static List<EtcdSetting> all() {
    List<EtcdSetting> all = new ArrayList<>();
    timing(all);
    storage(all);
    requests(all);
    checks(all);
    watching(all);
    gates(all);
    return List.copyOf(all);
  }

  private static void timing(List<EtcdSetting> all) {
    all.add(
        always(
            "heartbeat-interval",
            time(Duration.ofMillis(1), Duration.ofSeconds(10), Unit.MILLISECONDS)));
    all.add(
        always(
            "election-timeout",
            time(Duration.ofMillis(10), Duration.ofSeconds(50), Unit.MILLISECONDS)));
    all.add(always("initial-election-tick-advance", YES_NO));
    all.add(always("pre-vote", YES_NO));
    all.add(
        renamed(
            "experimental-downgrade-check-time",
            "3.5",
            "downgrade-check-time",
            time(Duration.ofSeconds(1), LONG, Unit.NANOSECONDS)));
    all.add(since("3.6", "max-learners", new Whole(1, 100)));
  }

  private static void storage(List<EtcdSetting> all) {
    all.add(always("snapshot-count", POSITIVE));
    all.add(always("max-snapshots", new Whole(0, 10_000)));
    all.add(always("max-wals", new Whole(0, 10_000)));
    all.add(always("quota-backend-bytes", new Size(1 << 20, 1L << 40)));
    all.add(always("backend-batch-interval", SPAN));
    all.add(always("backend-batch-limit", COUNT));
    all.add(always("auto-compaction-mode", new Word(List.of("periodic", "revision"))));
    all.add(always("auto-compaction-retention", new Retention()));
    Kind freelist = new Word(List.of("array", "map"));
    all.add(
        new EtcdSetting(
            names(
                "3.4",
                "experimental-backend-bbolt-freelist-type",
                "3.5",
                "backend-bbolt-freelist-type"),
            List.of(),
            Optional.empty(),
            freelist));
    all.add(
        renamed("experimental-compaction-batch-limit", "3.4", "compaction-batch-limit", POSITIVE));
    all.add(
        renamed(
            "experimental-compaction-sleep-interval", "3.5", "compaction-sleep-interval", SPAN));
    all.add(
        renamed(
            "experimental-bootstrap-defrag-threshold-megabytes",
            "3.5",
            "bootstrap-defrag-threshold-megabytes",
            COUNT));
    all.add(renamed("experimental-memory-mlock", "3.5", "memory-mlock", YES_NO));
    all.add(
        new EtcdSetting(
            names("3.6", "snapshot-catchup-entries"),
            List.of("experimental-snapshot-catchup-entries"),
            Optional.empty(),
            POSITIVE));
  }

  private static void requests(List<EtcdSetting> all) {
    all.add(always("max-txn-ops", new Whole(1, 1_000_000)));
    all.add(always("max-request-bytes", new Size(1 << 10, 1 << 30)));
    all.add(always("max-concurrent-streams", new Whole(1, 0xffff_ffffL)));
    all.add(always("grpc-keepalive-min-time", SPAN));
    all.add(always("grpc-keepalive-interval", SPAN));
    all.add(always("grpc-keepalive-timeout", SPAN));
    all.add(always("cors", ORIGINS));
    all.add(always("host-whitelist", HOSTS));
    all.add(since("3.5", "tls-min-version", TLS));
    all.add(since("3.5", "tls-max-version", TLS));
    all.add(always("auth-token", TOKEN));
    all.add(always("bcrypt-cost", new Whole(4, 31)));
    all.add(always("auth-token-ttl", time(Duration.ofSeconds(1), LONG, Unit.SECONDS)));
  }

  private static void checks(List<EtcdSetting> all) {
    all.add(renamed("experimental-corrupt-check-time", "3.4", "corrupt-check-time", SPAN));
    all.add(
        renamed(
            "experimental-compact-hash-check-time",
            "3.5",
            "compact-hash-check-time",
            POSITIVE_SPAN));
    all.add(
        renamed(
            "experimental-watch-progress-notify-interval",
            "3.4",
            "watch-progress-notify-interval",
            POSITIVE_SPAN));
    all.add(renamed("experimental-warning-apply-duration", "3.4", "warning-apply-duration", SPAN));
    all.add(
        new EtcdSetting(
            names("3.6", "warning-unary-request-duration"),
            List.of("experimental-warning-unary-request-duration"),
            Optional.empty(),
            SPAN));
  }

  private static void watching(List<EtcdSetting> all) {
    all.add(always("enable-pprof", YES_NO));
    all.add(always("metrics", new Word(List.of("basic", "extensive"))));
    all.add(
        always("log-level", new Word(List.of("debug", "info", "warn", "error", "panic", "fatal"))));
    all.add(since("3.6", "log-format", new Word(List.of("json", "console"))));
    all.add(
        renamed(
            "experimental-enable-distributed-tracing",
            "3.5",
            "enable-distributed-tracing",
            YES_NO));
    all.add(
        renamed(
            "experimental-distributed-tracing-address",
            "3.5",
            "distributed-tracing-address",
            TEXT));
    all.add(
        renamed(
            "experimental-distributed-tracing-service-name",
            "3.5",
            "distributed-tracing-service-name",
            TEXT));
    all.add(
        renamed(
            "experimental-distributed-tracing-sampling-rate",
            "3.5",
            "distributed-tracing-sampling-rate",
            new Whole(0, 1_000_000)));
  }

  private static void gates(List<EtcdSetting> all) {
    all.add(since("3.6", GATES, new Gates()));
    all.add(gated("experimental-compact-hash-check-enabled", "3.5", "CompactHashCheck"));
    all.add(gated("experimental-initial-corrupt-check", "3.4", "InitialCorruptCheck"));
    all.add(gated("experimental-enable-lease-checkpoint", "3.4", "LeaseCheckpoint"));
    all.add(gated("experimental-enable-lease-checkpoint-persist", "3.4", "LeaseCheckpointPersist"));
    all.add(gated("experimental-stop-grpc-service-on-defrag", "3.5", "StopGRPCServiceOnDefrag"));
    all.add(
        gated(
            "experimental-txn-mode-write-with-shared-buffer",
            "3.5",
            "TxnModeWriteWithSharedBuffer"));
    all.add(gate("3.6", "SetMemberLocalAddr"));
    all.add(gate("3.6", "AllAlpha"));
    all.add(gate("3.6", "AllBeta"));
    all.add(gate("3.7", "FastLeaseKeepAlive"));
    all.add(gate("3.7", "PriorityRequest"));
  }

  private static EtcdSetting always(String name, Kind kind) {
    return since("3.4", name, kind);
  }

  private static EtcdSetting since(String minor, String name, Kind kind) {
    return new EtcdSetting(names(minor, name), List.of(), Optional.empty(), kind);
  }

  /** Experimental until 3.5, under a name of its own from 3.6 on. */
  private static EtcdSetting renamed(String before, String since, String after, Kind kind) {
    return new EtcdSetting(names(since, before, "3.6", after), List.of(), Optional.empty(), kind);
  }

  /** Experimental until 3.5, a feature gate from 3.6 on. */
  private static EtcdSetting gated(String before, String since, String gate) {
    return new EtcdSetting(
        names(since, before, "3.6", GATES), List.of(), Optional.of(gate), YES_NO);
  }

  private static EtcdSetting gate(String since, String gate) {
    return new EtcdSetting(names(since, GATES), List.of(), Optional.of(gate), YES_NO);
  }

  /** Pairs of a minor version and the name that is valid from it on. */
  private static SortedMap<String, String> names(String... pairs) {
    SortedMap<String, String> names = new TreeMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      for (String minor : MINORS.subList(MINORS.indexOf(pairs[i]), MINORS.size())) {
        names.put(minor, pairs[i + 1]);
      }
    }
    return names;
  }

  private static Kind time(Duration least, Duration most, Unit unit) {
    return new Time(least, most, unit);
  }
}
