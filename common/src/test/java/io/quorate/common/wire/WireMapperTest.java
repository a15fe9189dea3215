package io.quorate.common.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quorate.common.error.Code;
import io.quorate.common.error.QuorateException;
import io.quorate.common.testing.RandomRecords;
import io.quorate.common.wire.v1.HostConfig;
import io.quorate.common.wire.v1.MemberConfig;
import io.quorate.common.wire.v1.Operation;
import io.quorate.common.wire.v1.OperationOutcome;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class WireMapperTest {
  /** Through bytes and back, every record is equal to itself; the seed is in the failure. */
  @Test
  void whatIsWrittenIsReadBack() throws Exception {
    for (long seed = 0; seed < 500; seed++) {
      RandomRecords any = new RandomRecords(seed);
      String name = "seed " + seed;
      var config = any.hostConfig();
      assertEquals(
          config,
          WireMapper.fromWire(HostConfig.parseFrom(WireMapper.toWire(config).toByteArray())),
          name);
      var operation = any.operation();
      assertEquals(
          operation,
          WireMapper.fromWire(Operation.parseFrom(WireMapper.toWire(operation).toByteArray())),
          name);
      var outcome = any.outcome();
      assertEquals(
          outcome,
          WireMapper.fromWire(OperationOutcome.parseFrom(WireMapper.toWire(outcome).toByteArray())),
          name);
      var report = any.hostReport();
      assertEquals(
          report,
          WireMapper.fromWire(
              io.quorate.common.wire.v1.HostReport.parseFrom(
                  WireMapper.toWire(report).toByteArray())),
          name);
      var facts = any.hostFacts();
      assertEquals(facts, WireMapper.fromWire(WireMapper.toWire(facts)), name);
    }
  }

  @Test
  void anOperationOfTheFutureIsNotGuessedAt() {
    var unknown = Operation.newBuilder().setId("x").build();
    assertEquals(Code.Q2002, refused(() -> WireMapper.fromWire(unknown)));
  }

  @Test
  void aDocumentOfTheFutureIsRefusedWhole() {
    var known = WireMapper.toWire(new RandomRecords(1).memberConfigDocument());
    var unknown =
        known.toBuilder().setMembers(0, known.getMembers(0).toBuilder().setRunValue(99)).build();
    assertEquals(Code.Q1208, refused(() -> WireMapper.fromWire(unknown)));
    var seedless =
        known.toBuilder().setMembers(0, known.getMembers(0).toBuilder().clearSeed()).build();
    assertEquals(Code.Q1208, refused(() -> WireMapper.fromWire(seedless)));
  }

  @Test
  void aHostileNameIsRefused() {
    var hostile =
        HostConfig.newBuilder()
            .addMembers(MemberConfig.newBuilder().setCluster("../etc").setMember("m"))
            .build();
    assertEquals(Code.Q1006, refused(() -> WireMapper.fromWire(hostile)));
  }

  @Test
  void aCodeOfTheFutureStaysReadable() {
    var newer =
        OperationOutcome.newBuilder()
            .setOperationId("x")
            .setCode("Q9999")
            .setSentence("new trouble")
            .build();
    var read = WireMapper.fromWire(newer);
    assertEquals(Code.Q1308, read.failure().orElseThrow());
    assertEquals("Q9999: new trouble", read.sentence());
  }

  @Test
  void theHighestCommonProtocolIsSpoken() {
    assertEquals(OptionalInt.of(Protocol.highest()), Protocol.common(1, 99));
    assertEquals(OptionalInt.empty(), Protocol.common(Protocol.highest() + 1, 99));
    assertEquals(OptionalInt.empty(), Protocol.common(0, Protocol.lowest() - 1));
  }

  private static Code refused(org.junit.jupiter.api.function.Executable reading) {
    return assertThrows(QuorateException.class, reading).problem().code();
  }
}
