package io.quorate.agent.reconcile;

import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import java.util.List;

/** What is measured on the host rather than decided: disks and load. Must not block. */
public interface HostMeasures {
  /** The disks that these members' data and logs lie on. */
  List<HostReport.Disk> disks(List<MemberConfig> members);

  HostReport.Load load();
}
