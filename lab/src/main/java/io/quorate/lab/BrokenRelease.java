package io.quorate.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A release in upstream's layout whose etcd passes every check that a release is asked for, and
 * ends at once when it is to serve: it calls itself by its version, takes any flag with {@code
 * --version}, and otherwise says its last words and exits with 1.
 *
 * <p>The program is a hand-made executable for amd64, because none of the machines that run the lab
 * need a compiler.
 */
public final class BrokenRelease {
  private static final int CODE_AT = 0x1000;
  private static final int DATA_AT = 0x2000;
  private static final int SIZE = 0x1000;
  private static final long CODE_ADDRESS = 0x401000;
  private static final long DATA_ADDRESS = 0x500000;
  private static final int ANSWER = 0x100;
  private static final int LAST_WORDS = 0x200;

  /**
   * Walks its arguments: with {@code --version} among them it writes the answer and exits with 0,
   * without, it writes its last words to standard error and exits with 1.
   */
  private static final byte[] CODE =
      HexFormat.of()
          .parseHex(
              "488d6c2408488b75004885f674274883c508bf00005000b90a000000f3a675e5"
                  + "bf01000000be000150008b14251000500031dbeb16"
                  + "bf02000000be000250008b142514005000bb01000000"
                  + "b8010000000f0589dfb83c0000000f05");

  private BrokenRelease() {}

  /** Whether this machine runs it. */
  public static boolean runsHere() {
    return System.getProperty("os.arch").equals("amd64");
  }

  /** The archive, in a directory. */
  public static Path make(Path directory, String version, String lastWords) {
    return archive(directory, "etcd-v%s-linux-amd64", version, program(version, lastWords));
  }

  /** For another machine: it says that it is one of arm64, and runs nowhere at all. */
  public static Path foreign(Path directory, String version) {
    byte[] program = program(version, "");
    ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN).putShort(18, (short) 183);
    return archive(directory, "etcd-v%s-linux-arm64", version, program);
  }

  private static Path archive(Path directory, String pattern, String version, byte[] content) {
    String name = pattern.formatted(version);
    Path archive = directory.resolve(name + ".tar.gz");
    Path program = directory.resolve(name).resolve("etcd");
    try {
      Files.createDirectories(program.getParent());
      Files.write(program, content);
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Commands.run(
            List.of("tar", "-C", directory.toString(), "-czf", archive.toString(), name),
            Map.of(),
            Duration.ofSeconds(30))
        .orThrow();
    return archive;
  }

  private static byte[] program(String version, String lastWords) {
    ByteBuffer file = ByteBuffer.allocate(DATA_AT + SIZE).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
    file.putShort(16, (short) 2).putShort(18, (short) 62).putInt(20, 1).putLong(24, CODE_ADDRESS);
    file.putLong(32, 64).putShort(52, (short) 64);
    file.putShort(54, (short) 56).putShort(56, (short) 2);
    segment(file, 64, 5, CODE_AT, CODE_ADDRESS);
    segment(file, 64 + 56, 6, DATA_AT, DATA_ADDRESS);
    file.put(CODE_AT, CODE);

    byte[] answer = "etcd Version: %s%nGit SHA: broken%n".formatted(version).getBytes(UTF_8);
    byte[] words = (lastWords + "\n").getBytes(UTF_8);
    int unknown = ANSWER + answer.length;
    file.put(DATA_AT, "--version\0".getBytes(UTF_8));
    file.putInt(DATA_AT + 0x10, answer.length).putInt(DATA_AT + 0x14, words.length);
    // The version as Go keeps it, beside its neighbour: this is what a catalogue reads.
    text(file, 0x20, ANSWER + "etcd Version: ".length(), version.length());
    text(file, 0x30, unknown, "unknown".length());
    file.put(DATA_AT + ANSWER, answer).put(DATA_AT + unknown, "unknown".getBytes(UTF_8));
    file.put(DATA_AT + LAST_WORDS, words);
    return file.array();
  }

  private static void segment(ByteBuffer file, int at, int flags, int offset, long address) {
    file.putInt(at, 1).putInt(at + 4, flags);
    file.putLong(at + 8, offset).putLong(at + 16, address).putLong(at + 24, address);
    file.putLong(at + 32, SIZE).putLong(at + 40, SIZE).putLong(at + 48, 0x1000);
  }

  private static void text(ByteBuffer file, int variable, int at, int length) {
    file.putLong(DATA_AT + variable, DATA_ADDRESS + at);
    file.putLong(DATA_AT + variable + 8, length);
  }
}
