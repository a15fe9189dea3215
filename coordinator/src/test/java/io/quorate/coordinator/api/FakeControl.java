package io.quorate.coordinator.api;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.coordinator.api.control.Activity;
import io.quorate.coordinator.api.control.Caller;
import io.quorate.coordinator.api.control.Catalogue;
import io.quorate.coordinator.api.control.Control;
import io.quorate.coordinator.api.control.Fleet;
import io.quorate.coordinator.api.control.HostDesk;
import io.quorate.coordinator.api.control.Members;
import io.quorate.coordinator.api.control.OperatorDesk;
import io.quorate.coordinator.api.control.Rollouts;
import io.quorate.coordinator.api.control.SnapshotDesk;
import io.quorate.coordinator.api.v1.AccessView;
import io.quorate.coordinator.api.v1.ActivityView;
import io.quorate.coordinator.api.v1.Changed;
import io.quorate.coordinator.api.v1.CheckReport;
import io.quorate.coordinator.api.v1.ClusterStatus;
import io.quorate.coordinator.api.v1.HostView;
import io.quorate.coordinator.api.v1.MoveWay;
import io.quorate.coordinator.api.v1.OperatorView;
import io.quorate.coordinator.api.v1.PlanView;
import io.quorate.coordinator.api.v1.ReleaseView;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.api.v1.RolloutView;
import io.quorate.coordinator.api.v1.SnapshotView;
import io.quorate.coordinator.pki.Role;
import io.quorate.coordinator.store.Audit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Knows the cluster prod, tells the samples, remembers what it was asked, refuses what it is told
 * to.
 */
public final class FakeControl implements Fleet, Rollouts, Members, SnapshotDesk, Activity {
  private final Path folder;
  private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
  private final ConcurrentMap<String, Problem> refusals = new ConcurrentHashMap<>();
  private final Deque<RolloutView.State> states = new ArrayDeque<>();
  final List<ActivityView.Event> events = new CopyOnWriteArrayList<>();
  private volatile PlanView plan = Samples.plan();
  private volatile ClusterStatus.Health health = ClusterStatus.Health.WARNING;
  private volatile CheckReport.Result check = CheckReport.Result.WARN;
  private volatile long uploaded;
  private volatile boolean faulty;

  public FakeControl(Path folder) {
    this.folder = folder;
  }

  public Control control(Audit audit) {
    return new Control(
        this,
        this,
        this,
        new FakeHosts(),
        new FakeCatalogue(),
        this,
        this,
        new FakeOperators(),
        audit);
  }

  /** The next calls of that name are refused. */
  public void refuse(String call, Problem problem) {
    refusals.put(call, problem);
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
    faulty = true;
  }

  /** The rollout is in these states, one at each look, and then stays in the last. */
  public synchronized void states(RolloutView.State... next) {
    states.clear();
    states.addAll(List.of(next));
  }

  public List<String> calls() {
    return List.copyOf(calls);
  }

  public long uploaded() {
    return uploaded;
  }

  private <T> T told(String call, String cluster, T answer) {
    if (!cluster.equals("prod")) {
      throw Problem.of(Code.Q1303, "there is no cluster " + cluster).asException();
    }
    return told(call, answer);
  }

  private <T> T told(String call, T answer) {
    calls.add(call);
    if (faulty) {
      throw new IllegalStateException("a bug with a secret in its message");
    }
    Problem refusal =
        refusals.get(call.contains(" ") ? call.substring(0, call.indexOf(' ')) : call);
    if (refusal != null) {
      throw new QuorateException(refusal);
    }
    return answer;
  }

  private static Changed begun() {
    return new Changed("prod", true, 42, Optional.of(118L));
  }

  @Override
  public List<ClusterStatus> all() {
    return told("clusters", List.of(Samples.status(health)));
  }

  @Override
  public ClusterStatus status(String cluster) {
    return told("status", cluster, Samples.status(health));
  }

  @Override
  public String text(String cluster, Optional<Long> revision) {
    return told("text " + revision.orElse(0L), cluster, "cluster: prod\n");
  }

  @Override
  public PlanView plan(Requests.Spec spec, Caller by) {
    return told("plan " + by.name(), plan);
  }

