package io.quorate.coordinator.store;

/**
 * What the coordinator must not forget. Every call is durable when it returns (one writer, synced),
 * safe from any thread, and never called on an event loop. SQLite is the real one; a fake in memory
 * passes the same contract test. Private keys and tokens in clear never enter it.
 */
public interface Store extends AutoCloseable {
  /** Raised by one at each start of a coordinator, before it says anything to an agent. */
  long raiseEpoch();

  /**
   * This store came back from a backup: the epoch leaps beyond all that was ever given out since,
   * and no host's document counts as known until that host has told it.
   */
  void restored();

  Hosts hosts();

  Clusters clusters();

  Documents documents();

  Operations operations();

  Releases releases();

  Snapshots snapshots();

  Journal journal();

  Operators operators();

  Audit audit();

  @Override
  void close();
}
