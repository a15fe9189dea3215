package io.quorate.coordinator.catalogue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** The smallest file that says of itself what an executable of etcd's says. */
final class FakeElf {
  static final int AMD64 = 62;
  static final int ARM64 = 183;
  static final int S390X = 22;

  private static final long BASE = 0x400000;
  private static final int HEADERS = 64 + 56;

  private FakeElf() {}

  static byte[] etcd(int machine, String version) {
    return program(machine, "go.etcd.io/etcd/server/v3", List.of("3.0.0", version, "unknown"));
  }

  static byte[] tool(String name, int machine, String version) {
    return program(machine, "go.etcd.io/etcd/" + name + "/v3", List.of(version, "unknown"));
  }

  /** String variables, one after the other, as Go lays them down; and its build information. */
  static byte[] program(int machine, String mainPackage, List<String> variables) {
    ByteBuffer file =
        ByteBuffer.allocate(8192)
            .order(machine == S390X ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, (byte) (machine == S390X ? 2 : 1), 1});
    file.putShort(16, (short) 2).putShort(18, (short) machine);
    file.putLong(32, 64).putShort(54, (short) 56).putShort(56, (short) 1);
    file.putInt(64, 1).putInt(68, 6);
    file.putLong(72, 0).putLong(80, BASE).putLong(96, file.capacity());

    int variable = HEADERS;
    int text = HEADERS + 16 * variables.size();
    for (String value : variables) {
      byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
      file.putLong(variable, BASE + text).putLong(variable + 8, bytes.length);
      file.put(text, bytes);
      variable += 16;
      text += bytes.length;
    }
    file.position(text);
    file.put(HexFormat.of().parseHex("3077af0c9274080241e1c107e6d618e6"));
    file.put(("path\t" + mainPackage + "\nbuild\t-compiler=gc\n").getBytes(StandardCharsets.UTF_8));
    return file.array();
  }
}
