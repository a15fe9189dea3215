package io.quorate.agent.operate;

import io.quorate.agent.host.HostFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** A finished file, for an upload. */
record FileContent(HostFiles files, Path file, String sha256) implements Uploads.Content {
  @Override
  public long size() {
    try {
      return files.stat(file).size();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public InputStream open(long offset) throws IOException {
    return files.open(file, offset);
  }
}
