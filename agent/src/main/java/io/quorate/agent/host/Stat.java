package io.quorate.agent.host;

import java.time.Instant;

/** What lies at a path; a link is not followed. */
public record Stat(Kind kind, long size, Instant modified, String owner, int mode) {
  /** What kind of thing it is. */
  public enum Kind {
    ABSENT,
    FILE,
    DIRECTORY,
    LINK,
    OTHER
  }

  static final Stat NOTHING = new Stat(Kind.ABSENT, 0, Instant.EPOCH, "", 0);

  public boolean exists() {
    return kind != Kind.ABSENT;
  }

  public boolean isFile() {
    return kind == Kind.FILE;
  }

  public boolean isDirectory() {
    return kind == Kind.DIRECTORY;
  }

  /** Whether owner and mode are as wanted; an empty owner wants nothing in particular. */
  public boolean allows(Access access) {
    return mode == access.mode() && (access.owner().isEmpty() || access.owner().equals(owner));
  }
}
