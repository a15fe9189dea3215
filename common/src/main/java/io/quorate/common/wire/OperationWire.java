package io.quorate.common.wire;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;

/** Operations and what became of them. */
final class OperationWire {
  private OperationWire() {}

  static io.quorate.common.wire.v1.Operation write(Operation operation) {
    var wire =
        io.quorate.common.wire.v1.Operation.newBuilder()
            .setId(operation.id())
            .setEpoch(operation.epoch())
            .setExpiresMillis(operation.expires().toEpochMilli());
    switch (operation.task()) {
      case Operation.SaveSnapshot save ->
          wire.setSaveSnapshot(
              io.quorate.common.wire.v1.Operation.SaveSnapshot.newBuilder()
                  .setCluster(save.member().cluster().value())
                  .setMember(save.member().member().value()));
      case Operation.ExportData export ->
          wire.setExportData(
              io.quorate.common.wire.v1.Operation.ExportData.newBuilder()
                  .setCluster(export.member().cluster().value())
                  .setMember(export.member().member().value())
                  .setLineage(export.lineage()));
      case Operation.DrillSnapshot drill -> wire.setDrillSnapshot(write(drill));
      case Operation.SalvageData salvage ->
          wire.setSalvageData(
              io.quorate.common.wire.v1.Operation.SalvageData.newBuilder()
                  .setData(salvage.data())
                  .setWal(salvage.wal().orElse(""))
                  .setRelease(DocumentWire.write(salvage.release())));
      case Operation.CheckHost check ->
          wire.setCheckHost(
              io.quorate.common.wire.v1.Operation.CheckHost.newBuilder()
                  .addAllMembers(check.members().stream().map(DocumentWire::write).toList()));
      case Operation.ReadLog read ->
          wire.setReadLog(
              io.quorate.common.wire.v1.Operation.ReadLog.newBuilder()
                  .setCluster(read.cluster().value())
                  .setLines(read.lines()));
    }
    return wire.build();
  }

  static Operation read(io.quorate.common.wire.v1.Operation wire) {
    return new Operation(
        wire.getId(), wire.getEpoch(), Instant.ofEpochMilli(wire.getExpiresMillis()), task(wire));
  }

  private static Operation.Task task(io.quorate.common.wire.v1.Operation wire) {
    return switch (wire.getKindCase()) {
      case SAVE_SNAPSHOT ->
          new Operation.SaveSnapshot(
              DocumentWire.id(
                  wire.getSaveSnapshot().getCluster(), wire.getSaveSnapshot().getMember()));
      case EXPORT_DATA ->
          new Operation.ExportData(
              DocumentWire.id(wire.getExportData().getCluster(), wire.getExportData().getMember()),
              wire.getExportData().getLineage());
      case DRILL_SNAPSHOT -> read(wire.getDrillSnapshot());
      case SALVAGE_DATA ->
          new Operation.SalvageData(
              wire.getSalvageData().getData(),
              Optional.of(wire.getSalvageData().getWal()).filter(w -> !w.isEmpty()),
              DocumentWire.read(wire.getSalvageData().getRelease()));
      case CHECK_HOST ->
          new Operation.CheckHost(
              wire.getCheckHost().getMembersList().stream().map(DocumentWire::read).toList());
      case READ_LOG ->
          new Operation.ReadLog(
              ClusterName.of(wire.getReadLog().getCluster()), wire.getReadLog().getLines());
      case KIND_NOT_SET ->
          throw Problem.of(Code.Q2002, "the agent does not know this operation")
              .withRemedy("upgrade the agent of this host")
              .asException();
    };
  }

  static io.quorate.common.wire.v1.OperationOutcome write(OperationOutcome outcome) {
    return io.quorate.common.wire.v1.OperationOutcome.newBuilder()
        .setOperationId(outcome.operationId())
        .setEpoch(outcome.epoch())
        .setSucceeded(outcome.succeeded())
        .setCode(outcome.failure().map(Code::name).orElse(""))
        .setSentence(outcome.sentence())
        .putAllFacts(outcome.facts())
        .build();
  }

  static OperationOutcome read(io.quorate.common.wire.v1.OperationOutcome wire) {
    return new OperationOutcome(
        wire.getOperationId(),
        wire.getEpoch(),
        wire.getSucceeded() ? Optional.empty() : Optional.of(WireMapper.code(wire.getCode())),
        wire.getSucceeded()
            ? wire.getSentence()
            : WireMapper.sentence(wire.getCode(), wire.getSentence()),
        new TreeMap<>(wire.getFactsMap()));
  }

  private static io.quorate.common.wire.v1.Operation.DrillSnapshot write(
      Operation.DrillSnapshot drill) {
    io.quorate.common.wire.v1.Operation.DrillSnapshot.Builder wire =
        io.quorate.common.wire.v1.Operation.DrillSnapshot.newBuilder()
            .setCluster(drill.cluster().value())
            .setSha256(drill.sha256())
            .setSize(drill.size())
            .setRelease(DocumentWire.write(drill.release()))
            .setExpectedRevision(drill.expected().revision())
            .setExpectedKeys(drill.expected().keys())
            .setExpectedHash(drill.expected().hash());
    drill
        .expected()
        .live()
        .ifPresent(
            live ->
                wire.setLive(
                    io.quorate.common.wire.v1.Operation.LiveContent.newBuilder()
                        .setKeys(live.keys())
                        .setHash(live.hash())
                        .setCompacted(live.compacted())));
    return wire.build();
  }

  private static Operation.DrillSnapshot read(
      io.quorate.common.wire.v1.Operation.DrillSnapshot wire) {
    Optional<Operation.Live> live =
        wire.hasLive()
            ? Optional.of(
                new Operation.Live(
                    wire.getLive().getKeys(),
                    wire.getLive().getHash(),
                    wire.getLive().getCompacted()))
            : Optional.empty();
    return new Operation.DrillSnapshot(
        ClusterName.of(wire.getCluster()),
        wire.getSha256(),
        wire.getSize(),
        DocumentWire.read(wire.getRelease()),
        new Operation.Expected(
            wire.getExpectedRevision(), wire.getExpectedKeys(), wire.getExpectedHash(), live));
  }
}
