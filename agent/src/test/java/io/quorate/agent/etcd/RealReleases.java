package io.quorate.agent.etcd;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.agent.host.Sha256;
import io.quorate.agent.release.BlobSource;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.Release;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The real releases that the lab keeps; a test that needs one which is not there is skipped. */
public final class RealReleases implements BlobSource {
  private final Map<String, Path> blobs = new ConcurrentHashMap<>();

  public Release get(String version) throws IOException {
    String cache = System.getenv("QUORATE_CACHE");
    Path base =
        cache == null
            ? Path.of(System.getProperty("user.home"), ".cache", "quorate")
            : Path.of(cache);
    Path archive = base.resolve("releases/etcd-v%s-linux-amd64.tar.gz".formatted(version));
    assumeTrue(Files.exists(archive), archive + " is not there: lab/releases makes it");
    return new Release(EtcdVersion.parse(version), "amd64", put(archive), Files.size(archive));
  }

  /** Serves a file, and tells its digest. */
  public String put(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      String sha256 = Sha256.of(in);
      blobs.put(sha256, file);
      return sha256;
    }
  }

  @Override
  public void fetch(String sha256, long offset, Sink sink) throws IOException {
    Path file = blobs.get(sha256);
    if (file == null) {
      throw new IOException("unknown blob");
    }
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(offset);
      byte[] buffer = new byte[1 << 18];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        sink.accept(Arrays.copyOf(buffer, n));
      }
    }
  }
}
