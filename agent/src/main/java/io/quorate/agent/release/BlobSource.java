package io.quorate.agent.release;

import java.io.IOException;

/**
 * Where bytes come from that are known by their SHA-256: the coordinator, over the agent's link.
 */
public interface BlobSource {
  /**
   * Delivers the blob from {@code offset} on, in order and without gaps, and returns when all of it
   * has been delivered. Blocks; called on a virtual thread. Never verifies: the caller does.
   *
   * @throws IOException when the blob is unknown, the link is down or breaks, or the sink failed;
   *     the caller asks again later, from where it got to
   */
  void fetch(String sha256, long offset, Sink sink) throws IOException;

  /** Takes the next bytes. */
  @FunctionalInterface
  interface Sink {
    void accept(byte[] bytes) throws IOException;
  }
}
