package io.quorate.common.wire;

import io.quorate.common.model.ClusterName;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.HostConfig;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Release;
import io.quorate.common.model.Seed;
import io.quorate.common.model.Setting;
import io.quorate.common.wire.v1.InitialMember;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The desired document of a host. */
final class DocumentWire {
  private DocumentWire() {}

  static io.quorate.common.wire.v1.HostConfig write(HostConfig config) {
    return io.quorate.common.wire.v1.HostConfig.newBuilder()
        .setEpoch(config.epoch())
        .setGeneration(config.generation())
        .addAllMembers(config.members().stream().map(DocumentWire::write).toList())
        .setKeepReleases(config.keepReleases())
        .build();
  }

  static HostConfig read(io.quorate.common.wire.v1.HostConfig wire) {
    return new HostConfig(
        wire.getEpoch(),
        wire.getGeneration(),
        wire.getMembersList().stream().map(DocumentWire::read).toList(),
        wire.getKeepReleases());
  }

  static io.quorate.common.wire.v1.MemberConfig write(MemberConfig config) {
    var wire =
        io.quorate.common.wire.v1.MemberConfig.newBuilder()
            .setCluster(config.id().cluster().value())
            .setMember(config.id().member().value())
            .setAddress(config.endpoints().address())
            .setClientPort(config.endpoints().clientPort())
            .setPeerPort(config.endpoints().peerPort())
            .setDataDirectory(config.directories().data())
            .setWalDirectory(config.directories().wal())
            .setRelease(write(config.releases().running()))
            .setLineage(config.data().lineage())
            .setSeed(write(config.data().seed()))
            .addAllSupersedes(config.data().supersedes())
            .setJoinsExisting(config.formation().joinsExisting())
            .setClusterToken(config.formation().token())
            .setRun(write(config.conduct().run()))
            .setRestartSerial(config.conduct().restartSerial())
            .setCertificates(write(config.certificates()))
            .putAllUnit(config.conduct().unit())
            .setDrift(write(config.conduct().drift()))
            .setAcceptedQuorumLoss(config.conduct().acceptedQuorumLoss().orElse(""));
    config.releases().staged().forEach(release -> wire.addStaged(write(release)));
    config.settings().forEach((key, value) -> wire.putSettings(key, write(value)));
    config
        .formation()
        .initialMembers()
        .forEach(
            (name, url) ->
                wire.addInitialMembers(InitialMember.newBuilder().setName(name).setPeerUrl(url)));
    return wire.build();
  }

  static MemberConfig read(io.quorate.common.wire.v1.MemberConfig wire) {
    SortedMap<String, Setting> settings = new TreeMap<>();
    wire.getSettingsMap().forEach((key, value) -> settings.put(key, read(key, value)));
    SortedMap<String, String> initial = new TreeMap<>();
    wire.getInitialMembersList().forEach(one -> initial.put(one.getName(), one.getPeerUrl()));
    return new MemberConfig(
        id(wire.getCluster(), wire.getMember()),
        new MemberConfig.Endpoints(wire.getAddress(), wire.getClientPort(), wire.getPeerPort()),
        new MemberConfig.Directories(wire.getDataDirectory(), wire.getWalDirectory()),
        new MemberConfig.Releases(
            read(wire.getRelease()),
            wire.getStagedList().stream().map(DocumentWire::read).toList()),
        settings,
        new MemberConfig.Data(
            wire.getLineage(), read(wire.getSeed()), List.copyOf(wire.getSupersedesList())),
        new MemberConfig.Formation(initial, wire.getJoinsExisting(), wire.getClusterToken()),
        new MemberConfig.Certificates(
            List.copyOf(wire.getCertificates().getNamesList()),
            wire.getCertificates().getKeyAlgorithm(),
            Duration.ofSeconds(wire.getCertificates().getValiditySeconds()),
            wire.getCertificates().getSerial()),
        new MemberConfig.Conduct(
            read(wire.getRun()),
            wire.getRestartSerial(),
            read(wire.getDrift()),
            new TreeMap<>(wire.getUnitMap()),
            Optional.of(wire.getAcceptedQuorumLoss()).filter(text -> !text.isEmpty())));
  }

  static MemberConfig.Id id(String cluster, String member) {
    return new MemberConfig.Id(ClusterName.of(cluster), MemberName.of(member));
  }

  static io.quorate.common.wire.v1.Release write(Release release) {
    return io.quorate.common.wire.v1.Release.newBuilder()
        .setVersion(release.version().toString())
        .setArchitecture(release.architecture())
        .setSha256(release.sha256())
        .setSize(release.size())
        .build();
  }

  static Release read(io.quorate.common.wire.v1.Release wire) {
    return new Release(
        EtcdVersion.parse(wire.getVersion()),
        wire.getArchitecture(),
        wire.getSha256(),
        wire.getSize());
  }

  private static io.quorate.common.wire.v1.Certificates write(MemberConfig.Certificates wanted) {
    return io.quorate.common.wire.v1.Certificates.newBuilder()
        .addAllNames(wanted.names())
        .setKeyAlgorithm(wanted.keyAlgorithm())
        .setValiditySeconds(wanted.validity().toSeconds())
        .setSerial(wanted.serial())
        .build();
  }

