package io.quorate.agent.converge;

import io.quorate.agent.etcd.LocalEtcd;
import io.quorate.agent.host.HostProcesses.ProcessFacts;
import io.quorate.agent.reconcile.Action;
import io.quorate.agent.reconcile.MemberState;
import io.quorate.agent.reconcile.Memory;
import io.quorate.agent.reconcile.Plan;
import io.quorate.agent.reconcile.Reconciler;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.HostReport.UnitState;
import io.quorate.common.model.MemberConfig;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Brings one member to where its document wants it, a turn at a time: look, plan, act, until a plan
 * is empty. It has no thread of its own; each turn says when the next is due.
 *
 * <p>What fails is tried again after growing pauses, which a new document ends; a start that was in
 * vain is followed by longer ones. Looking goes on in every turn, so a report is never old.
 */
final class MemberWorker {
  private static final Duration IDLE = Duration.ofSeconds(3);
  private static final Duration WATCHING = Duration.ofMillis(250);
  private static final Duration STEADY = Duration.ofMinutes(1);

  private final Observer.Tools tools;
  private final Observer observer;
  private final Executor executor;
  private final Journal journal;
  private final InstantSource clock;
  private final MemberReport report;

  private MemberConfig member;
  private long generation;
  private long converged;
  private boolean settled;
  private final Pause retry = new Pause(Duration.ofSeconds(1), Duration.ofSeconds(30));
  private final Pause starts = new Pause(Duration.ofSeconds(5), Duration.ofMinutes(5));
  private final Pause givenUp = new Pause(Duration.ofSeconds(30), Duration.ofMinutes(5));
  private final Pause repeats = new Pause(Duration.ofMillis(200), Duration.ofSeconds(30));
  private List<Action> previous = List.of();
  private List<Problem> problems = List.of();
  private Optional<Problem> failure = Optional.empty();
  private boolean failed;
  private boolean tried;
  private @Nullable ProcessFacts identified;
  private Instant askAgain = Instant.MIN;

  MemberWorker(
      Observer.Tools tools,
      Executor executor,
      Journal journal,
      InstantSource clock,
      MemberConfig member,
      long generation) {
    this.tools = tools;
    this.observer = new Observer(tools);
    this.executor = executor;
    this.journal = journal;
    this.clock = clock;
    this.member = member;
    this.generation = generation;
    this.report = new MemberReport(member.id(), clock);
  }

  synchronized void desired(MemberConfig newMember, long newGeneration) {
    boolean changed = !newMember.equals(member);
    // The same again is somebody who says: now try.
    boolean told = changed || newGeneration > generation;
    member = newMember;
    generation = newGeneration;
    if (told) {
      retry.reset();
      starts.reset();
      givenUp.reset();
      tried = false;
    }
    if (changed) {
      settled = false;
      failure = Optional.empty();
    }
  }

  /** Whether nothing is being done or waited for. */
  synchronized boolean settled() {
    return settled;
  }

  HostReport.Member report() {
    return report.current();
  }

  /** One turn; how long until the next. */
  synchronized Duration turn() {
    Instant now = clock.instant();
    ClusterName cluster = member.id().cluster();
    try {
      Memory memory = journal.memory(cluster);
      MemberState is = observer.observe(member, memory);
      Plan plan =
          Reconciler.plan(
              member, is, memory, executor.mayStart(cluster) && mayStart(is, now), tools.layout());
      noteEdits(is, plan, memory);
      boolean acted = act(plan, is, now);
      List<Problem> all = new ArrayList<>(problems);
      List<String> lastLines =
          inGoodOrder(is)
              ? List.of()
              : LastWords.of(tools.services().lastLines(cluster, LastWords.READ));
      failure = failure(is, plan, lastLines);
      failure.ifPresent(all::add);
      identify(is, now);
      settled = plan.settled() && all.isEmpty() && (!wantsToRun() || is.service().runs());
      converged = settled ? Math.max(converged, generation) : converged;
      report.observed(member, is, new MemberReport.Findings(converged, all, plan, lastLines));
      return next(acted, plan, is, now);
    } catch (IOException e) {
      return broken(HostProblems.of(e, "look at " + member.id()).problem(), now);
    } catch (QuorateException e) {
      return broken(e.problem(), now);
    }
  }

  private Duration broken(Problem problem, Instant now) {
    settled = false;
    problems = List.of(problem);
    report.broken(problems);
    retry.failed(now);
    return retry.left(now);
  }

