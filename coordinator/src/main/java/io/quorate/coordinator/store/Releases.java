package io.quorate.coordinator.store;

import io.quorate.common.model.Release;
import java.time.Instant;
import java.util.List;

/**
 * The catalogue of releases; the archives themselves lie in the blob directory under their digest.
 */
public interface Releases {
  List<Entry> list();

  /** Adding the same archive again changes nothing. */
  void add(Entry entry);

  void remove(String sha256);

  /** What is inside: the digests of the executables, by name. */
  record Entry(
      Release release, java.util.SortedMap<String, String> executables, Instant added, String by) {}
}
