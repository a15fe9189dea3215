package io.quorate.coordinator.api;

import io.quorate.common.error.Problem;
import io.quorate.coordinator.api.control.Activity;
import io.quorate.coordinator.api.control.Caller;
import io.quorate.coordinator.api.control.Control;
import io.quorate.coordinator.api.control.Fleet;
import io.quorate.coordinator.api.control.Members;
import io.quorate.coordinator.api.control.Rollouts;
import io.quorate.coordinator.api.control.SnapshotDesk;
import io.quorate.coordinator.api.v1.AccessView;
import io.quorate.coordinator.api.v1.ActivityView;
import io.quorate.coordinator.api.v1.Changed;
import io.quorate.coordinator.api.v1.CheckReport;
import io.quorate.coordinator.api.v1.ClusterStatus;
import io.quorate.coordinator.api.v1.MoveWay;
import io.quorate.coordinator.api.v1.PlanView;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.api.v1.RolloutView;
import io.quorate.coordinator.api.v1.SnapshotView;
import io.quorate.coordinator.store.Audit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * Knows the cluster prod, tells the samples, remembers what it was asked, refuses what it is told
 * to.
 */
public final class FakeControl implements Fleet, Rollouts, Members, SnapshotDesk, Activity {
  private final Path folder;
  private final Told told = new Told();
  private final FakeCatalogue catalogue;
  private final Deque<RolloutView> rollouts = new ArrayDeque<>();
  final List<ActivityView.Event> events = new CopyOnWriteArrayList<>();
  private volatile PlanView plan = Samples.plan();
  private volatile ClusterStatus.Health health = ClusterStatus.Health.WARNING;
  private volatile CheckReport.Result check = CheckReport.Result.WARN;

  public FakeControl(Path folder) {
    this.folder = folder;
    this.catalogue = new FakeCatalogue(told, folder);
  }

  public Control control(Audit audit) {
    return new Control(
        this,
        this,
        this,
        new FakeHosts(told),
        catalogue,
        this,
        this,
        new FakeOperators(told),
        audit);
  }

  /** The next calls of that name are refused. */
  public void refuse(String call, Problem problem) {
    told.refuse(call, problem);
  }

  public void happens(ActivityView.Event event) {
    events.add(event);
  }

  public void plan(PlanView next) {
    plan = next;
  }

  public void health(ClusterStatus.Health next) {
    health = next;
  }

  public void check(CheckReport.Result worst) {
    check = worst;
  }

  /** From now on every question ends in a bug. */
  public void faulty() {
    told.faulty();
  }

  /** The rollout is in these states, one at each look, and then stays in the last. */
  public void states(RolloutView.State... next) {
    rollouts(Stream.of(next).map(Samples::rollout).toArray(RolloutView[]::new));
  }

  /** The rollout looks like these, one after the other, and then stays like the last. */
  public synchronized void rollouts(RolloutView... next) {
    rollouts.clear();
    rollouts.addAll(List.of(next));
  }

  public List<String> calls() {
    return told.calls();
  }

  public long uploaded() {
    return catalogue.uploaded();
  }

  static Changed begun() {
    return new Changed("prod", true, 42, Optional.of(118L));
  }

  @Override
  public List<ClusterStatus> all() {
    return told.answer("clusters", List.of(Samples.status(health)));
  }

  @Override
  public ClusterStatus status(String cluster) {
    return told.answer("status", cluster, Samples.status(health));
  }

  @Override
  public String text(String cluster, Optional<Long> revision) {
    return told.answer("text " + revision.orElse(0L), cluster, "cluster: prod\n");
  }

  @Override
  public PlanView plan(Requests.Spec spec, Caller by) {
    return told.answer("plan " + by.name(), plan);
  }

  @Override
  public PlanView plan(String id) {
    return told.answer("plan " + id, plan);
  }

  @Override
  public CheckReport check(Requests.Check request, Caller by) {
    return told.answer("check", Samples.check(check));
  }

  @Override
  public SortedMap<String, Long> checkFailures() {
    return new TreeMap<>(Map.of("disk.space", 2L));
  }

  @Override
  public Changed apply(Requests.Apply request, Caller by) {
    return told.answer("apply", begun());
  }

  @Override
  public Changed applyPlan(String id, Requests.ApplyPlan request, Caller by) {
    return told.answer("applyPlan " + id + " " + request.ignore() + request.limit(), begun());
  }

  @Override
  public Changed delete(String cluster, Caller by) {
    return told.answer("delete " + by.name(), cluster, begun());
  }

  @Override
  public AccessView access(String cluster) {
    return told.answer(
        "access",
        cluster,
        new AccessView(
            "prod", List.of("https://10.77.0.11:2379", "https://10.77.0.12:2379"), "CA\n"));
  }

