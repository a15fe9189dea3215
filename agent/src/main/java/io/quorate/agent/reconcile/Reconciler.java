package io.quorate.agent.reconcile;

import io.quorate.agent.host.Layout;
import io.quorate.agent.reconcile.DataRule.Verdict;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.HostReport.UnitState;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Seed;
import java.util.ArrayList;
import java.util.List;

/**
 * From one member's document and state to what is to be done now. Pure: no clock, no disk, no
 * network.
 *
 * <ol>
 *   <li>Ground: user, directories, release, certificates. While one of them is missing, nothing
 *       else is planned.
 *   <li>What is to run: if it does not run, files are written, data is made ready ({@link
 *       DataRule}), and it is started. If it runs from other files than the document's, and the
 *       document is new (it was never seen to run as that document wants), files are written and it
 *       is restarted. If it did run as wanted and now runs from something else, that is drift, and
 *       is only reported.
 *   <li>Before a running member is stopped or restarted, it is asked whether the others hold
 *       quorum, unless the document carries its owner's acceptance that it goes on without; and
 *       this comes before the first file is written.
 *   <li>What is to be prepared is brought as far as it can be without a start. It is stopped only
 *       if it runs on data that has to go, and not before what is to come in its place is there.
 *       Data that a new cluster is to be forced from is copied, and the copy tried.
 *   <li>What is to be stopped is stopped and disabled, and left as it is. For a recovery nothing is
 *       stopped that was started meanwhile without the coordinator.
 *   <li>What is to be retired is stopped and disabled, its data is renamed aside, and what was
 *       rendered for it is removed.
 *   <li>What can wait comes last: certificates that are due but still serve, releases for later.
 * </ol>
 *
 * Guarantees: a process that runs as its document wants is never touched; nothing is ever started
 * while its data is in doubt; the same state twice gives the same plan, and a plan that was carried
 * out, wholly or in part, leads to one that completes it.
 */
public final class Reconciler {
  private final MemberConfig member;
  private final MemberState is;
  private final Memory memory;
  private final boolean mayStart;
  private final Rendered normal;
  private final Rendered forcing;

  private final List<Action> actions = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private String waiting = "";

  private Reconciler(
      MemberConfig member, MemberState is, Memory memory, boolean mayStart, Layout layout) {
    this.member = member;
    this.is = is;
    this.memory = memory;
    this.mayStart = mayStart;
    this.normal = Rendered.of(member, layout, false);
    this.forcing = Rendered.of(member, layout, true);
  }

  /**
   * @param mayStart whether enough time has passed since it was last started in vain
   */
  public static Plan plan(
      MemberConfig member, MemberState is, Memory memory, boolean mayStart, Layout layout) {
    return new Reconciler(member, is, memory, mayStart, layout).plan();
  }

  private Plan plan() {
    List<Plan.Drift> drifts = List.of();
    if (goneOn()) {
      return new Plan(List.of(), problems, "", drifts);
    }
    switch (member.conduct().run()) {
      case RETIRED -> retire();
      case STOPPED -> stop();
      case PREPARED -> {
        if (ground()) {
          prepare();
          later();
        }
      }
      case RUNNING -> {
        drifts = DriftRule.find(member, is, memory, normal, forcing);
        if (ground()) {
          run();
          later();
        }
      }
    }
    if (actions.stream().allMatch(action -> action instanceof Action.CheckSettings)) {
      actions.clear(); // they were checked when they were written
    }
    return new Plan(actions, problems, waiting, drifts);
  }

  /** The others may have served together with it, and only it knows that. */
  private boolean goneOn() {
    String lineage = is.data().lineage();
    boolean alone = !lineage.isEmpty() && lineage.equals(memory.alone());
    if (member.conduct().mindsRecovery() && alone) {
      problems.add(
          Problem.of(
                  Code.Q2026,
                  "%s was started while the coordinator was away; its cluster may have gone on"
                      .formatted(member.id()))
              .withState("nothing is stopped for the recovery")
              .withRemedy("quorate status " + member.id().cluster()));
      return true;
    }
    return false;
  }

  private boolean ground() {
    if (!is.ground().userExists()) {
      problems.add(
          Problem.of(Code.Q2022, "the user that is to run etcd does not exist on this host")
              .withRemedy("systemd-sysusers, or install the package again"));
      return false;
    }
    actions.addAll(GroundRule.missing(member, is));
    return actions.isEmpty();
  }

