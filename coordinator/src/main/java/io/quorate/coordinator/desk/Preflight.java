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
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * Named checks before anything is changed: what the coordinator knows of each host, and what the
 * hosts themselves say about members that are new to them.
 */
public final class Preflight {
  private static final long CLOCK_WARNING_MILLIS = 1_000;
  private static final long CLOCK_LIMIT_MILLIS = 30_000;
  private static final int LOOKS_AGAIN = 3;

  /** What etcd's log takes beside the database: two segments. */
  private static final long LOG = 128L << 20;

  private final Office office;
  private final Asking asking;
  private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();

  public Preflight(Office office, Asking asking) {
    this.office = office;
    this.asking = asking;
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
            hold -> checks.add(failed("", "version.path", hold)),
            () -> checks.add(passed("", "version.path", "etcd " + wanted.version())));
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
        checks.stream().map(c -> ignore.contains(c.name()) ? ignored(c) : c).toList());
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
          failed(
              host,
              "host.joined",
              new Hold(
                  Code.Q1201,
                  "host %s has not joined".formatted(host),
                  "quorate host token --host " + host)));
      return;
    }
    checks.add(passed(host, "host.joined", ""));
    boolean laidDown = situation.home(member).isPresent();
    if (!seen.get().connected()) {
      Hold hold =
          new Hold(
              Code.Q3003,
              "the agent of %s is not connected".formatted(host),
              "quorate host describe " + host);
      checks.add(
          untouched(member, situation, due)
              ? warned(host, "host.connected", hold)
              : failed(host, "host.connected", hold));
      return;
    }
    checks.add(passed(host, "host.connected", ""));
    clock(host, seen.get().clockOffsetMillis(), checks);
    checks.add(address(member));
    checks.addAll(neighbours(member, situation.wanted()));
    Optional<Documents> documents = due.documents();
    if (documents.isEmpty()) {
      return;
    }
    Optional<Hold> missing = documents.get().missing(member);
    missing.ifPresentOrElse(
        hold -> checks.add(failed(host, "release.catalogue", hold)),
        () -> checks.add(passed(host, "release.catalogue", "")));
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

  /** A name is not looked up here; a literal address must be one that the host has told. */
  private Check address(ClusterSpec.Member member) {
    String host = member.host().value();
    List<String> told =
        office.agents().seen(member.host()).map(s -> s.facts().addresses()).orElse(List.of());
    boolean literal = member.address().contains(":") || member.address().matches("[0-9.]+");
    boolean loopback = member.address().startsWith("127.") || member.address().equals("::1");
    if (!literal || loopback || told.isEmpty() || told.contains(member.address())) {
      return passed(host, "host.address", member.address());
    }
    return failed(
        host,
        "host.address",
        new Hold(
            Code.Q2010,
            "%s is no address of host %s, which has %s"
                .formatted(member.address(), host, String.join(", ", told)),
            "give the host the address; on it: systemctl restart quorate-agent"));
  }

  /** Members of other clusters on the same host, whether or not they run just now. */
  private List<Check> neighbours(ClusterSpec.Member member, ClusterSpec wanted) {
    List<Check> found = new ArrayList<>();
    for (Cluster other : office.store().clusters().list()) {
      if (other.name().equals(wanted.cluster())) {
        continue;
      }
      other.spec().members().stream()
          .filter(m -> m.host().equals(member.host()))
          .flatMap(m -> clash(member, wanted, m, other.spec()).stream())
          .map(
              what ->
                  failed(
                      member.host().value(),
                      "host.neighbours",
                      new Hold(
                          Code.Q1008,
                          "%s and %s have both %s on %s"
                              .formatted(wanted.cluster(), other.name(), what, member.host()),
                          "give one of them other ports or paths")))
          .forEach(found::add);
    }
    return found;
  }

  private static Optional<String> clash(
      ClusterSpec.Member one, ClusterSpec wanted, ClusterSpec.Member two, ClusterSpec other) {
    Optional<Integer> port =
        Stream.of(one.clientPort(), one.peerPort())
            .filter(p -> p == two.clientPort() || p == two.peerPort())
            .findFirst();
    if (port.isPresent()) {
      return port.map(p -> "port " + p);
    }
    Set<String> directories = Set.of(other.layout().dataDirectory(), other.layout().walDirectory());
    return Stream.of(wanted.layout().dataDirectory(), wanted.layout().walDirectory())
        .filter(directories::contains)
        .findFirst();
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

  private static void clock(String host, long offset, List<Check> checks) {
    String detail = "%.1f s off".formatted(offset / 1000.0);
    if (Math.abs(offset) > CLOCK_LIMIT_MILLIS) {
      checks.add(
          failed(
              host,
              "clock.offset",
              new Hold(Code.Q1209, "the clock of " + host + " is " + detail, "synchronise it")));
    } else {
      checks.add(
          new Check(
              host,
              "clock.offset",
              Math.abs(offset) > CLOCK_WARNING_MILLIS ? Result.WARN : Result.PASS,
              Math.abs(offset) > CLOCK_WARNING_MILLIS ? Code.Q2109.name() : "",
              detail,
              ""));
    }
  }

  private void onHost(HostName host, MemberConfig document, List<Check> checks) {
    Optional<OperationOutcome> outcome =
        asking.ask(
            host, Optional.empty(), Optional.empty(), new Operation.CheckHost(List.of(document)));
    if (outcome.isEmpty()) {
      checks.add(
          failed(
              host.value(),
              "host.answers",
              Hold.of(Code.Q3003, "host %s did not answer in time".formatted(host))));
      return;
    }
    outcome.get().facts().forEach((name, detail) -> checks.add(said(host.value(), name, detail)));
    if (!outcome.get().succeeded() && outcome.get().facts().isEmpty()) {
      checks.add(
          failed(
              host.value(),
              "host.ready",
              Hold.of(outcome.get().failure().orElse(Code.Q3302), outcome.get().sentence())));
    }
  }

  /**
   * A fact of a host's own check is RESULT, or RESULT CODE detail; the name tells what was looked
   * at.
   */
  private static Check said(String host, String name, String fact) {
    String[] parts = fact.split(" ", 3);
    Result result =
        switch (parts[0]) {
          case "PASS" -> Result.PASS;
          case "WARN" -> Result.WARN;
          default -> Result.FAIL;
        };
    boolean coded = parts.length > 1 && parts[1].matches("Q\\d{4}");
    String code = coded ? parts[1] : "";
    int skip = parts[0].length() + (coded ? parts[1].length() + 1 : 0);
    String detail = fact.substring(Math.min(fact.length(), skip)).strip();
    return new Check(
        host, name, result, code, detail, result == Result.FAIL ? remedy(host, code) : "");
  }

  /** Agents tell what they found; what to do about it is for whoever asked. */
  private static String remedy(String host, String code) {
    return switch (code) {
      case "Q2010" ->
          "on %s: ss -ltnp tells who has it; free it or choose other ports".formatted(host);
      case "Q2011", "Q2012" ->
          "on %s: move it aside, or choose another directory (paths)".formatted(host);
      case "Q2014" -> "on %s: make room, or choose another disk (paths)".formatted(host);
      case "Q2022" -> "on %s: systemd-sysusers makes the user".formatted(host);
      default -> code.isEmpty() ? "" : "quorate explain " + code;
    };
  }

  static Check passed(String host, String name, String detail) {
    return new Check(host, name, Result.PASS, "", detail, "");
  }

  private static Check warned(String host, String name, Hold hold) {
    return new Check(host, name, Result.WARN, hold.code().name(), hold.sentence(), hold.remedy());
  }

  static Check failed(String host, String name, Hold hold) {
    return new Check(host, name, Result.FAIL, hold.code().name(), hold.sentence(), hold.remedy());
  }

  private static Check ignored(Check check) {
    return check.result() == Result.PASS
        ? check
        : new Check(
            check.host(),
            check.name(),
            Result.IGNORED,
            check.code(),
            check.detail(),
            check.remedy());
  }
}
