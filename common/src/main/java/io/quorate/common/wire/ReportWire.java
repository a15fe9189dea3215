package io.quorate.common.wire;

import io.quorate.common.model.ClusterName;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.HostFacts;
import io.quorate.common.model.HostReport;
import io.quorate.common.wire.v1.CertificateReport;
import io.quorate.common.wire.v1.DiskReport;
import io.quorate.common.wire.v1.FsyncReport;
import io.quorate.common.wire.v1.MemberReport;
import io.quorate.common.wire.v1.UnitReport;
import java.time.Instant;
import java.util.List;

/** What a host says about itself. */
final class ReportWire {
  private ReportWire() {}

  static io.quorate.common.wire.v1.HostFacts write(HostFacts facts) {
    return io.quorate.common.wire.v1.HostFacts.newBuilder()
        .setOs(facts.os())
        .setKernel(facts.kernel())
        .setArchitecture(facts.architecture())
        .setCpus(facts.cpus())
        .setMemoryBytes(facts.memoryBytes())
        .setServiceManager(facts.serviceManager())
        .addAllAddresses(facts.addresses())
        .build();
  }

  static HostFacts read(io.quorate.common.wire.v1.HostFacts wire) {
    return new HostFacts(
        wire.getOs(),
        wire.getKernel(),
        wire.getArchitecture(),
        wire.getCpus(),
        wire.getMemoryBytes(),
        wire.getServiceManager(),
        wire.getAddressesList());
  }

  static io.quorate.common.wire.v1.HostReport write(HostReport report) {
    return io.quorate.common.wire.v1.HostReport.newBuilder()
        .setSequence(report.sequence())
        .setClockMillis(report.clock().toEpochMilli())
        .setEpoch(report.epoch())
        .setGeneration(report.generation())
        .addAllMembers(report.members().stream().map(ReportWire::write).toList())
        .addAllDisks(report.disks().stream().map(ReportWire::write).toList())
        .setCpuRatio(report.load().cpuRatio())
        .setMemoryAvailableBytes(report.load().memoryAvailableBytes())
        .setAgentResidentBytes(report.load().agentResidentBytes())
        .addAllReleases(report.releases().stream().map(ReportWire::write).toList())
        .build();
  }

  static HostReport read(io.quorate.common.wire.v1.HostReport wire) {
    return new HostReport(
        wire.getSequence(),
        Instant.ofEpochMilli(wire.getClockMillis()),
        wire.getEpoch(),
        wire.getGeneration(),
        wire.getMembersList().stream().map(ReportWire::read).toList(),
        wire.getDisksList().stream().map(ReportWire::read).toList(),
        new HostReport.Load(
            wire.getCpuRatio(), wire.getMemoryAvailableBytes(), wire.getAgentResidentBytes()),
        wire.getReleasesList().stream().map(ReportWire::read).toList());
  }

  private static io.quorate.common.wire.v1.UnpackedRelease write(
      HostReport.UnpackedRelease release) {
    return io.quorate.common.wire.v1.UnpackedRelease.newBuilder()
        .setVersion(release.version().toString())
        .setArchitecture(release.architecture())
        .setSha256(release.sha256())
        .setEtcdSha256(release.etcdSha256())
        .build();
  }

  private static HostReport.UnpackedRelease read(io.quorate.common.wire.v1.UnpackedRelease wire) {
    return new HostReport.UnpackedRelease(
        EtcdVersion.parse(wire.getVersion()),
        wire.getArchitecture(),
        wire.getSha256(),
        wire.getEtcdSha256());
  }

  private static MemberReport write(HostReport.Member member) {
    return MemberReport.newBuilder()
        .setCluster(member.id().cluster().value())
        .setMember(member.id().member().value())
        .setGeneration(member.converged())
        .setLineage(member.data().lineage())
        .setClusterId(member.data().clusterId())
        .setMemberId(member.data().memberId())
        .addAllSetAside(member.data().setAside())
        .setUnit(write(member.unit()))
        .addAllStaged(member.ready().stagedReleases())
        .setCertificatesReady(member.ready().certificates())
        .addAllProblems(member.problems().stream().map(ReportWire::write).toList())
        .addAllCertificates(member.certificates().stream().map(ReportWire::write).toList())
        .addAllDrifts(member.drifts().stream().map(ReportWire::write).toList())
        .setActivity(member.activity())
        .build();
  }

  private static HostReport.Member read(MemberReport wire) {
    return new HostReport.Member(
        DocumentWire.id(wire.getCluster(), wire.getMember()),
        wire.getGeneration(),
        new HostReport.DataState(
            wire.getLineage(),
            wire.getClusterId(),
            wire.getMemberId(),
            List.copyOf(wire.getSetAsideList())),
        read(wire.getUnit()),
        new HostReport.Ready(List.copyOf(wire.getStagedList()), wire.getCertificatesReady()),
        wire.getProblemsList().stream().map(ReportWire::read).toList(),
        wire.getCertificatesList().stream().map(ReportWire::read).toList(),
        wire.getDriftsList().stream().map(ReportWire::read).toList(),
        wire.getActivity());
  }

  private static UnitReport write(HostReport.Unit unit) {
    return UnitReport.newBuilder()
        .setState(write(unit.state()))
        .setEnabled(unit.enabled())
        .setRestarts(unit.restarts())
        .setPid(unit.running().pid())
        .setStartedMillis(unit.running().started().toEpochMilli())
        .setExecutableSha256(unit.running().executableSha256())
        .setExecutableVersion(unit.running().executableVersion())
        .setFingerprint(unit.running().fingerprint())
        .setExitCode(unit.failure().exitCode())
        .addAllLastLines(unit.failure().lastLines())
        .build();
  }

