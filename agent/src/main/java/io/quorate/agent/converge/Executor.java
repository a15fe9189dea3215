package io.quorate.agent.converge;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.agent.etcd.DataDirectory;
import io.quorate.agent.etcd.DataFound;
import io.quorate.agent.etcd.DataSeed;
import io.quorate.agent.etcd.FlagCheck;
import io.quorate.agent.etcd.Stamp;
import io.quorate.agent.etcd.SurvivorCopy;
import io.quorate.agent.host.Access;
import io.quorate.agent.host.CrashPoints;
import io.quorate.agent.host.CrashPoints.DurableStep;
import io.quorate.agent.host.Host;
import io.quorate.agent.host.Layout;
import io.quorate.agent.host.Sha256;
import io.quorate.agent.reconcile.Action;
import io.quorate.agent.reconcile.MemberState;
import io.quorate.agent.reconcile.Memory;
import io.quorate.agent.reconcile.Rendered;
import io.quorate.agent.release.InstalledRelease;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.MemberConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Does what a plan says, one action at a time, without a thought of its own: the only things it may
 * refuse are those that must be known at the very last moment (quorum, free ports, an executable
 * that is still the verified one, settings that etcd knows).
 */
final class Executor {
  private final Observer.Tools tools;
  private final Journal journal;
  private final InstantSource clock;
  private final FlagCheck flags;
  private final DataDirectory data;
  private final DataSeed seed;
  private final Predicate<ClusterName> admitted;

  /**
   * @param admitted whether a member may be started yet, after a boot of the host
   */
  Executor(
      Observer.Tools tools,
      Journal journal,
      DataSeed seed,
      InstantSource clock,
      Predicate<ClusterName> admitted) {
    this.admitted = admitted;
    this.tools = tools;
    this.journal = journal;
    this.seed = seed;
    this.clock = clock;
    this.flags = new FlagCheck(tools.host());
    this.data = new DataDirectory(tools.host(), tools.layout());
  }

  boolean mayStart(ClusterName cluster) {
    return admitted.test(cluster);
  }

  /** Throws what stands in its way, as a problem. */
  void execute(Action action, MemberConfig member, MemberState is) {
    try {
      dispatch(action, member, is);
    } catch (IOException e) {
      throw explained(action, e);
    }
  }

  private static QuorateException explained(Action action, IOException e) {
    return switch (action) {
      case Action.FetchRelease fetch when !HostProblems.full(e) -> {
        Problem problem =
            Problem.of(
                    Code.Q2015,
                    "etcd %s could not be fetched: %s"
                        .formatted(fetch.release().version(), e.getMessage()))
                .withRemedy("it is tried again by itself, from where it got to");
        yield new QuorateException(problem, e);
      }
      case Action.DefineService a -> service(e);
      case Action.Start a -> service(e);
      case Action.Stop a -> service(e);
      case Action.Restart a -> service(e);
      case Action.Enable a -> service(e);
      case Action.Disable a -> service(e);
      default -> HostProblems.of(e, "go on with " + action.words());
    };
  }

  private static QuorateException service(IOException e) {
    return new QuorateException(
        Problem.of(Code.Q2018, "the service manager cannot be used: " + e.getMessage()), e);
  }

  private void dispatch(Action action, MemberConfig member, MemberState is) throws IOException {
    ClusterName cluster = member.id().cluster();
    Layout layout = tools.layout();
    switch (action) {
      case Action.PrepareDirectories a ->
          step(
              DurableStep.DIRECTORIES,
              () -> tools.host().makeDirectory(layout.directory(cluster), Access.PUBLIC_DIRECTORY));
      case Action.FetchRelease fetch -> {
        InstalledRelease unused = tools.releases().ensure(fetch.release());
      }
      case Action.MakeCertificates a -> tools.certificates().make(member);
      case Action.CheckSettings check -> checkSettings(member, is, check.forcing());
      case Action.ConfirmQuorum a -> confirmQuorum(member, is);
      case Action.DefineService a -> {
        Rendered rendered = rendered(member, false);
        step(DurableStep.DEFINE_SERVICE, () -> tools.services().define(rendered.definition()));
        wrote(cluster, "service", rendered.definition().toString());
      }
      case Action.WriteConfiguration write ->
          step(
              DurableStep.WRITE_CONFIGURATION,
              () ->
                  write(
                      cluster,
                      "etcd.yaml",
                      layout.etcdYaml(cluster),
                      rendered(member, write.forcing()).configuration()));
      case Action.SwitchRelease switching -> {
        step(
            DurableStep.SWITCH_RELEASE,
            () -> tools.host().link(layout.release(cluster), switching.directory()));
        wrote(cluster, "release", switching.directory().toString());
      }
      case Action.WriteEnvironment write ->
          step(
              DurableStep.WRITE_ENVIRONMENT,
              () ->
                  write(
                      cluster,
                      "quorate.env",
                      layout.environment(cluster),
                      rendered(member, write.forcing()).environment()));
      case Action.SetAside a -> data.setAside(member);
      case Action.SeedData a -> seed.make(member, is.ground().release().orElseThrow());
      case Action.CopySurvivor a ->
          new SurvivorCopy(tools.host(), layout).make(member, is.ground().release().orElseThrow());
      case Action.ReadySeed a -> seed.ready(member, is.ground().release().orElseThrow());
      case Action.BeginForcing a -> restamp(member, is.data(), Stamp.Phase.FORCING);
      case Action.EndForcing a -> restamp(member, is.data(), Stamp.Phase.READY);
      case Action.Remember note ->
          step(
              DurableStep.REMEMBER,
              () -> journal.remember(cluster, memory -> memory.with(note.note(), note.value())));
      case Action.Start a -> {
        verify(member, is);
        ports(member);
        step(DurableStep.START, () -> tools.services().start(cluster));
      }
      case Action.Stop a -> {
        // First, or a kill in between would let it look like somebody else's doing.
        journal.remember(cluster, memory -> memory.with(Memory.Note.APPLIED, ""));
        step(DurableStep.STOP, () -> tools.services().stop(cluster));
      }
      case Action.Restart a -> {
        requireAdmitted(member);
        verify(member, is);
        step(DurableStep.RESTART, () -> tools.services().restart(cluster));
      }
      case Action.Enable a -> {
        step(DurableStep.ENABLE, () -> tools.services().enable(cluster));
        wrote(cluster, "enabled", "yes");
      }
      case Action.Disable a -> {
        // First, or a kill in between would let it look like somebody else's doing.
        journal.remember(cluster, memory -> memory.withoutWritten("enabled"));
        step(DurableStep.DISABLE, () -> tools.services().disable(cluster));
      }
      case Action.Forget a ->
          step(
              DurableStep.FORGET,
              () -> {
                tools.services().forget(cluster);
                tools.host().removeTree(layout.directory(cluster));
                journal.remember(cluster, Memory::afterForgetting);
              });
    }
  }

