package io.quorate.agent.reconcile;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is durably remembered of a member.
 *
 * @param started lineages that have been seen to hold data: one that is gone is never made anew
 * @param left of those, the ones that were set aside because their member went elsewhere: such a
 *     one may come back, but only with a copy of its data
 * @param applied the fingerprint under which it was last seen to run as wanted
 * @param attempted a fingerprint, and the process that was restarted to have it: another process
 *     that still has not is not restarted again
 * @param edited the process (id and start) that was started from files somebody had edited
 * @param alone the lineage that was started after a boot without the coordinator, if it has not
 *     said since that it is to run
 * @param written what this agent last wrote: name to digest
 */
public record Memory(
    SortedSet<String> started,
    SortedSet<String> left,
    String applied,
    String attempted,
    String edited,
    String alone,
    SortedMap<String, String> written) {
  public Memory {
    started = Collections.unmodifiableSortedSet(new TreeSet<>(started));
    left = Collections.unmodifiableSortedSet(new TreeSet<>(left));
    written = Collections.unmodifiableSortedMap(new TreeMap<>(written));
  }

  public static Memory none() {
    return new Memory(new TreeSet<>(), new TreeSet<>(), "", "", "", "", new TreeMap<>());
  }

  /** What a plan may ask to be noted. */
  public enum Note {
    STARTED,
    LEFT,
    APPLIED,
    ATTEMPTED
  }

  public Memory with(Note note, String value) {
    return switch (note) {
      case STARTED -> {
        SortedSet<String> more = new TreeSet<>(started);
        SortedSet<String> fewer = new TreeSet<>(left);
        more.add(value);
        fewer.remove(value);
        yield new Memory(more, fewer, applied, attempted, edited, alone, written);
      }
      case LEFT -> {
        SortedSet<String> more = new TreeSet<>(left);
        more.add(value);
        yield new Memory(started, more, applied, attempted, edited, alone, written);
      }
      case APPLIED -> new Memory(started, left, value, "", edited, alone, written);
      case ATTEMPTED -> new Memory(started, left, applied, value, edited, alone, written);
    };
  }

  public Memory withEdited(String process) {
    return new Memory(started, left, applied, attempted, process, alone, written);
  }

  public Memory withAlone(String lineage) {
    return new Memory(started, left, applied, attempted, edited, lineage, written);
  }

  public Memory withWritten(String what, String digest) {
    SortedMap<String, String> more = new TreeMap<>(written);
    more.put(what, digest);
    return new Memory(started, left, applied, attempted, edited, alone, more);
  }

  public Memory withoutWritten(String what) {
    SortedMap<String, String> fewer = new TreeMap<>(written);
    fewer.remove(what);
    return new Memory(started, left, applied, attempted, edited, alone, fewer);
  }

  /** After the member was forgotten: only what guards its data stays. */
  public Memory afterForgetting() {
    return new Memory(started, left, "", "", "", "", new TreeMap<>());
  }
}
