package io.quorate.agent.reconcile;

import io.quorate.agent.etcd.CertificatesFound;
import io.quorate.common.model.MemberConfig;
import java.util.ArrayList;
import java.util.List;

/** What a member stands on: directories, its release, its certificates. */
final class GroundRule {
  private GroundRule() {}

  /** What must be there before anything else is planned. */
  static List<Action> missing(MemberConfig member, MemberState is) {
    List<Action> actions = new ArrayList<>();
    if (!is.ground().directoriesReady()) {
      actions.add(new Action.PrepareDirectories());
    }
    if (is.ground().release().isEmpty()) {
      actions.add(new Action.FetchRelease(member.releases().running(), false));
    }
    boolean leaveDamaged =
        member.conduct().drift() == MemberConfig.Drift.REPORT
            && is.certificates().state() == CertificatesFound.State.DAMAGED;
    if (!is.certificates().usable() && !leaveDamaged) {
      actions.add(new Action.MakeCertificates(false));
    }
    return actions;
  }

  /** What can wait: certificates that are due but still serve, releases for later. */
  static List<Action> later(MemberState is) {
    List<Action> actions = new ArrayList<>();
    if (is.certificates().usable()
        && (is.certificates().state() == CertificatesFound.State.OUTDATED
            || is.certificates().renewalDue())) {
      actions.add(new Action.MakeCertificates(true));
    }
    is.ground().missing().forEach(release -> actions.add(new Action.FetchRelease(release, true)));
    return actions;
  }
}
