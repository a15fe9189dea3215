package io.quorate.agent.etcd;

import java.util.List;
import java.util.Optional;

/**
 * What lies where a member's data belongs.
 *
 * @param stamp of the data directory, if it has a readable one
 * @param content what is in the data directory
 * @param wal what is in the log's directory
 * @param setAside directories kept from earlier lineages, oldest name first
 */
public record DataFound(Optional<Stamp> stamp, Content content, Wal wal, List<String> setAside) {
  public DataFound {
    setAside = List.copyOf(setAside);
  }

  /** What the data directory holds besides a stamp. */
  public enum Content {
    NOTHING,
    ETCD,
    SOMETHING_ELSE
  }

  /** What the log's directory holds. */
  public enum Wal {
    NOTHING,
    LOG
  }

  /** Nothing at all: neither stamp nor data nor log. */
  public boolean absent() {
    return stamp.isEmpty() && content == Content.NOTHING && wal == Wal.NOTHING;
  }

  /** Everything that etcd needs to go on from where it was. */
  public boolean whole() {
    return content == Content.ETCD && wal == Wal.LOG;
  }

  /**
   * What is there was copied aside, and tried, before that lineage is to begin: the log and then
   * the data got their names.
   */
  public boolean copiedBefore(String lineage) {
    String ending = SurvivorCopy.before(lineage);
    return setAside.stream().filter(name -> name.endsWith(ending)).count() == 2;
  }

  public String lineage() {
    return stamp.map(Stamp::lineage).orElse("");
  }
}
