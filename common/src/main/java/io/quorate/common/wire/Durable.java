package io.quorate.common.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.common.model.HostConfig;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;

/**
 * Records as bytes to keep: the same form that they travel in, so that what is kept is what was
 * said, and an older file is read by the same rules as an older peer. Times are exact to the
 * millisecond.
 */
public final class Durable {
  private Durable() {}

  private interface Parser<T> {
    T parse(byte[] bytes) throws InvalidProtocolBufferException;
  }

  public static byte[] bytes(HostConfig config) {
    return WireMapper.toWire(config).toByteArray();
  }

  public static HostConfig hostConfig(byte[] bytes) {
    io.quorate.common.wire.v1.HostConfig wire =
        parse(io.quorate.common.wire.v1.HostConfig::parseFrom, bytes);
    return WireMapper.fromWire(wire);
  }

  public static byte[] bytes(MemberConfig config) {
    return DocumentWire.write(config).toByteArray();
  }

  public static MemberConfig member(byte[] bytes) {
    io.quorate.common.wire.v1.MemberConfig wire =
        parse(io.quorate.common.wire.v1.MemberConfig::parseFrom, bytes);
    return DocumentWire.read(wire);
  }

  public static byte[] bytes(Operation operation) {
    return WireMapper.toWire(operation).toByteArray();
  }

  public static Operation operation(byte[] bytes) {
    io.quorate.common.wire.v1.Operation wire =
        parse(io.quorate.common.wire.v1.Operation::parseFrom, bytes);
    return WireMapper.fromWire(wire);
  }

  public static byte[] bytes(OperationOutcome outcome) {
    return WireMapper.toWire(outcome).toByteArray();
  }

  public static OperationOutcome outcome(byte[] bytes) {
    io.quorate.common.wire.v1.OperationOutcome wire =
        parse(io.quorate.common.wire.v1.OperationOutcome::parseFrom, bytes);
    return WireMapper.fromWire(wire);
  }

  private static <T> T parse(Parser<T> parser, byte[] bytes) {
    try {
      return parser.parse(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("kept bytes cannot be read", e);
    }
  }
}
