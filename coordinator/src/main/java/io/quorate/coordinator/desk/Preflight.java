package io.quorate.coordinator.desk;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import io.quorate.common.model.Seed;
import io.quorate.coordinator.api.v1.CheckReport;
import io.quorate.coordinator.api.v1.CheckReport.Check;
import io.quorate.coordinator.api.v1.CheckReport.Result;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Documents;
import io.quorate.coordinator.plan.Due;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Intents;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.store.Clusters.Cluster;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Named checks before anything is changed: what the coordinator knows of each host, and what the
 * hosts themselves say about members that are new to them.
 */
public final class Preflight {
  private static final int LOOKS_AGAIN = 3;

  /** What etcd's log takes beside the database: two segments. */
  private static final long LOG = 128L << 20;

  private final Office office;
  private final Asking asking;
  private final Premises premises;
  private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();

  public Preflight(Office office, Asking asking) {
    this.office = office;
    this.asking = asking;
    this.premises = new Premises(office);
  }

  /** Refuses with Q1313, or with the one code when only one check fails. */
  void require(ClusterSpec wanted, String operation, List<String> ignore) {
    List<Check> failed =
        check(wanted, operation, ignore).checks().stream()
            .filter(c -> c.result() == Result.FAIL)
            .toList();
    if (failed.isEmpty()) {
      return;
    }
    Check first = failed.getFirst();
    Problem problem =
        Problem.of(
            Code.Q1313,
            failed.size() == 1
                ? "a preflight check failed: " + first.detail()
                : failed.size() + " preflight checks failed");
    for (Check check : failed) {
      problem =
          problem.withCause(
              "%s %s %s: %s".formatted(check.code(), check.host(), check.name(), check.detail()));
    }
    for (String remedy : failed.stream().map(Check::remedy).distinct().toList()) {
      problem = remedy.isEmpty() ? problem : problem.withRemedy(remedy);
    }
    throw problem
        .withState("nothing was changed")
        .withRemedy("or accept one by name: --ignore " + first.name())
        .asException();
  }

  /**
   * Whether every host could lay down what the foundation names. Refuses with the code of the first
   * that could not; nothing is stopped by then.
   */
  void requireFoundable(Cluster cluster, Intent.Foundation foundation) {
    Intent intent = Intents.withFoundation(cluster.intent(), foundation);
    ClusterSpec wanted = cluster.spec();
    Situation situation = new Situation(wanted, office.observer().view(wanted, intent));
    Due due = Due.of(situation);
    List<Check> checks = new ArrayList<>();
    Map<HostName, MemberConfig> documents = new TreeMap<>();
    for (ClusterSpec.Member member : wanted.members()) {
      host(member, situation, due, checks, documents);
      due.documents()
          .filter(d -> situation.connected(member.host()) && d.missing(member).isEmpty())
          .ifPresent(
              d -> documents.put(member.host(), d.of(member).withRun(MemberConfig.Run.PREPARED)));
    }
    documents.forEach((host, document) -> onHost(host, document, checks));
    for (Check check : checks) {
      if (check.result() == Result.FAIL) {
        throw Problem.of(
                check.code().isEmpty() ? Code.Q1313 : Code.valueOf(check.code()),
                "%s: %s".formatted(check.host(), check.detail()))
            .withState("nothing was changed")
            .withRemedy(
                check.remedy().isEmpty() ? "quorate host describe " + check.host() : check.remedy())
            .asException();
      }
    }
  }

  CheckReport check(ClusterSpec wanted, String operation, List<String> ignore) {
    Optional<Cluster> existing = office.store().clusters().find(wanted.cluster());
    Intent intent =
        existing.map(Cluster::intent).orElseGet(() -> Intents.declared("check", "check", now()));
    ClusterView view = look(wanted, intent);
    Situation situation = new Situation(wanted, view);
    List<Check> checks = new ArrayList<>();
    Due due = Due.of(situation);
    due.refusal()
        .ifPresentOrElse(
            hold -> checks.add(Checks.failed("", "version.path", hold)),
            () -> checks.add(Checks.passed("", "version.path", "etcd " + wanted.version())));
    existing.ifPresent(cluster -> Prospects.of(cluster, wanted, view, now()).forEach(checks::add));
    Map<HostName, MemberConfig> fresh = new TreeMap<>();
    for (ClusterSpec.Member member : wanted.members()) {
      host(member, situation, due, checks, fresh);
    }
    fresh.forEach((host, document) -> onHost(host, document, checks));
    checks.stream()
        .filter(c -> c.result() == Result.FAIL)
        .forEach(c -> failures.computeIfAbsent(c.name(), name -> new LongAdder()).increment());
    return new CheckReport(
        wanted.cluster().value(),
        operation,
        checks.stream().map(c -> ignore.contains(c.name()) ? Checks.ignored(c) : c).toList());
  }

