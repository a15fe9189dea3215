package io.quorate.coordinator.catalogue.inspect;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A 64-bit Linux executable as it would lie in memory, without running it. Every offset comes from
 * a stranger: what leads outside the file reads as absent.
 */
final class ElfFile {
  private static final byte[] MAGIC = {0x7f, 'E', 'L', 'F'};
  private static final int CLASS_64 = 2;
  private static final int LITTLE = 1;
  private static final int LOAD = 1;
  private static final int DYNAMIC = 2;
  private static final int WRITABLE = 2;
  private static final long TAG_RELOCATIONS = 7;
  private static final long TAG_RELOCATIONS_SIZE = 8;
  private static final int RELOCATION_SIZE = 24;
  private static final int MOST_SEGMENTS = 128;

  /** In Go's words. */
  private static final Map<Integer, String> LITTLE_MACHINES =
      Map.of(62, "amd64", 183, "arm64", 21, "ppc64le", 243, "riscv64", 258, "loong64");

  private static final Map<Integer, String> BIG_MACHINES = Map.of(22, "s390x", 21, "ppc64");

  private record Segment(int kind, boolean writable, int offset, long address, int size) {}

  private final ByteBuffer content;
  private final int machine;
  private final List<Segment> segments = new ArrayList<>();

  /** Position-independent executables keep their pointers here, to be filled in at the start. */
  private final Map<Long, Long> relocations = new HashMap<>();

  private ElfFile(ByteBuffer content) {
    this.content = content;
    this.machine = Short.toUnsignedInt(content.getShort(18));
  }

  interface PointerVisitor {
    /** A place in a writable segment, the pointer that it holds, and the word after it. */
    void visit(long place, long pointer, long next);
  }

  /** Empty when it is not a 64-bit ELF file, or a broken one. */
  static Optional<ElfFile> read(ByteBuffer bytes) {
    try {
      ByteBuffer content = bytes.duplicate();
      for (int i = 0; i < MAGIC.length; i++) {
        if (content.get(i) != MAGIC[i]) {
          return Optional.empty();
        }
      }
      if (content.get(4) != CLASS_64) {
        return Optional.empty();
      }
      content.order(content.get(5) == LITTLE ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      ElfFile file = new ElfFile(content);
      file.readSegments();
      file.readRelocations();
      return Optional.of(file);
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  Optional<String> architecture() {
    return Optional.ofNullable(
        (content.order() == ByteOrder.LITTLE_ENDIAN ? LITTLE_MACHINES : BIG_MACHINES).get(machine));
  }

  /** What lies in memory at an address, as far as the file tells. */
  Optional<byte[]> memory(long address, int length) {
    for (Segment segment : segments) {
      long into = address - segment.address;
      if (segment.kind == LOAD && into >= 0 && into <= segment.size - (long) length) {
        byte[] bytes = new byte[length];
        content.get(segment.offset + (int) into, bytes);
        return Optional.of(bytes);
      }
    }
    return Optional.empty();
  }

  /** Visits every word of the writable segments as if it were a pointer. */
  void visitPointers(PointerVisitor visitor) {
    for (Segment segment : segments) {
      if (segment.kind == LOAD && segment.writable) {
        for (int at = 0; at + 16 <= segment.size; at += 8) {
          long place = segment.address + at;
          long kept = content.getLong(segment.offset + at);
          visitor.visit(
              place,
              relocations.getOrDefault(place, kept),
              content.getLong(segment.offset + at + 8));
        }
      }
    }
  }

  private void readSegments() {
    int table = Math.toIntExact(content.getLong(32));
    int entry = Short.toUnsignedInt(content.getShort(54));
    int count = Math.min(Short.toUnsignedInt(content.getShort(56)), MOST_SEGMENTS);
    for (int i = 0; i < count; i++) {
      int at = Math.addExact(table, Math.multiplyExact(i, entry));
      int kind = content.getInt(at);
      if (kind == LOAD || kind == DYNAMIC) {
        int offset = Math.toIntExact(content.getLong(at + 8));
        int size = Math.toIntExact(content.getLong(at + 32));
        if (offset < 0 || size < 0 || offset > content.limit() - size) {
          throw new IndexOutOfBoundsException("a segment outside the file");
        }
        segments.add(
            new Segment(
                kind,
                (content.getInt(at + 4) & WRITABLE) != 0,
                offset,
                content.getLong(at + 16),
                size));
      }
    }
  }

  private void readRelocations() {
    for (Segment segment : segments) {
      if (segment.kind == DYNAMIC) {
        long address = 0;
        long size = 0;
        for (int at = segment.offset; at + 16 <= segment.offset + segment.size; at += 16) {
          long tag = content.getLong(at);
          if (tag == TAG_RELOCATIONS) {
            address = content.getLong(at + 8);
          } else if (tag == TAG_RELOCATIONS_SIZE) {
            size = content.getLong(at + 8);
          }
        }
        if (size > 0 && size <= content.limit()) {
          memory(address, (int) size).ifPresent(this::addRelocations);
        }
      }
    }
  }

  private void addRelocations(byte[] table) {
    ByteBuffer words = ByteBuffer.wrap(table).order(content.order());
    for (int at = 0; at + RELOCATION_SIZE <= table.length; at += RELOCATION_SIZE) {
      relocations.put(words.getLong(at), words.getLong(at + 16));
    }
  }
}