  private interface Body {
    void run() throws IOException;
  }

  private void step(DurableStep step, Body body) throws IOException {
    CrashPoints points = tools.host().crashPoints();
    points.before(step);
    body.run();
    points.after(step);
  }

  private Rendered rendered(MemberConfig member, boolean forcing) {
    return Rendered.of(member, tools.layout(), forcing);
  }

  private void write(ClusterName cluster, String what, Path file, String text) throws IOException {
    Host host = tools.host();
    host.write(file, text.getBytes(UTF_8), Access.PUBLIC);
    wrote(cluster, what, text);
  }

  private void wrote(ClusterName cluster, String what, String text) {
    journal.remember(cluster, memory -> memory.withWritten(what, Sha256.of(text)));
  }

  private void checkSettings(MemberConfig member, MemberState is, boolean forcing)
      throws IOException {
    InstalledRelease release = is.ground().release().orElseThrow();
    Optional<Problem> problem =
        flags.problem(release.etcd(), release.etcdSha256(), rendered(member, forcing).flags());
    if (problem.isPresent()) {
      throw problem.get().asException();
    }
  }

  private void confirmQuorum(MemberConfig member, MemberState is) {
    long uptime =
        is.service()
            .state()
            .process()
            .map(it -> Duration.between(it.started(), clock.instant()).toSeconds())
            .orElse(0L);
    Optional<Problem> problem = tools.etcd().stopWouldCostQuorum(member, uptime);
    if (problem.isPresent()) {
      throw problem.get().asException();
    }
  }

  private void verify(MemberConfig member, MemberState is) throws IOException {
    InstalledRelease release = is.ground().release().orElseThrow();
    if (!tools.releases().intactNow(release)) {
      throw Problem.of(
              Code.Q2015,
              "etcd in %s is not what was verified; %s is not started from it"
                  .formatted(release.directory(), member.id()))
          .withRemedy("it is fetched again by itself")
          .asException();
    }
  }

  /** A restart starts what waits to be started, too. */
  private void requireAdmitted(MemberConfig member) {
    if (!mayStart(member.id().cluster())) {
      throw Problem.of(
              Code.Q2025,
              "%s is not started yet: neither the coordinator nor its peers were heard"
                  .formatted(member.id()))
          .asException();
    }
  }

  private void ports(MemberConfig member) {
    MemberConfig.Endpoints endpoints = member.endpoints();
    for (int port : new int[] {endpoints.clientPort(), endpoints.peerPort()}) {
      if (!tools.host().canListen(endpoints.address(), port)) {
        throw Problem.of(
                Code.Q2010,
                "%s port %d is in use, or %s is no address of this host"
                    .formatted(endpoints.address(), port, endpoints.address()))
            .withRemedy("ss -ltnp 'sport = :%d' on the host names who has it".formatted(port))
            .asException();
      }
    }
  }

  private void restamp(MemberConfig member, DataFound found, Stamp.Phase phase) throws IOException {
    Stamp stamp = found.stamp().orElseThrow();
    data.stamp(
        member,
        phase == Stamp.Phase.READY
            ? new Stamp(
                member.data().lineage(), stamp.cluster(), member.id().member().value(), phase)
            : new Stamp(stamp.lineage(), stamp.cluster(), stamp.member(), phase));
  }
}
