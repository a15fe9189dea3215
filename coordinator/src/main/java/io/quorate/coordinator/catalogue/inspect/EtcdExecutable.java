package io.quorate.coordinator.catalogue.inspect;

import io.quorate.common.model.EtcdVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an executable of etcd's says of itself, read without running it: an upload is a stranger's,
 * and its architecture may be another one.
 *
 * <ol>
 *   <li>The architecture is that of the ELF header.
 *   <li>The version is the value of the variable that {@code --version} prints: {@code
 *       version.Version}. Released executables carry no symbols, but a Go string variable is a
 *       pointer and a length in writable memory; those whose text is exactly a version are
 *       candidates. One that lies beside the text {@code unknown}, the variable {@code
 *       version.APIVersion} of the same package, goes before others. {@code 3.0.0} never counts: it
 *       is {@code version.MinClusterVersion}. Exactly one must be left.
 *   <li>Which tool it is, is the path of its main package, where Go's build information is there.
 * </ol>
 */
record EtcdExecutable(
    Optional<String> architecture, Set<EtcdVersion> versions, Optional<String> mainPackage) {
  private static final Pattern VERSION = Pattern.compile("\\d{1,4}\\.\\d{1,4}\\.\\d{1,4}");
  private static final Pattern MAIN = Pattern.compile("path\t([!-~]{1,200})\n");
  private static final EtcdVersion LOWEST_CLUSTER_VERSION = new EtcdVersion(3, 0, 0);
  private static final String NEIGHBOUR = "unknown";
  private static final int SHORTEST = 5;
  private static final int LONGEST = 14;
  private static final byte[] BUILD_INFORMATION = {
    0x30,
    0x77,
    (byte) 0xaf,
    0x0c,
    (byte) 0x92,
    0x74,
    0x08,
    0x02,
    0x41,
    (byte) 0xe1,
    (byte) 0xc1,
    0x07,
    (byte) 0xe6,
    (byte) 0xd6,
    0x18,
    (byte) 0xe6
  };

  EtcdExecutable {
    versions = Set.copyOf(versions);
  }

  /** Whether it is the tool of that name, as far as it tells. */
  boolean couldBe(String name) {
    return mainPackage.map(EtcdExecutable::tool).map(name::equals).orElse(true);
  }

  private static String tool(String mainPackage) {
    String path = mainPackage.replaceFirst("/v\\d+$", "");
    String last = path.substring(path.lastIndexOf('/') + 1);
    return last.equals("etcdctl") || last.equals("etcdutl") ? last : "etcd";
  }

  /** Empty when it is not an executable for 64-bit Linux. */
  static Optional<EtcdExecutable> read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() > Integer.MAX_VALUE) {
        return Optional.empty();
      }
      ByteBuffer content = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      return ElfFile.read(content)
          .map(elf -> new EtcdExecutable(elf.architecture(), versions(elf), mainPackage(content)));
    }
  }

  private static Set<EtcdVersion> versions(ElfFile elf) {
    Map<Long, String> texts = new HashMap<>();
    elf.visitPointers(
        (place, pointer, length) -> {
          if (length >= SHORTEST && length <= LONGEST) {
            elf.memory(pointer, (int) length)
                .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                .filter(text -> text.equals(NEIGHBOUR) || VERSION.matcher(text).matches())
                .ifPresent(text -> texts.put(place, text));
          }
        });
    Set<EtcdVersion> all = new TreeSet<>();
    Set<EtcdVersion> beside = new TreeSet<>();
    LongFunction<Boolean> isNeighbour = place -> NEIGHBOUR.equals(texts.get(place));
    texts.forEach(
        (place, text) -> {
          if (!text.equals(NEIGHBOUR)) {
            EtcdVersion version = EtcdVersion.parse(text);
            all.add(version);
            if (isNeighbour.apply(place - 32)
                || isNeighbour.apply(place - 16)
                || isNeighbour.apply(place + 16)
                || isNeighbour.apply(place + 32)) {
              beside.add(version);
            }
          }
        });
    all.remove(LOWEST_CLUSTER_VERSION);
    beside.remove(LOWEST_CLUSTER_VERSION);
    return beside.isEmpty() ? all : beside;
  }

  /** Its text stands between two marks that Go's linker knows; absent in very old ones. */
  private static Optional<String> mainPackage(ByteBuffer content) {
    for (int at = 0; at + BUILD_INFORMATION.length + 256 < content.limit(); at++) {
      if (content.get(at) == BUILD_INFORMATION[0] && matches(content, at)) {
        byte[] text = new byte[256];
        content.get(at + BUILD_INFORMATION.length, text);
        Matcher matcher = MAIN.matcher(new String(text, StandardCharsets.ISO_8859_1));
        if (matcher.lookingAt()) {
          return Optional.of(matcher.group(1));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean matches(ByteBuffer content, int at) {
    for (int i = 0; i < BUILD_INFORMATION.length; i++) {
      if (content.get(at + i) != BUILD_INFORMATION[i]) {
        return false;
      }
    }
    return true;
  }
}
