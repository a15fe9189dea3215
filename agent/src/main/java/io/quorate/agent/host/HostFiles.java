package io.quorate.agent.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Files, as somebody needs them who may be killed, or lose power, between any two calls: each call
 * that changes something is durable when it returns, and has happened wholly or not at all ({@link
 * #create}, {@link #append}, {@link #giveTree} and {@link #removeTree} excepted, which are for
 * places that are not yet, or no longer, in use). Links at the end of a path are never followed,
 * except by {@link #read} and {@link #open}.
 */
public interface HostFiles {
  Stat stat(Path path) throws IOException;

  /** The names in a directory, sorted; none when there is no such directory. */
  List<String> list(Path directory) throws IOException;

  /** A whole small file; refuses one of more than 16 MiB. */
  byte[] read(Path file) throws IOException;

  InputStream open(Path file, long offset) throws IOException;

  /** The digest of a whole file, however large; may be remembered while the file is the same. */
  default String sha256(Path file) throws IOException {
    try (InputStream in = open(file, 0)) {
      return Sha256.of(in);
    }
  }

  /** Replaces the file, or makes it: a reader sees the old content or the new, never a part. */
  void write(Path file, byte[] content, Access access) throws IOException;

  /** A new file, which must not be there yet; synced when closed. */
  OutputStream create(Path file, Access access) throws IOException;

  /** The end of a file, made when it is not there; synced when closed. */
  OutputStream append(Path file) throws IOException;

  /**
   * Makes sure of a directory with this owner and mode; missing parents are made as {@link
   * Access#PUBLIC_DIRECTORY}.
   */
  void makeDirectory(Path directory, Access access) throws IOException;

  /** Makes a user the owner of everything in a tree. An empty owner changes nothing. */
  void giveTree(Path tree, String owner) throws IOException;

  /** Points a symbolic link elsewhere, or makes it: at no moment is there none. */
  void link(Path link, Path target) throws IOException;

  Optional<Path> readLink(Path link) throws IOException;

  /** Renames within a file system; refuses to replace anything. */
  void rename(Path from, Path to) throws IOException;

  /** Removes a tree that the agent made for itself. Never called with data of etcd. */
  void removeTree(Path tree) throws IOException;

  /** Cuts a file that another process appends to down to nothing. */
  void empty(Path file) throws IOException;

  /** Bytes that may still be written to the file system of a path that need not exist yet. */
  long freeBytes(Path path) throws IOException;

  /** A whole small file as text, when it is there. */
  default Optional<String> text(Path file) throws IOException {
    return stat(file).isFile()
        ? Optional.of(new String(read(file), java.nio.charset.StandardCharsets.UTF_8))
        : Optional.empty();
  }
}