  private static io.quorate.common.wire.v1.Setting write(Setting setting) {
    var wire = io.quorate.common.wire.v1.Setting.newBuilder();
    return switch (setting) {
      case Setting.Text text -> wire.setText(text.value()).build();
      case Setting.Whole whole -> wire.setWhole(whole.value()).build();
      case Setting.Truth truth -> wire.setTruth(truth.value()).build();
      case Setting.Span span -> wire.setNanoseconds(span.value().toNanos()).build();
    };
  }

  private static Setting read(String key, io.quorate.common.wire.v1.Setting wire) {
    return switch (wire.getValueCase()) {
      case TEXT -> new Setting.Text(wire.getText());
      case WHOLE -> new Setting.Whole(wire.getWhole());
      case TRUTH -> new Setting.Truth(wire.getTruth());
      case NANOSECONDS -> new Setting.Span(Duration.ofNanos(wire.getNanoseconds()));
      case VALUE_NOT_SET -> throw WireMapper.unknown("a type of value for the setting " + key);
    };
  }

  private static io.quorate.common.wire.v1.Seed write(Seed seed) {
    var wire = io.quorate.common.wire.v1.Seed.newBuilder();
    return switch (seed) {
      case Seed.Empty empty ->
          wire.setEmpty(io.quorate.common.wire.v1.Seed.Empty.getDefaultInstance()).build();
      case Seed.Snapshot snapshot ->
          wire.setSnapshot(
                  io.quorate.common.wire.v1.Seed.SnapshotSeed.newBuilder()
                      .setSha256(snapshot.sha256())
                      .setSize(snapshot.size())
                      .setBumpRevision(snapshot.bumpRevision())
                      .setMarkCompacted(snapshot.markCompacted())
                      .setSkipHashCheck(snapshot.skipHashCheck()))
              .build();
      case Seed.Copy copy ->
          wire.setCopy(
                  io.quorate.common.wire.v1.Seed.CopySeed.newBuilder()
                      .setSha256(copy.sha256())
                      .setSize(copy.size()))
              .build();
      case Seed.Forced forced ->
          wire.setForced(
                  io.quorate.common.wire.v1.Seed.ForcedSeed.newBuilder()
                      .setFromLineage(forced.fromLineage()))
              .build();
    };
  }

  private static Seed read(io.quorate.common.wire.v1.Seed wire) {
    return switch (wire.getKindCase()) {
      case EMPTY -> new Seed.Empty();
      case SNAPSHOT ->
          new Seed.Snapshot(
              wire.getSnapshot().getSha256(),
              wire.getSnapshot().getSize(),
              wire.getSnapshot().getBumpRevision(),
              wire.getSnapshot().getMarkCompacted(),
              wire.getSnapshot().getSkipHashCheck());
      case COPY -> new Seed.Copy(wire.getCopy().getSha256(), wire.getCopy().getSize());
      case FORCED -> new Seed.Forced(wire.getForced().getFromLineage());
      case KIND_NOT_SET -> throw WireMapper.unknown("a kind of seed");
    };
  }

  private static io.quorate.common.wire.v1.MemberConfig.Run write(MemberConfig.Run run) {
    return switch (run) {
      case PREPARED -> io.quorate.common.wire.v1.MemberConfig.Run.RUN_PREPARED;
      case RUNNING -> io.quorate.common.wire.v1.MemberConfig.Run.RUN_RUNNING;
      case STOPPED -> io.quorate.common.wire.v1.MemberConfig.Run.RUN_STOPPED;
      case RETIRED -> io.quorate.common.wire.v1.MemberConfig.Run.RUN_RETIRED;
    };
  }

  private static MemberConfig.Run read(io.quorate.common.wire.v1.MemberConfig.Run wire) {
    return switch (wire) {
      case RUN_PREPARED -> MemberConfig.Run.PREPARED;
      case RUN_RUNNING -> MemberConfig.Run.RUNNING;
      case RUN_STOPPED -> MemberConfig.Run.STOPPED;
      case RUN_RETIRED -> MemberConfig.Run.RETIRED;
      case RUN_UNSPECIFIED, UNRECOGNIZED -> throw WireMapper.unknown("a way to run a member");
    };
  }

  private static io.quorate.common.wire.v1.MemberConfig.Drift write(MemberConfig.Drift drift) {
    return switch (drift) {
      case REPAIR -> io.quorate.common.wire.v1.MemberConfig.Drift.DRIFT_REPAIR;
      case REPORT -> io.quorate.common.wire.v1.MemberConfig.Drift.DRIFT_REPORT;
    };
  }

  private static MemberConfig.Drift read(io.quorate.common.wire.v1.MemberConfig.Drift wire) {
    return switch (wire) {
      case DRIFT_REPAIR -> MemberConfig.Drift.REPAIR;
      case DRIFT_REPORT -> MemberConfig.Drift.REPORT;
      case DRIFT_UNSPECIFIED, UNRECOGNIZED -> throw WireMapper.unknown("a policy for drift");
    };
  }
}