  @Override
  public PlanView plan(String id) {
    return told("plan " + id, plan);
  }

  @Override
  public CheckReport check(Requests.Check request, Caller by) {
    return told("check", Samples.check(check));
  }

  @Override
  public SortedMap<String, Long> checkFailures() {
    return new TreeMap<>(Map.of("disk.space", 2L));
  }

  @Override
  public Changed apply(Requests.Apply request, Caller by) {
    return told("apply", begun());
  }

  @Override
  public Changed applyPlan(String id, Requests.ApplyPlan request, Caller by) {
    return told("applyPlan " + id + " " + request.ignore() + request.limit(), begun());
  }

  @Override
  public Changed delete(String cluster, Caller by) {
    return told("delete " + by.name(), cluster, begun());
  }

  @Override
  public AccessView access(String cluster) {
    return told(
        "access",
        cluster,
        new AccessView(
            "prod", List.of("https://10.77.0.11:2379", "https://10.77.0.12:2379"), "CA\n"));
  }

  @Override
  public AccessView.Credential clientCertificate(
      String cluster, String commonName, String csrPem, Optional<Duration> ttl, Caller by) {
    return told(
        "clientCertificate " + commonName + " " + ttl.orElse(Duration.ZERO),
        cluster,
        new AccessView.Credential(
            access(cluster), "CERTIFICATE\n", "1f", Samples.NOW.plus(Duration.ofDays(90))));
  }

  @Override
  public Optional<RolloutView> latest(String cluster) {
    return Optional.of(told("latest", cluster, current()));
  }

  @Override
  public RolloutView rollout(String cluster, long id) {
    return told("rollout " + id, cluster, current());
  }

  private synchronized RolloutView current() {
    if (states.isEmpty()) {
      return Samples.rollout(RolloutView.State.RUNNING);
    }
    RolloutView.State state = states.size() > 1 ? states.removeFirst() : states.getFirst();
    return Samples.rollout(state);
  }

  @Override
  public List<RolloutView> history(String cluster, int limit) {
    return told("history " + limit, cluster, List.of(Samples.rollout(RolloutView.State.DONE)));
  }

  @Override
  public RolloutView pause(String cluster, String reason, Caller by) {
    return told("pause " + reason, cluster, Samples.rollout(RolloutView.State.PAUSED));
  }

  @Override
  public RolloutView resume(String cluster, String reason, Caller by) {
    return told("resume " + reason, cluster, Samples.rollout(RolloutView.State.RUNNING));
  }

  @Override
  public RolloutView abort(String cluster, String reason, boolean back, Caller by) {
    return told(
        "abort " + reason + " " + back, cluster, Samples.rollout(RolloutView.State.ABORTED));
  }

  @Override
  public Changed replace(String cluster, String member, Requests.Replace request, Caller by) {
    return told("replace " + member + " " + request.with(), cluster, begun());
  }

  @Override
  public Changed move(String cluster, String member, Requests.Move request, Caller by) {
    return told("move " + member + " " + request.to(), cluster, begun());
  }