  /** How often each check has failed since this coordinator began, by the check's name. */
  SortedMap<String, Long> failures() {
    SortedMap<String, Long> counted = new TreeMap<>();
    failures.forEach((name, count) -> counted.put(name, count.sum()));
    return counted;
  }

  /** A cluster that does not answer once is asked again before it is called dead. */
  private ClusterView look(ClusterSpec wanted, Intent intent) {
    ClusterView view = office.observer().view(wanted, intent);
    for (int again = 0; again < LOOKS_AGAIN; again++) {
      if (view.etcd().members().isPresent() || !intent.foundation().formed()) {
        return view;
      }
      view = office.observer().view(wanted, intent);
    }
    return view;
  }

  private Instant now() {
    return office.now();
  }

  private void host(
      ClusterSpec.Member member,
      Situation situation,
      Due due,
      List<Check> checks,
      Map<HostName, MemberConfig> fresh) {
    String host = member.host().value();
    Optional<ClusterView.HostView> seen = situation.seen().host(member.host());
    if (seen.isEmpty()) {
      checks.add(
          Checks.failed(
              host,
              "host.joined",
              new Hold(
                  Code.Q1201,
                  "host %s has not joined".formatted(host),
                  "quorate host token --host " + host)));
      return;
    }
    checks.add(Checks.passed(host, "host.joined", ""));
    boolean laidDown = situation.home(member).isPresent();
    if (!seen.get().connected()) {
      Hold hold =
          new Hold(
              Code.Q3003,
              "the agent of %s is not connected".formatted(host),
              "quorate host describe " + host);
      checks.add(
          untouched(member, situation, due)
              ? Checks.warned(host, "host.connected", hold)
              : Checks.failed(host, "host.connected", hold));
      return;
    }
    checks.add(Checks.passed(host, "host.connected", ""));
    checks.addAll(premises.of(member, situation.wanted(), seen.get().clockOffsetMillis()));
    Optional<Documents> documents = due.documents();
    if (documents.isEmpty()) {
      return;
    }
    Optional<Hold> missing = documents.get().missing(member);
    missing.ifPresentOrElse(
        hold -> checks.add(Checks.failed(host, "release.catalogue", hold)),
        () -> checks.add(Checks.passed(host, "release.catalogue", "")));
    if (missing.isEmpty() && !laidDown) {
      MemberConfig document = documents.get().of(member).withRun(MemberConfig.Run.PREPARED);
      fresh.put(
          member.host(),
          arriving(member, situation)
              .map(copy -> document.withData(copied(document, copy)))
              .orElse(document));
    }
  }

  /** Of a member that comes from another host: the size of what is to be copied, about. */
  private static Optional<Seed.Copy> arriving(ClusterSpec.Member member, Situation situation) {
    return situation
        .entry(member.name())
        .flatMap(e -> situation.endpoint(member.name()))
        .flatMap(EtcdView.Endpoint::status)
        .map(s -> new Seed.Copy("0".repeat(64), s.database().bytes() + LOG));
  }

  private static MemberConfig.Data copied(MemberConfig document, Seed.Copy copy) {
    return new MemberConfig.Data(document.data().lineage(), copy, document.data().supersedes());
  }

  /** Nothing is wanted of it; should something be before the end, it is waited for. */
  private static boolean untouched(ClusterSpec.Member member, Situation situation, Due due) {
    return due.documents()
        .filter(d -> d.missing(member).isEmpty())
        .map(d -> d.of(member))
        .filter(
            d ->
                situation
                    .home(member)
                    .flatMap(ClusterView.Placement::issued)
                    .filter(i -> i.document().equals(d))
                    .isPresent())
        .isPresent();
  }

  private void onHost(HostName host, MemberConfig document, List<Check> checks) {
    Optional<OperationOutcome> outcome =
        asking.ask(
            host, Optional.empty(), Optional.empty(), new Operation.CheckHost(List.of(document)));
    if (outcome.isEmpty()) {
      checks.add(
          Checks.failed(
              host.value(),
              "host.answers",
              Hold.of(Code.Q3003, "host %s did not answer in time".formatted(host))));
      return;
    }
    outcome
        .get()
        .facts()
        .forEach((name, detail) -> checks.add(Checks.said(host.value(), name, detail)));
    if (!outcome.get().succeeded() && outcome.get().facts().isEmpty()) {
      checks.add(
          Checks.failed(
              host.value(),
              "host.ready",
              Hold.of(outcome.get().failure().orElse(Code.Q3302), outcome.get().sentence())));
    }
  }
}
