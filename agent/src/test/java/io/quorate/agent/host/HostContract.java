package io.quorate.agent.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every {@link Host} does with files. */
abstract class HostContract {
  abstract Host host();

  /** An empty directory. */
  abstract Path root();

  @Test
  void nothingIsThereAtFirst() throws IOException {
    assertFalse(host().stat(root().resolve("a/b")).exists());
    assertEquals(List.of(), host().list(root().resolve("absent")));
    assertEquals(Optional.empty(), host().text(root().resolve("absent")));
    assertEquals(Optional.empty(), host().readLink(root().resolve("absent")));
  }

  @Test
  void writesAndReplacesWithTheGivenMode() throws IOException {
    Path file = root().resolve("file");
    host().write(file, "one".getBytes(UTF_8), Access.PUBLIC);
    host().write(file, "two".getBytes(UTF_8), Access.SECRET);
    assertEquals(Optional.of("two"), host().text(file));
    assertEquals(0600, host().stat(file).mode());
    assertTrue(host().stat(file).allows(Access.SECRET));
    assertEquals(List.of("file"), host().list(root()), "no temporary file stays behind");
  }

  @Test
  void replacesALinkInsteadOfWritingThroughIt() throws IOException {
    Path victim = root().resolve("victim");
    Path file = root().resolve("file");
    host().write(victim, "precious".getBytes(UTF_8), Access.PUBLIC);
    host().link(file, victim);
    host().write(file, "new".getBytes(UTF_8), Access.PUBLIC);
    assertEquals(Optional.of("precious"), host().text(victim));
    assertEquals(Stat.Kind.FILE, host().stat(file).kind());
  }

  @Test
  void createRefusesWhatIsThere() throws IOException {
    Path file = root().resolve("file");
    try (OutputStream out = host().create(file, Access.PUBLIC)) {
      out.write("abc".getBytes(UTF_8));
    }
    assertEquals("abc", new String(host().read(file), UTF_8));
    assertThrows(IOException.class, () -> host().create(file, Access.PUBLIC));
  }

  @Test
  void appendsAndReadsFromAnOffset() throws IOException {
    Path file = root().resolve("part");
    for (String piece : List.of("abc", "def")) {
      try (OutputStream out = host().append(file)) {
        out.write(piece.getBytes(UTF_8));
      }
    }
    assertEquals(6, host().stat(file).size());
    try (var in = host().open(file, 4)) {
      assertEquals("ef", new String(in.readAllBytes(), UTF_8));
    }
  }

  @Test
  void makesDirectoriesAndPutsTheirModeRight() throws IOException {
    Path directory = root().resolve("a/b/c");
    host().makeDirectory(directory, Access.closed(""));
    assertEquals(0700, host().stat(directory).mode());
    assertEquals(0755, host().stat(root().resolve("a/b")).mode());
    host().makeDirectory(directory, Access.PUBLIC_DIRECTORY);
    assertEquals(0755, host().stat(directory).mode());
    host().write(root().resolve("file"), new byte[0], Access.PUBLIC);
    assertThrows(
        IOException.class,
        () -> host().makeDirectory(root().resolve("file"), Access.PUBLIC_DIRECTORY));
  }

  @Test
  void switchesLinks() throws IOException {
    Path link = root().resolve("release");
    host().makeDirectory(root().resolve("v1"), Access.PUBLIC_DIRECTORY);
    host().makeDirectory(root().resolve("v2"), Access.PUBLIC_DIRECTORY);
    host().write(root().resolve("v2/etcd"), "2".getBytes(UTF_8), Access.PUBLIC);
    host().link(link, root().resolve("v1"));
    host().link(link, Path.of("v2"));
    assertEquals(Optional.of(Path.of("v2")), host().readLink(link));
    assertEquals(Stat.Kind.LINK, host().stat(link).kind());
    assertEquals(Optional.of("2"), host().text(link.resolve("etcd")));
    assertEquals(List.of("etcd"), host().list(link));
  }

  @Test
  void renamesTreesButNeverOverAnything() throws IOException {
    host().makeDirectory(root().resolve("data/member"), Access.closed(""));
    host().write(root().resolve("data/member/db"), "x".getBytes(UTF_8), Access.SECRET);
    host().makeDirectory(root().resolve("other"), Access.closed(""));
    assertThrows(
        IOException.class, () -> host().rename(root().resolve("data"), root().resolve("other")));
    host().rename(root().resolve("data"), root().resolve("data.aside"));
    assertFalse(host().stat(root().resolve("data")).exists());
    assertEquals(Optional.of("x"), host().text(root().resolve("data.aside/member/db")));
  }

  @Test
  void removesTreesWithoutFollowingLinks() throws IOException {
    host().makeDirectory(root().resolve("kept"), Access.PUBLIC_DIRECTORY);
    host().write(root().resolve("kept/file"), new byte[] {1}, Access.PUBLIC);
    host().makeDirectory(root().resolve("gone/deep"), Access.PUBLIC_DIRECTORY);
    host().link(root().resolve("gone/deep/link"), root().resolve("kept"));
    host().removeTree(root().resolve("gone"));
    host().removeTree(root().resolve("gone"));
    assertEquals(List.of("kept"), host().list(root()));
    assertTrue(host().stat(root().resolve("kept/file")).isFile());
  }

  @Test
  void writingWithoutADirectoryFails() {
    assertThrows(
        IOException.class,
        () -> host().write(root().resolve("no/such/file"), new byte[0], Access.PUBLIC));
  }

  @Test
  void tellsFreeSpaceOfPathsToCome() throws IOException {
    assertTrue(host().freeBytes(root().resolve("not/yet/there")) > 0);
  }
}