  private void run() {
    Verdict verdict = DataRule.decide(member, is.data(), memory);
    if (is.service().state().state() == UnitState.STOPPING) {
      waiting = "stopping";
    } else if (onItsWay()) {
      waiting = "its process is about to become etcd";
    } else if (is.service().runs()) {
      running(verdict);
    } else {
      down(verdict);
    }
    boolean enablingIsDrift = memory.written().containsKey(DriftRule.ENABLED);
    if (verdict instanceof Verdict.Use
        && problems.isEmpty()
        && !is.service().state().enabled()
        && (!enablingIsDrift || member.conduct().drift() == MemberConfig.Drift.REPAIR)) {
      actions.add(new Action.Enable());
    }
  }

  private void running(Verdict verdict) {
    if (is.service().running().fingerprint().equals(Rendered.NOT_YET)) {
      waiting = "its process is starting";
      return;
    }
    switch (verdict) {
      case Verdict.Blocked(Problem problem) -> problems.add(problem);
      case Verdict.Make() ->
          problems.add(
              Problem.of(Code.Q2013, "the data of %s is gone while it runs".formatted(member.id()))
                  .withRemedy("put it back; do not stop the member before")
                  .withState("it runs on"));
      case Verdict.SetAside() -> stopFirst();
      case Verdict.Force(boolean begun) -> forcing(begun);
      case Verdict.Use() -> runningOnItsData();
    }
  }

  /** Between the service manager's fork and etcd's first instruction nothing is known of it. */
  private boolean onItsWay() {
    return is.service().runs()
        && is.service().running().fingerprint().isEmpty()
        && is.service().running().executableSha256().isEmpty();
  }

  private void runningOnItsData() {
    String runs = is.service().running().fingerprint();
    String lineage = member.data().lineage();
    boolean noted = memory.started().contains(lineage) && !memory.left().contains(lineage);
    if (is.data().whole() && !noted) {
      actions.add(new Action.Remember(Memory.Note.STARTED, lineage));
    }
    if (runs.equals(normal.fingerprint())) {
      // An attempt is over, too: the same document may come again after another one.
      if (!memory.applied().equals(runs) || !memory.attempted().isEmpty()) {
        actions.add(new Action.Remember(Memory.Note.APPLIED, runs));
      }
      files(normal, false);
    } else if (runs.equals(Rendered.UNREADABLE)) {
      problems.add(
          Problem.of(
                  Code.Q2020, "the running etcd of %s cannot be looked into".formatted(member.id()))
              .withRemedy("the agent needs the capability SYS_PTRACE, or to run as the same user"));
    } else if (memory.applied().equals(normal.fingerprint())) {
      files(normal, false);
    } else {
      restart();
    }
  }

  private void restart() {
    String attempt = normal.fingerprint() + "@";
    // Without a process it was the start of something that did not run (see startAgain).
    boolean inVain =
        memory.attempted().startsWith(attempt)
            && !memory.attempted().equals(attempt)
            && !memory.attempted().equals(attempt + is.service().process());
    if (inVain) {
      problems.add(
          Problem.of(
                  Code.Q2018,
                  "%s was restarted, and still does not run from its own files"
                      .formatted(member.id()))
              .withRemedy("see what else configures its service: systemctl cat 'etcd@*'"));
      return;
    }
    actions.add(new Action.CheckSettings(false));
    confirmQuorum();
    files(normal, false);
    actions.add(new Action.Remember(Memory.Note.ATTEMPTED, attempt + is.service().process()));
    actions.add(new Action.Restart());
  }

  private void down(Verdict verdict) {
    switch (verdict) {
      case Verdict.Blocked(Problem problem) -> problems.add(problem);
      case Verdict.SetAside() -> actions.add(new Action.SetAside());
      case Verdict.Make() -> {
        checkAndWrite(normal, false);
        actions.add(new Action.SeedData());
      }
      case Verdict.Force(boolean begun) -> {
        if (begun) {
          checkAndWrite(forcing, true);
          start();
        } else if (copied()) {
          actions.add(new Action.BeginForcing());
        } else {
          actions.add(new Action.CopySurvivor());
        }
      }
      case Verdict.Use() -> {
        checkAndWrite(normal, false);
        start();
      }
    }
  }

  private void start() {
    if (is.service().state().state() == UnitState.STARTING) {
      startAgain();
      return;
    }
    boolean leaveStopped =
        member.conduct().drift() == MemberConfig.Drift.REPORT
            && is.service().state().state() == UnitState.STOPPED
            && memory.applied().equals(normal.fingerprint());
    if (leaveStopped) {
      waiting = "somebody stopped it, and drift is only reported";
    } else if (mayStart) {
      actions.add(new Action.Start());
    } else {
      waiting = "a pause before it is started again";
    }
  }