  @Override
  public AccessView.Credential clientCertificate(
      String cluster, String commonName, String csrPem, Optional<Duration> ttl, Caller by) {
    return told.answer(
        "clientCertificate " + commonName + " " + ttl.orElse(Duration.ZERO),
        cluster,
        new AccessView.Credential(
            access(cluster), "CERTIFICATE\n", "1f", Samples.NOW.plus(Duration.ofDays(90))));
  }

  @Override
  public Optional<RolloutView> latest(String cluster) {
    return Optional.of(told.answer("latest", cluster, current()));
  }

  @Override
  public RolloutView rollout(String cluster, long id) {
    return told.answer("rollout " + id, cluster, current());
  }

  private synchronized RolloutView current() {
    if (rollouts.isEmpty()) {
      return Samples.rollout(RolloutView.State.RUNNING);
    }
    return rollouts.size() > 1 ? rollouts.removeFirst() : rollouts.getFirst();
  }

  @Override
  public List<RolloutView> history(String cluster, int limit) {
    return told.answer(
        "history " + limit, cluster, List.of(Samples.rollout(RolloutView.State.DONE)));
  }

  @Override
  public RolloutView pause(String cluster, String reason, Caller by) {
    return told.answer("pause " + reason, cluster, Samples.rollout(RolloutView.State.PAUSED));
  }

  @Override
  public RolloutView resume(String cluster, String reason, Caller by) {
    return told.answer("resume " + reason, cluster, Samples.rollout(RolloutView.State.RUNNING));
  }

  @Override
  public RolloutView abort(String cluster, String reason, boolean back, Caller by) {
    return told.answer(
        "abort " + reason + " " + back, cluster, Samples.rollout(RolloutView.State.ABORTED));
  }

  @Override
  public Changed replace(String cluster, String member, Requests.Replace request, Caller by) {
    return told.answer("replace " + member + " " + request.with(), cluster, begun());
  }

  @Override
  public Changed move(String cluster, String member, Requests.Move request, Caller by) {
    return told.answer("move " + member + " " + request.to(), cluster, begun());
  }

  @Override
  public MoveWay way(String cluster, String member, Requests.Move request) {
    return told.answer(
        "way of " + member + " to " + request.to(),
        cluster,
        request.how().orElse("").equals("copy")
            ? new MoveWay("copy", "")
            : new MoveWay(
                "learner",
                request.how().isPresent()
                    ? ""
                    : "a cluster of 2 does not work while " + member + " is on its way"));
  }

  @Override
  public Changed remove(String cluster, String member, Caller by) {
    return told.answer("remove " + member, cluster, begun());
  }

  @Override
  public Changed restart(String cluster, List<String> members, Caller by) {
    return told.answer("restart " + members, cluster, begun());
  }

  @Override
  public Changed rotateCertificates(String cluster, List<String> members, Caller by) {
    return told.answer(
        "rotate " + members, cluster, new Changed("prod", true, 42, Optional.empty()));
  }

  @Override
  public List<SnapshotView> of(String cluster) {
    return told.answer("snapshots", cluster, List.of(Samples.snapshot()));
  }

  @Override
  public SnapshotView save(String cluster, Caller by) {
    return told.answer("save", cluster, Samples.snapshot());
  }

  @Override
  public SnapshotView verify(
      String cluster, String snapshot, boolean drill, Optional<String> host, Caller by) {
    return told.answer("verify " + snapshot + " " + drill, cluster, Samples.snapshot());
  }

  @Override
  public SnapshotView salvage(String cluster, Requests.Salvage request, Caller by) {
    return told.answer(
        "salvage " + request.host() + " " + request.data(), cluster, Samples.snapshot());
  }

  @Override
  public java.nio.file.Path incoming() {
    return folder;
  }

  @Override
  public SnapshotView add(
      String cluster,
      java.nio.file.Path file,
      Optional<String> version,
      boolean skipHashCheck,
      Caller by) {
    return told.answer(
        "add " + version.orElse("") + " " + skipHashCheck, cluster, Samples.snapshot());
  }

  @Override
  public Changed restore(String cluster, Requests.Restore request, Caller by) {
    return told.answer("restore " + request.snapshot(), cluster, begun());
  }

  @Override
  public SnapshotView.Recovery recovery(String cluster) {
    return told.answer("recovery", cluster, Samples.recovery());
  }

  @Override
  public Changed recover(String cluster, Requests.Recover request, Caller by) {
    return told.answer("recover " + request.survivor().orElse("best"), cluster, begun());
  }

  @Override
  public List<ActivityView.Event> events(Optional<String> cluster, long afterId, int limit) {
    return told.answer(
        "events", events.stream().filter(each -> each.id() > afterId).limit(limit).toList());
  }

  @Override
  public ActivityView.Logs logs(String cluster, Optional<String> member, int lines) {
    return told.answer(
        "logs " + member.orElse("all") + " " + lines,
        cluster,
        new ActivityView.Logs(
            "prod",
            List.of(
                new ActivityView.MemberLog(
                    "etcd-1", "node-1", List.of("ready to serve", "\u001b[31mred\u0007")))));
  }
}
