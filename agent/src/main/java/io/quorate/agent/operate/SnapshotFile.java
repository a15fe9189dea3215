package io.quorate.agent.operate;

import io.quorate.agent.host.Host;
import io.quorate.agent.host.HostFiles;
import io.quorate.agent.host.HostProcesses.Command;
import io.quorate.agent.host.HostProcesses.Finished;
import io.quorate.agent.host.Sha256;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What can be known of a snapshot without restoring it. */
final class SnapshotFile {
  private static final int TRAILER = 32;
  private static final int PAGE = 512;
  private static final Duration PATIENCE = Duration.ofMinutes(20);

  private SnapshotFile() {}

  /**
   * Verified facts; throws Q3501 when it is damaged.
   *
   * @param tool etcdutl, or etcdctl where that still reads snapshots
   */
  static JsonObject facts(Host host, Path file, Optional<Path> tool) throws IOException {
    return facts(host, file, verified(host, file), tool);
  }

  /** The same of a file whose digest is known to be right. */
  static JsonObject facts(Host host, Path file, String sha256, Optional<Path> tool)
      throws IOException {
    JsonObject facts = new JsonObject();
    facts.put("sha256", sha256);
    facts.put("size", Long.toString(host.stat(file).size()));
    if (tool.isEmpty()) {
      throw Problem.of(Code.Q2021, "no release on this host has etcdutl, which reads snapshots")
          .withRemedy("add the complete archive: quorate release add FILE")
          .asException();
    }
    Finished said =
        host.run(
            new Command(
                List.of(
                    tool.get().toString(),
                    "snapshot",
                    "status",
                    file.toString(),
                    "--write-out=json"),
                Map.of("ETCDCTL_API", "3"),
                PATIENCE));
    if (!said.succeeded()) {
      throw damaged("its own tool cannot read it, " + said.lastWords());
    }
    JsonObject status = new JsonObject(said.output());
    facts.put("revision", Long.toString(status.getLong("revision")));
    facts.put("keys", Long.toString(status.getLong("totalKey")));
    facts.put("hash", Long.toString(status.getLong("hash")));
    return facts;
  }

  /** The digest of the whole file, after its last bytes proved to be that of all before them. */
  static String verified(HostFiles files, Path file) throws IOException {
    long size = files.stat(file).size();
    if (size % PAGE != TRAILER) {
      throw damaged("it has no digest at its end, so it is cut off or no snapshot");
    }
    MessageDigest digest = Sha256.digest();
    byte[] buffer = new byte[1 << 18];
    long left = size - TRAILER;
    try (InputStream in = files.open(file, 0)) {
      while (left > 0) {
        int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (n < 0) {
          throw damaged("it became shorter while it was read");
        }
        digest.update(buffer, 0, n);
        left -= n;
      }
      byte[] trailer = in.readNBytes(TRAILER);
      // The whole is the database and its digest: what was taken of the one serves for the other.
      if (!MessageDigest.isEqual(trailer, sofar(digest))) {
        throw damaged("its content and the digest at its end do not fit");
      }
      digest.update(trailer);
    }
    return Sha256.hex(digest);
  }

  private static byte[] sofar(MessageDigest digest) {
    try {
      return ((MessageDigest) digest.clone()).digest();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("every JDK's SHA-256 can be cloned", e);
    }
  }

  private static RuntimeException damaged(String why) {
    return Problem.of(Code.Q3501, "the snapshot is damaged: " + why).asException();
  }
}