  /**
   * Between two attempts of the service manager. Those that are left are not enough when the files
   * are new: another round begins with them, once for each document.
   */
  private void startAgain() {
    String attempt = normal.fingerprint() + "@";
    if (memory.attempted().startsWith(attempt) || memory.applied().equals(normal.fingerprint())) {
      waiting = "the service manager starts it again";
    } else {
      actions.add(new Action.Remember(Memory.Note.ATTEMPTED, attempt));
      actions.add(new Action.Restart());
    }
  }

  private boolean copied() {
    return is.data().copiedBefore(member.data().lineage());
  }

  /** The data that is there becomes a cluster of one: one special start, then an ordinary one. */
  private void forcing(boolean begun) {
    boolean special = is.service().running().fingerprint().equals(forcing.fingerprint());
    if (!begun || !special) {
      stopFirst();
    } else if (is.service().forcedAlone()) {
      actions.add(new Action.EndForcing());
    } else {
      waiting = "it becomes a cluster of one";
    }
  }

  private void stopFirst() {
    confirmQuorum();
    actions.add(new Action.Stop());
  }

  private void confirmQuorum() {
    if (member.conduct().acceptedQuorumLoss().isEmpty() || member.conduct().mindsRecovery()) {
      actions.add(new Action.ConfirmQuorum());
    }
  }

  private void checkAndWrite(Rendered wanted, boolean forced) {
    actions.add(new Action.CheckSettings(forced));
    files(wanted, forced);
  }

  private void files(Rendered wanted, boolean forced) {
    actions.addAll(FilesRule.differing(member, is, memory, wanted, forced));
  }

  private void prepare() {
    Verdict verdict = DataRule.decide(member, is.data(), memory);
    if (verdict instanceof Verdict.Blocked(Problem problem)) {
      problems.add(problem);
      return;
    }
    boolean mustGo = verdict instanceof Verdict.SetAside || verdict instanceof Verdict.Force;
    if (is.service().state().state() == UnitState.STOPPING) {
      waiting = "stopping";
    } else if (is.service().runs() || is.service().state().state() == UnitState.STARTING) {
      if (mustGo || !is.service().runs()) {
        if (verdict instanceof Verdict.SetAside && !madeByEtcd()) {
          actions.add(new Action.ReadySeed()); // nothing is stopped for what cannot be restored
        }
        stopFirst();
      }
    } else {
      if (is.service().state().enabled()) {
        actions.add(new Action.Disable());
      }
      checkAndWrite(normal, false);
      if (verdict instanceof Verdict.SetAside) {
        actions.add(new Action.SetAside());
      } else if (verdict instanceof Verdict.Make && !madeByEtcd()) {
        actions.add(new Action.SeedData());
      } else if (verdict instanceof Verdict.Force(boolean begun) && !begun && !copied()) {
        actions.add(new Action.CopySurvivor());
      }
    }
  }

  /** Then it is not stamped before it is to run, because until then it may become another. */
  private boolean madeByEtcd() {
    return member.data().seed() instanceof Seed.Empty
        || member.data().seed() instanceof Seed.Forced;
  }

  private void stop() {
    if (is.service().state().state() == UnitState.STOPPING) {
      waiting = "stopping";
    } else if (is.service().runs()) {
      stopFirst();
    } else if (is.service().state().state() == UnitState.STARTING) {
      actions.add(new Action.Stop());
    }
    if (is.service().state().enabled()) {
      actions.add(new Action.Disable());
    }
  }

  private void retire() {
    stop();
    if (!actions.isEmpty() || !waiting.isEmpty()) {
      return;
    }
    String lineage = is.data().lineage();
    boolean ours =
        !lineage.isEmpty()
            && is.data().stamp().orElseThrow().cluster().equals(member.id().cluster().value())
            && (lineage.equals(member.data().lineage())
                || member.data().supersedes().contains(lineage));
    if (ours) {
      // Noted first: a kill in between leaves data that is still to be set aside.
      actions.add(new Action.Remember(Memory.Note.LEFT, lineage));
      actions.add(new Action.SetAside());
    }
    if (is.ground().directoriesReady() || is.service().definedness().present()) {
      actions.add(new Action.Forget());
    }
  }

  private void later() {
    actions.addAll(GroundRule.later(is));
  }
}
