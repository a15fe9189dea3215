package io.quorate.agent.etcd;

import io.quorate.common.model.HostReport;
import java.util.List;

/** The certificates that a member has on its host. */
public record CertificatesFound(State state, boolean renewalDue, List<HostReport.Certificate> all) {
  public CertificatesFound {
    all = List.copyOf(all);
  }

  /** How they stand to what the document wants. */
  public enum State {
    /** There are none yet. */
    NONE,
    /** Files are missing, changed, or readable by others. */
    DAMAGED,
    /** Whole, but made for an earlier document: usable until there are others. */
    OUTDATED,
    AS_WANTED
  }

  public static CertificatesFound none() {
    return new CertificatesFound(State.NONE, false, List.of());
  }

  /** Whether a member can start with them. */
  public boolean usable() {
    return state == State.OUTDATED || state == State.AS_WANTED;
  }
}
