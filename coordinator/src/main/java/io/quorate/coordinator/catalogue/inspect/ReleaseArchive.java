package io.quorate.coordinator.catalogue.inspect;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.EtcdVersion;
import io.quorate.coordinator.files.Digests;
import io.quorate.coordinator.files.PrivateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a release archive holds, found out without believing or running any of it. */
public final class ReleaseArchive {
  public static final Set<String> EXECUTABLES = Set.of("etcd", "etcdctl", "etcdutl");

  private static final Pattern DIRECTORY =
      Pattern.compile("etcd-v(\\d{1,4}\\.\\d{1,4}\\.\\d{1,4})-linux-([a-z0-9]{2,16})");

  private final GuardedTar tar;
  private final Path scratch;
  private final SortedMap<String, String> digests = new TreeMap<>();

  private ReleaseArchive(GuardedTar tar, Path scratch) {
    this.tar = tar;
    this.scratch = scratch;
  }

  /** The executables' digests by name. */
  public record Content(
      EtcdVersion version, String architecture, SortedMap<String, String> executables) {
    public Content {
      executables = Collections.unmodifiableSortedMap(new TreeMap<>(executables));
    }
  }

  /** Lays the executables into the scratch directory, where the caller removes them. */
  public static Content read(Path archive, Path scratch, Limits limits) throws IOException {
    try (InputStream in = Files.newInputStream(archive);
        GuardedTar tar = GuardedTar.open(in, limits)) {
      return new ReleaseArchive(tar, scratch).read();
    }
  }

  private Content read() throws IOException {
    String directory = unpack();
    Matcher named = DIRECTORY.matcher(directory);
    if (!named.matches() || !digests.containsKey("etcd")) {
      throw notRelease("no directory etcd-vX.Y.Z-linux-ARCH with an executable etcd in it");
    }
    Content content = new Content(EtcdVersion.parse(named.group(1)), named.group(2), digests);
    for (String name : digests.keySet()) {
      compare(name, content);
    }
    return content;
  }

  /** Returns the one directory that everything lies in. */
  private String unpack() throws IOException {
    String directory = "";
    for (Optional<GuardedTar.Item> next = tar.next(); next.isPresent(); next = tar.next()) {
      GuardedTar.Item item = next.get();
      List<String> parts = List.of(item.name().split("/"));
      if (directory.isEmpty()) {
        directory = parts.getFirst();
      }
      if (!parts.getFirst().equals(directory) || (parts.size() == 1 && !item.directory())) {
        throw notRelease("not everything in it lies in one directory");
      }
      if (!item.directory() && parts.size() == 2 && EXECUTABLES.contains(parts.get(1))) {
        digests.put(parts.get(1), lay(scratch.resolve(parts.get(1))));
      }
    }
    return directory;
  }

  private String lay(Path file) throws IOException {
    MessageDigest digest = Digests.sha256();
    try (FileChannel out = PrivateFiles.create(file)) {
      byte[] buffer = new byte[Digests.BUFFER];
      for (int read = tar.read(buffer); read >= 0; read = tar.read(buffer)) {
        digest.update(buffer, 0, read);
        PrivateFiles.writeAll(out, ByteBuffer.wrap(buffer, 0, read));
      }
    }
    return Digests.hex(digest);
  }

  private void compare(String name, Content content) throws IOException {
    EtcdExecutable found =
        EtcdExecutable.read(scratch.resolve(name))
            .orElseThrow(() -> notRelease(name + " in it is not an executable for 64-bit Linux"));
    String architecture =
        found
            .architecture()
            .orElseThrow(() -> notRelease(name + " in it is for an unknown architecture"));
    if (!architecture.equals(content.architecture())) {
      throw notRelease(
          "%s in it is for %s, its directory says %s"
              .formatted(name, architecture, content.architecture()));
    }
    if (found.versions().size() != 1) {
      throw notRelease(name + " in it does not tell its version");
    }
    EtcdVersion version = found.versions().iterator().next();
    if (!version.equals(content.version())) {
      throw notRelease(
          "%s in it is version %s, its directory says %s"
              .formatted(name, version, content.version()));
    }
    if (!found.couldBe(name)) {
      throw notRelease("%s in it is another program".formatted(name));
    }
  }

  private static RuntimeException notRelease(String why) {
    return Problem.of(Code.Q1101, "not a release archive in upstream's layout: " + why)
        .withState("nothing was added")
        .withRemedy("fetch etcd-vX.Y.Z-linux-ARCH.tar.gz as etcd's project publishes it")
        .asException();
  }
}
