package io.quorate.agent.operate;

import java.io.IOException;
import java.io.InputStream;

/**
 * Where results go that are too large for an outcome: to the coordinator, over the agent's link.
 */
public interface Uploads {
  /**
   * Uploads the content under the operation's id and returns once the coordinator has all of it and
   * has confirmed its digest. Resumes where an earlier attempt got to. Blocks; called on a virtual
   * thread.
   */
  void upload(String operationId, Content content) throws IOException;

  /** A finished file: its bytes do not change any more. */
  interface Content {
    long size();

    String sha256();

    InputStream open(long offset) throws IOException;
  }
}
