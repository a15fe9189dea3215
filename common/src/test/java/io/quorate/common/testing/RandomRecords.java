package io.quorate.common.testing;

import io.quorate.common.error.Code;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.HostConfig;
import io.quorate.common.model.HostFacts;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import io.quorate.common.model.Release;
import io.quorate.common.model.Seed;
import io.quorate.common.model.Setting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Any record of the model, from a seed: what a test does with it must hold for all of them. */
public final class RandomRecords {
  private static final String[] TEXTS = {
    "", "a", "etcd", "with space", "ümläut ☃", "line\nbreak", "x".repeat(300)
  };

  private final Random random;

  public RandomRecords(long seed) {
    random = new Random(seed);
  }

  public HostConfig hostConfig() {
    return new HostConfig(number(), number(), list(this::memberConfig), random.nextInt(1, 9));
  }

  /** A document of exactly one member. */
  public HostConfig memberConfigDocument() {
    return new HostConfig(number(), number(), List.of(memberConfig()), 3);
  }

  public MemberConfig memberConfig() {
    return new MemberConfig(
        id(),
        new MemberConfig.Endpoints(pick("10.0.0.1", "fd00::7"), port(), port()),
        new MemberConfig.Directories(text(), text()),
        new MemberConfig.Releases(release(), list(this::release)),
        map(this::setting),
        new MemberConfig.Data(text(), seed(), list(this::text)),
        new MemberConfig.Formation(map(this::text), random.nextBoolean(), text()),
        new MemberConfig.Certificates(
            list(this::text), pick("ecdsa-p256", "rsa-3072"), seconds(), number()),
        new MemberConfig.Conduct(
            pick(MemberConfig.Run.values()),
            number(),
            pick(MemberConfig.Drift.values()),
            map(this::text),
            random.nextBoolean() ? Optional.empty() : Optional.of("accepted by " + text())));
  }

  public Operation operation() {
    return new Operation(name(), number(), instant(), task());
  }

  public OperationOutcome outcome() {
    return new OperationOutcome(
        name(),
        number(),
        random.nextBoolean() ? Optional.empty() : Optional.of(pick(Code.values())),
        text(),
        map(this::text));
  }

  public HostFacts hostFacts() {
    return new HostFacts(
        text(), text(), "amd64", random.nextInt(1, 512), number(), "systemd", list(this::text));
  }

  public HostReport hostReport() {
    return new HostReport(
        number(),
        instant(),
        number(),
        number(),
        list(this::member),
        list(this::disk),
        new HostReport.Load(random.nextDouble(), number(), number()),
        list(
            () ->
                new HostReport.UnpackedRelease(version(), pick("amd64", "arm64"), text(), text())));
  }

  private HostReport.Member member() {
    return new HostReport.Member(
        id(),
        number(),
        new HostReport.DataState(text(), text(), text(), list(this::text)),
        new HostReport.Unit(
            pick(HostReport.UnitState.values()),
            random.nextBoolean(),
            random.nextInt(0, 9),
            new HostReport.Running(number(), instant(), text(), text(), text()),
            new HostReport.Failure(random.nextInt(-9, 256), list(this::text))),
        new HostReport.Ready(list(this::text), random.nextBoolean()),
        list(() -> new HostReport.Trouble(pick(Code.values()), text(), text(), instant())),
        list(() -> new HostReport.Certificate(text(), text(), instant())),
        list(() -> new HostReport.DriftFound(text(), text(), instant(), random.nextBoolean())),
        text());
  }

  private HostReport.Disk disk() {
    return new HostReport.Disk(
        ClusterName.of(name()),
        pick("data", "wal"),
        text(),
        new HostReport.Space(text(), text(), number(), number(), number()),
        new HostReport.Rates(random.nextDouble(), random.nextDouble(), random.nextDouble()),
        new HostReport.Fsync(
            random.nextInt(0, 999),
            number(),
            number(),
            number(),
            number(),
            new HostReport.Histogram(list(this::number), number())));
  }

  private Operation.Task task() {
    return switch (random.nextInt(6)) {
      case 0 -> new Operation.SaveSnapshot(id());
      case 1 -> new Operation.ExportData(id(), text());
      case 2 ->
          new Operation.DrillSnapshot(
              ClusterName.of(name()), text(), number(), release(), expected());
      case 4 ->
          new Operation.SalvageData(
              text(), random.nextBoolean() ? Optional.of("/wal") : Optional.empty(), release());
      case 3 -> new Operation.CheckHost(list(this::memberConfig));
      default -> new Operation.ReadLog(ClusterName.of(name()), random.nextInt(1, 999));
    };
  }

  private Operation.Expected expected() {
    return new Operation.Expected(
        number(),
        number(),
        number(),
        random.nextBoolean()
            ? Optional.of(new Operation.Live(number(), number(), number()))
            : Optional.empty());
  }

  private Seed seed() {
    return switch (random.nextInt(4)) {
      case 0 -> new Seed.Empty();
      case 1 ->
          new Seed.Snapshot(text(), number(), number(), random.nextBoolean(), random.nextBoolean());
      case 2 -> new Seed.Copy(text(), number());
      default -> new Seed.Forced(text());
    };
  }

  private Setting setting() {
    return switch (random.nextInt(4)) {
      case 0 -> new Setting.Text(text());
      case 1 -> new Setting.Whole(random.nextLong());
      case 2 -> new Setting.Truth(random.nextBoolean());
      default -> new Setting.Span(Duration.ofNanos(number()));
    };
  }

  public MemberConfig.Id id() {
    return new MemberConfig.Id(ClusterName.of(name()), MemberName.of(name()));
  }

  private Release release() {
    return new Release(version(), pick("amd64", "arm64"), text(), number());
  }

  private EtcdVersion version() {
    return new EtcdVersion(3, random.nextInt(4, 8), random.nextInt(40));
  }

  private String name() {
    return "n" + Integer.toString(random.nextInt(1_000_000), 36);
  }

  private String text() {
    return pick(TEXTS);
  }

  private int port() {
    return random.nextInt(1, 65536);
  }

  private long number() {
    return random.nextLong(Long.MAX_VALUE);
  }

  private Duration seconds() {
    return Duration.ofSeconds(random.nextInt(1, 1_000_000_000));
  }

  private Instant instant() {
    return Instant.ofEpochMilli(random.nextLong(4_000_000_000_000L));
  }

  @SafeVarargs
  private <T> T pick(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private <T> List<T> list(Supplier<T> each) {
    List<T> all = new ArrayList<>();
    for (int count = random.nextInt(4); count > 0; count--) {
      all.add(each.get());
    }
    return all;
  }

  private <T> SortedMap<String, T> map(Supplier<T> each) {
    SortedMap<String, T> all = new TreeMap<>();
    for (int count = random.nextInt(4); count > 0; count--) {
      all.put(name(), each.get());
    }
    return all;
  }
}
