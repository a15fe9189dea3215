package io.quorate.common.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.HostConfig;
import io.quorate.common.model.HostFacts;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;

/**
 * Where records become protobuf and protobuf becomes records; nothing else in Quorate builds or
 * reads the desired documents, operations, outcomes and reports of the wire.
 *
 * <p>Reading is strict where a guess could do harm: a document with a part that this version does
 * not know is refused whole ({@link Code#Q1208}), an unknown operation with {@link Code#Q2002}.
 * Reading is lenient where a newer agent only tells more: an unknown code in a report is kept as
 * text.
 */
public final class WireMapper {
  private WireMapper() {}

  public static io.quorate.common.wire.v1.HostConfig toWire(HostConfig config) {
    return DocumentWire.write(config);
  }

  public static HostConfig fromWire(io.quorate.common.wire.v1.HostConfig wire) {
    return DocumentWire.read(wire);
  }

  public static io.quorate.common.wire.v1.Operation toWire(Operation operation) {
    return OperationWire.write(operation);
  }

  public static Operation fromWire(io.quorate.common.wire.v1.Operation wire) {
    return OperationWire.read(wire);
  }

  public static io.quorate.common.wire.v1.OperationOutcome toWire(OperationOutcome outcome) {
    return OperationWire.write(outcome);
  }

  public static OperationOutcome fromWire(io.quorate.common.wire.v1.OperationOutcome wire) {
    return OperationWire.read(wire);
  }

  public static io.quorate.common.wire.v1.HostReport toWire(HostReport report) {
    return ReportWire.write(report);
  }

  public static HostReport fromWire(io.quorate.common.wire.v1.HostReport wire) {
    return ReportWire.read(wire);
  }

  public static io.quorate.common.wire.v1.HostFacts toWire(HostFacts facts) {
    return ReportWire.write(facts);
  }

  public static HostFacts fromWire(io.quorate.common.wire.v1.HostFacts wire) {
    return ReportWire.read(wire);
  }

  /**
   * A document as bytes, for a journal: what one version of the agent writes, the next can read.
   */
  public static byte[] encode(HostConfig config) {
    return toWire(config).toByteArray();
  }

  /** What {@link #encode(HostConfig)} wrote; refused with Q1208 when it is not that. */
  public static HostConfig decodeDocument(byte[] bytes) {
    try {
      return fromWire(io.quorate.common.wire.v1.HostConfig.parseFrom(bytes));
    } catch (InvalidProtocolBufferException e) {
      throw new QuorateException(Problem.of(Code.Q1208, "the stored document is damaged"), e);
    }
  }

  public static byte[] encode(OperationOutcome outcome) {
    return toWire(outcome).toByteArray();
  }

  /** What {@link #encode(OperationOutcome)} wrote; refused with Q1208 when it is not that. */
  public static OperationOutcome decodeOutcome(byte[] bytes) {
    try {
      return fromWire(io.quorate.common.wire.v1.OperationOutcome.parseFrom(bytes));
    } catch (InvalidProtocolBufferException e) {
      throw new QuorateException(Problem.of(Code.Q1208, "the stored outcome is damaged"), e);
    }
  }

  public static io.quorate.common.wire.v1.Goodbye goodbye(Problem problem) {
    return io.quorate.common.wire.v1.Goodbye.newBuilder()
        .setCode(problem.code().name())
        .setSentence(problem.sentence())
        .build();
  }

  public static Problem fromWire(io.quorate.common.wire.v1.Goodbye wire) {
    return Problem.of(code(wire.getCode()), sentence(wire.getCode(), wire.getSentence()));
  }

  /** The code of that name; one that a newer version has added counts as an internal error. */
  public static Code code(String name) {
    for (Code code : Code.values()) {
      if (code.name().equals(name)) {
        return code;
      }
    }
    return Code.Q1308;
  }

  /** Keeps the name of an unknown code readable. */
  static String sentence(String code, String sentence) {
    return code.equals(code(code).name()) ? sentence : code + ": " + sentence;
  }

  static RuntimeException unknown(String what) {
    return Problem.of(
            Code.Q1208, "the other side sent " + what + ", which this version does not know")
        .withRemedy("upgrade the older side")
        .asException();
  }
}