  private static HostReport.Unit read(UnitReport wire) {
    return new HostReport.Unit(
        read(wire.getState()),
        wire.getEnabled(),
        wire.getRestarts(),
        new HostReport.Running(
            wire.getPid(),
            Instant.ofEpochMilli(wire.getStartedMillis()),
            wire.getExecutableSha256(),
            wire.getExecutableVersion(),
            wire.getFingerprint()),
        new HostReport.Failure(wire.getExitCode(), List.copyOf(wire.getLastLinesList())));
  }

  private static UnitReport.State write(HostReport.UnitState state) {
    return switch (state) {
      case ABSENT -> UnitReport.State.STATE_ABSENT;
      case STOPPED -> UnitReport.State.STATE_STOPPED;
      case STARTING -> UnitReport.State.STATE_STARTING;
      case RUNNING -> UnitReport.State.STATE_RUNNING;
      case STOPPING -> UnitReport.State.STATE_STOPPING;
      case FAILED -> UnitReport.State.STATE_FAILED;
    };
  }

  private static HostReport.UnitState read(UnitReport.State wire) {
    return switch (wire) {
      case STATE_ABSENT -> HostReport.UnitState.ABSENT;
      case STATE_STOPPED -> HostReport.UnitState.STOPPED;
      case STATE_STARTING -> HostReport.UnitState.STARTING;
      case STATE_RUNNING -> HostReport.UnitState.RUNNING;
      case STATE_STOPPING -> HostReport.UnitState.STOPPING;
      case STATE_FAILED -> HostReport.UnitState.FAILED;
      case STATE_UNSPECIFIED, UNRECOGNIZED -> throw WireMapper.unknown("a state of a service");
    };
  }

  private static io.quorate.common.wire.v1.Problem write(HostReport.Trouble trouble) {
    return io.quorate.common.wire.v1.Problem.newBuilder()
        .setCode(trouble.code().name())
        .setSentence(trouble.sentence())
        .setRemedy(trouble.remedy())
        .setSinceMillis(trouble.since().toEpochMilli())
        .build();
  }

  private static HostReport.Trouble read(io.quorate.common.wire.v1.Problem wire) {
    return new HostReport.Trouble(
        WireMapper.code(wire.getCode()),
        WireMapper.sentence(wire.getCode(), wire.getSentence()),
        wire.getRemedy(),
        Instant.ofEpochMilli(wire.getSinceMillis()));
  }

  private static CertificateReport write(HostReport.Certificate certificate) {
    return CertificateReport.newBuilder()
        .setUse(certificate.use())
        .setSerial(certificate.serial())
        .setNotAfterMillis(certificate.notAfter().toEpochMilli())
        .build();
  }

  private static HostReport.Certificate read(CertificateReport wire) {
    return new HostReport.Certificate(
        wire.getUse(), wire.getSerial(), Instant.ofEpochMilli(wire.getNotAfterMillis()));
  }

  private static io.quorate.common.wire.v1.Drift write(HostReport.DriftFound drift) {
    return io.quorate.common.wire.v1.Drift.newBuilder()
        .setWhat(drift.what())
        .setFound(drift.found())
        .setSinceMillis(drift.since().toEpochMilli())
        .setRepaired(drift.repaired())
        .build();
  }

  private static HostReport.DriftFound read(io.quorate.common.wire.v1.Drift wire) {
    return new HostReport.DriftFound(
        wire.getWhat(),
        wire.getFound(),
        Instant.ofEpochMilli(wire.getSinceMillis()),
        wire.getRepaired());
  }

  private static DiskReport write(HostReport.Disk disk) {
    return DiskReport.newBuilder()
        .setCluster(disk.cluster().value())
        .setPurpose(disk.purpose())
        .setPath(disk.path())
        .setFileSystem(disk.space().fileSystem())
        .setDevice(disk.space().device())
        .setTotalBytes(disk.space().totalBytes())
        .setFreeBytes(disk.space().freeBytes())
        .setFreeInodes(disk.space().freeInodes())
        .setReadBytesPerSecond(disk.rates().readBytesPerSecond())
        .setWrittenBytesPerSecond(disk.rates().writtenBytesPerSecond())
        .setBusyRatio(disk.rates().busyRatio())
        .setFsync(
            FsyncReport.newBuilder()
                .setSamples(disk.fsync().samples())
                .setP50Micros(disk.fsync().p50Micros())
                .setP90Micros(disk.fsync().p90Micros())
                .setP99Micros(disk.fsync().p99Micros())
                .setMaxMicros(disk.fsync().maxMicros())
                .addAllCounts(disk.fsync().all().counts())
                .setSumMicros(disk.fsync().all().sumMicros()))
        .build();
  }

  private static HostReport.Disk read(DiskReport wire) {
    FsyncReport fsync = wire.getFsync();
    return new HostReport.Disk(
        ClusterName.of(wire.getCluster()),
        wire.getPurpose(),
        wire.getPath(),
        new HostReport.Space(
            wire.getFileSystem(),
            wire.getDevice(),
            wire.getTotalBytes(),
            wire.getFreeBytes(),
            wire.getFreeInodes()),
        new HostReport.Rates(
            wire.getReadBytesPerSecond(), wire.getWrittenBytesPerSecond(), wire.getBusyRatio()),
        new HostReport.Fsync(
            fsync.getSamples(),
            fsync.getP50Micros(),
            fsync.getP90Micros(),
            fsync.getP99Micros(),
            fsync.getMaxMicros(),
            new HostReport.Histogram(fsync.getCountsList(), fsync.getSumMicros())));
  }
}
