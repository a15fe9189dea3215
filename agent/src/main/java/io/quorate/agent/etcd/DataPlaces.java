package io.quorate.agent.etcd;

import io.quorate.agent.host.Layout;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.MemberConfig;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Where a member's data lies. The write-ahead log is a directory <em>inside</em> the one that the
 * document names, because etcd makes a new log beside the old and renames it: it must own the
 * directory around it, which may then well be the mount point of a disk of its own.
 *
 * @param data etcd's data directory
 * @param walDisk what the document calls the directory of the log
 */
public record DataPlaces(Path data, Path walDisk) {
  private static final Pattern PLAIN = Pattern.compile("(/[A-Za-z0-9_][A-Za-z0-9._-]{0,99}){2,12}");
  private static final String SEED = ".quorate-seed";

  public static DataPlaces of(MemberConfig member, Layout layout) {
    return new DataPlaces(
        layout.rooted(plain(member.directories().data())),
        layout.rooted(plain(member.directories().wal())));
  }

  /** What etcd is told as its wal-dir. */
  public Path wal() {
    return walDisk.resolve("wal");
  }

  /** Inside the data directory, beside what etcd makes there, which ignores it. */
  public Path stamp() {
    return data.resolve("quorate-lineage.json");
  }

  /** What etcd makes in its data directory. */
  public Path member() {
    return data.resolve("member");
  }

  /** Where data is put together that etcd did not make; in the file system where it will lie. */
  Path dataSeed() {
    return data.resolve(SEED);
  }

  Path walSeed() {
    return walDisk.resolve(SEED);
  }

  private static Path plain(String text) {
    if (!PLAIN.matcher(text).matches()) {
      throw Problem.of(Code.Q1004, "a data directory is not a plain absolute path").asException();
    }
    return Path.of(text);
  }
}