  /**
   * The service manager has tried several times before it calls a service failed: another round
   * comes after a longer pause, or a crash loop would go on and on by way of this.
   */
  private boolean mayStart(MemberState is, Instant now) {
    boolean fails = is.service().state().state() == UnitState.FAILED;
    if (fails && !failed && tried) {
      givenUp.failed(now);
    }
    failed = fails;
    return !tried || (!starts.pausing(now) && !(fails && givenUp.pausing(now)));
  }

  private boolean wantsToRun() {
    return member.conduct().run() == MemberConfig.Run.RUNNING;
  }

  /** Whether anything was done. */
  private boolean act(Plan plan, MemberState is, Instant now) {
    if (plan.actions().isEmpty()) {
      problems = plan.problems();
      retry.reset();
      return false;
    }
    if (retry.pausing(now) || repeats.pausing(now)) {
      return false;
    }
    List<Problem> met = new ArrayList<>(plan.problems());
    boolean failed = false;
    for (Action action : plan.actions()) {
      report.busy(action.words());
      try {
        executor.execute(action, member, is);
      } catch (QuorateException e) {
        met.add(e.problem());
        failed = true;
        if (!action.optional()) {
          break;
        }
      }
      if (action instanceof Action.Start || action instanceof Action.Restart) {
        starts.failed(now); // until it has been running for a while
        tried = true;
      }
    }
    report.busy("");
    problems = met;
    if (failed) {
      retry.failed(now);
    } else {
      retry.reset();
    }
    // The same again means that doing it did not help: it is not done in a circle.
    if (plan.actions().equals(previous)) {
      repeats.failed(now);
    } else {
      repeats.reset();
    }
    previous = plan.actions();
    return true;
  }

  private Duration next(boolean acted, Plan plan, MemberState is, Instant now) {
    Duration pause = retry.left(now);
    Duration repeat = repeats.left(now);
    Duration blocked = pause.compareTo(repeat) > 0 ? pause : repeat;
    if (!blocked.isZero()) {
      return blocked.compareTo(IDLE) < 0 ? blocked : IDLE;
    }
    if (acted) {
      return Duration.ZERO;
    }
    boolean moving =
        !plan.waiting().isEmpty()
            || is.service().state().state() == UnitState.STARTING
            || (wantsToRun() && identified == null);
    return moving ? WATCHING : IDLE;
  }

  /**
   * A process that began after somebody had edited its configuration runs with that edit; the files
   * are about to be put right, so this is the last moment to find out.
   */
  private void noteEdits(MemberState is, Plan plan, Memory memory) throws IOException {
    Optional<ProcessFacts> process = is.service().state().process();
    boolean edited = plan.drifts().stream().anyMatch(it -> it.what().equals("etcd.yaml"));
    if (!edited || process.isEmpty() || memory.edited().equals(is.service().process())) {
      return;
    }
    Instant written = observer.configuration(member.id().cluster()).modified();
    if (process.get().started().isAfter(written)) {
      journal.remember(member.id().cluster(), it -> it.withEdited(is.service().process()));
    }
  }

  /** In a crash loop there is a process now and then; what the one before it said is still due. */
  private boolean inGoodOrder(MemberState is) {
    boolean starting = is.service().state().state() == UnitState.STARTING;
    return is.service().runs() && !(starting && failure.isPresent());
  }

  private Optional<Problem> failure(MemberState is, Plan plan, List<String> lastLines) {
    UnitState state = is.service().state().state();
    if (is.service().runs()) {
      boolean steady =
          is.service()
              .state()
              .process()
              .filter(it -> it.started().plus(STEADY).isBefore(clock.instant()))
              .isPresent();
      if (steady) {
        starts.reset();
        givenUp.reset();
      }
      // In a crash loop there is a process now and then; that is no news.
      return wantsToRun() && state == UnitState.STARTING ? failure : Optional.empty();
    }
    boolean again =
        state == UnitState.STARTING
            && is.service().state().restarts() > 0
            && is.service().state().exitCode() != 0;
    boolean inVain = state == UnitState.STOPPED && starts.pausing(clock.instant());
    boolean fails = state == UnitState.FAILED || again || (inVain && !plan.waiting().isEmpty());
    return wantsToRun() && fails
        ? Optional.of(FailureSigns.problem(member.id(), is.service().state().exitCode(), lastLines))
        : Optional.empty();
  }

  /** Its ids are asked for once for each process, when it answers. */
  private void identify(MemberState is, Instant now) {
    Optional<ProcessFacts> process = is.service().state().process();
    if (process.isEmpty() || process.get().equals(identified) || now.isBefore(askAgain)) {
      return;
    }
    Optional<LocalEtcd.Identity> identity = tools.etcd().identity(member);
    if (identity.isPresent()) {
      identified = process.get();
      report.identified(identity.get());
    } else {
      askAgain = now.plus(Duration.ofSeconds(1));
    }
  }
}
