package io.quorate.agent.host;

/**
 * Who owns a file and who may touch it.
 *
 * @param owner a user's name, whose group has the same name; empty for the agent's own
 * @param mode the nine permission bits
 */
public record Access(String owner, int mode) {
  /** The agent's own, readable by everybody. */
  public static final Access PUBLIC = new Access("", 0644);

  /** The agent's own directory, readable by everybody. */
  public static final Access PUBLIC_DIRECTORY = new Access("", 0755);

  /** The agent's own secret. */
  public static final Access SECRET = new Access("", 0600);

  /** A directory that only its owner sees. */
  public static Access closed(String owner) {
    return new Access(owner, 0700);
  }

  /** A file that only its owner reads. */
  public static Access secret(String owner) {
    return new Access(owner, 0600);
  }
}