  @Override
  public MoveWay way(String cluster, String member, Requests.Move request) {
    return told(
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
    return told("remove " + member, cluster, begun());
  }

  @Override
  public Changed restart(String cluster, List<String> members, Caller by) {
    return told("restart " + members, cluster, begun());
  }

  @Override
  public Changed rotateCertificates(String cluster, List<String> members, Caller by) {
    return told("rotate " + members, cluster, new Changed("prod", true, 42, Optional.empty()));
  }

  @Override
  public List<SnapshotView> of(String cluster) {
    return told("snapshots", cluster, List.of(Samples.snapshot()));
  }

  @Override
  public SnapshotView save(String cluster, Caller by) {
    return told("save", cluster, Samples.snapshot());
  }

  @Override
  public SnapshotView verify(
      String cluster, String snapshot, boolean drill, Optional<String> host, Caller by) {
    return told("verify " + snapshot + " " + drill, cluster, Samples.snapshot());
  }

  @Override
  public SnapshotView salvage(String cluster, Requests.Salvage request, Caller by) {
    return told("salvage " + request.host() + " " + request.data(), cluster, Samples.snapshot());
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
    return told("add " + version.orElse("") + " " + skipHashCheck, cluster, Samples.snapshot());
  }

  @Override
  public Changed restore(String cluster, Requests.Restore request, Caller by) {
    return told("restore " + request.snapshot(), cluster, begun());
  }

  @Override
  public SnapshotView.Recovery recovery(String cluster) {
    return told("recovery", cluster, Samples.recovery());
  }

  @Override
  public Changed recover(String cluster, Requests.Recover request, Caller by) {
    return told("recover " + request.survivor().orElse("best"), cluster, begun());
  }

  @Override
  public List<ActivityView.Event> events(Optional<String> cluster, long afterId, int limit) {
    return told(
        "events", events.stream().filter(each -> each.id() > afterId).limit(limit).toList());
  }

  @Override
  public ActivityView.Logs logs(String cluster, Optional<String> member, int lines) {
    return told(
        "logs " + member.orElse("all") + " " + lines,
        cluster,
        new ActivityView.Logs(
            "prod",
            List.of(
                new ActivityView.MemberLog(
                    "etcd-1", "node-1", List.of("ready to serve", "\u001b[31mred\u0007")))));
  }

  private final class FakeHosts implements HostDesk {
    @Override
    public List<HostView> all() {
      return told("hosts", List.of(Samples.host("node-1"), Samples.host("node-2")));
    }

    @Override
    public HostView host(String name) {
      return told("host " + name, Samples.host(name));
    }

    @Override
    public HostView.Token token(Optional<String> host, Optional<Duration> ttl, Caller by) {
      return told(
          "token " + host.orElse("any"),
          new HostView.Token(
              "secret",
              host,
              Samples.NOW.plus(ttl.orElse(Duration.ofMinutes(10))),
              "coordinator.example:7443",
              "sha256:" + Samples.DIGEST,
              "quorate-agent join --coordinator coordinator.example:7443 --token secret"));
    }

    @Override
    public HostView revoke(String name, boolean withMembers, Caller by) {
      if (name.equals("node-2") && !withMembers) {
        throw Problem.of(Code.Q1211, "host node-2 carries members of prod")
            .withState("nothing was changed")
            .asException();
      }
      return told("revoke " + name + (withMembers ? " with members" : ""), Samples.host(name));
    }

    @Override
    public HostView.Stage drain(String name, List<String> to, Caller by) {
      return told(
          "drain " + name + " " + to,
          new HostView.Stage(
              name, Optional.of(begun()), List.of("prod"), "etcd-1 moves to node-4"));
    }

    @Override
    public HostView.Stage readdress(String name, String address, Caller by) {
      return told(
          "readdress " + name + " " + address,
          new HostView.Stage(name, Optional.of(begun()), List.of("prod"), ""));
    }
  }

  private final class FakeOperators implements OperatorDesk {
    @Override
    public List<OperatorView> all() {
      return told(
          "operators", List.of(Samples.operator("ann", false), Samples.operator("bob", true)));
    }

    @Override
    public OperatorView.Credential add(
        String name, Role role, String csrPem, Optional<Duration> ttl, Caller by) {
      return told(
          "operator " + name + " " + role.text(),
          new OperatorView.Credential(
              Samples.operator(name, false), "CERTIFICATE\n", "CA\n", "coordinator.example:7443"));
    }

    @Override
    public List<OperatorView> revoke(String name, Caller by) {
      return told("revokeOperator " + name, List.of(Samples.operator(name, true)));
    }
  }

  private final class FakeCatalogue implements Catalogue {
    @Override
    public List<ReleaseView> all() {
      return told("releases", List.of(Samples.release()));
    }

    @Override
    public Path incoming() {
      return folder;
    }

    @Override
    public ReleaseView add(Path archive, Optional<String> expectedSha256, Caller by) {
      try {
        uploaded = Files.size(archive);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return told("add " + expectedSha256.orElse("any"), Samples.release());
    }

    @Override
    public ReleaseView remove(String versionOrSha256, Caller by) {
      return told("removeRelease " + versionOrSha256, Samples.release());
    }
  }
}
