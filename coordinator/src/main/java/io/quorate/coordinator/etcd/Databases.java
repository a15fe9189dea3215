package io.quorate.coordinator.etcd;

import io.quorate.common.model.MemberName;
import java.io.IOException;

/** A member's whole content. Synchronous, for virtual threads, never for an event loop. */
public interface Databases {
  /**
   * Streams what etcd sends as a snapshot: the database, and after it the SHA-256 of it. Returns
   * when etcd has sent all; throws when the stream breaks or nothing comes for a while. No more is
   * read than the sink has taken.
   */
  void read(Access access, MemberName member, Sink sink) throws IOException;

  /** What the member answers about its content at one revision. */
  EtcdResult<Live> live(Access access, MemberName member, long revision);

  /**
   * How many keys there were, and the hash of the key space since the compacted revision. Two that
   * answer the same hold the same.
   */
  record Live(long keys, long hash, long compacted) {}

  /** Takes the pieces in their order. */
  interface Sink {
    void take(byte[] piece) throws IOException;
  }
}
