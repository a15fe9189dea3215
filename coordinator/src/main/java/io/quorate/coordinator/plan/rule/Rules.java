package io.quorate.coordinator.plan.rule;

import io.quorate.coordinator.plan.Rule;
import java.util.List;

/** The rules in order of urgency. */
public final class Rules {
  public static final List<Rule> IN_ORDER =
      List.of(
          new DeleteRule(),
          new RecoveryRule(),
          new ControlRule(),
          new ConvergingRule(),
          new FoundingRule(),
          new LoginRule(),
          new FailedMemberRule(),
          new KnownMembersRule(),
          new UnfinishedRule(),
          new LearnerRule(),
          new MoveRule(),
          new ReaddressRule(),
          new GrowRule(),
          new ChangeRule(),
          new ShrinkRule(),
          new ClusterVersionRule());

  private Rules() {}
}
