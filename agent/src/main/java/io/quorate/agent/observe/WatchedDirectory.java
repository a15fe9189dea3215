package io.quorate.agent.observe;

import io.quorate.common.model.ClusterName;
import java.nio.file.Path;
import java.util.Locale;

/** A directory of a member whose file system and disk are reported. It need not exist yet. */
public record WatchedDirectory(ClusterName cluster, Purpose purpose, Path path) {
  public WatchedDirectory {
    path = path.toAbsolutePath().normalize();
  }

  public enum Purpose {
    DATA,
    WAL,
    /** Where the agent makes copies. */
    SCRATCH;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
