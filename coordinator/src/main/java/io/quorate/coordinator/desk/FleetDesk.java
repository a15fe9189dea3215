package io.quorate.coordinator.desk;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.api.control.Caller;
import io.quorate.coordinator.api.control.Fleet;
import io.quorate.coordinator.api.v1.AccessView;
import io.quorate.coordinator.api.v1.Changed;
import io.quorate.coordinator.api.v1.CheckReport;
import io.quorate.coordinator.api.v1.ClusterStatus;
import io.quorate.coordinator.api.v1.PlanView;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Intents;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.spec.SpecFile;
import io.quorate.coordinator.spec.SpecText;
import io.quorate.coordinator.store.Clusters.Cluster;
import io.quorate.coordinator.store.Journal;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Clusters: how they are, what a file would change, and changing it. */
public final class FleetDesk implements Fleet {
  private final Office office;
  private final StatusViews statuses;
  private final Applying applying;
  private final Preflight preflight;
  private final ClientAccess access;

  public FleetDesk(Office office, Applying applying, Preflight preflight, ClientAccess access) {
    this.office = office;
    this.statuses = new StatusViews(office);
    this.applying = applying;
    this.preflight = preflight;
    this.access = access;
  }

  @Override
  public List<ClusterStatus> all() {
    return office.store().clusters().list().stream()
        .map(statuses::of)
        .sorted(
            Comparator.comparing(ClusterStatus::health)
                .reversed()
                .thenComparing(ClusterStatus::cluster))
        .toList();
  }

  @Override
  public ClusterStatus status(String cluster) {
    return statuses.of(office.cluster(cluster));
  }

  @Override
  public String text(String cluster, Optional<Long> revision) {
    Cluster found = office.cluster(cluster);
    if (revision.isEmpty()) {
      return found.text();
    }
    return office.store().clusters().history(found.name()).stream()
        .filter(r -> r.revision() == revision.get())
        .findFirst()
        .orElseThrow(
            () ->
                Problem.of(Code.Q1306, "%s has no revision %d".formatted(cluster, revision.get()))
                    .asException())
        .text();
  }

  @Override
  public PlanView plan(Requests.Spec spec, Caller by) {
    String text = accepting(spec.text(), spec.fileName().orElse("the file"), spec.accept());
    ClusterSpec wanted = SpecFile.require(text, spec.fileName().orElse("the file"));
    Optional<Cluster> before = office.store().clusters().find(wanted.cluster());
    String id = Office.fresh(4);
    PlanView view = view(id, wanted, before);
    office
        .store()
        .journal()
        .addPlan(
            new Journal.Plan(
                id, wanted.cluster(), text, view.basedOnRevision(), office.now(), by.name()));
    return view;
  }

  /** What the owner accepts by name is written into the file, for everybody to see. */
  private static String accepting(String text, String fileName, List<String> hazards) {
    if (hazards.isEmpty()) {
      return text;
    }
    ClusterSpec unused = SpecFile.require(text, fileName);
    return SpecText.of(text).withAccepted(hazards).text();
  }

  private PlanView view(String id, ClusterSpec wanted, Optional<Cluster> before) {
    Intent intent =
        before
            .map(
                c ->
                    Intents.revised(
                        c.intent(), Optional.of(c.spec()), List.of(), "plan", office.now()))
            .orElseGet(() -> Intents.declared("plan", "plan", office.now()));
    return PlanViews.of(
        id, before, wanted, intent, office.observer().view(wanted, intent), office.now());
  }

  @Override
  public PlanView plan(String id) {
    Journal.Plan plan = stored(id);
    ClusterSpec wanted = SpecFile.require(plan.text(), "the plan's file");
    return view(id, wanted, office.store().clusters().find(plan.cluster()));
  }

  private Journal.Plan stored(String id) {
    return office
        .store()
        .journal()
        .plan(id)
        .orElseThrow(
            () ->
                Problem.of(Code.Q1305, "there is no plan " + id)
                    .withRemedy("quorate plan -f FILE")
                    .asException());
  }

  @Override
  public CheckReport check(Requests.Check request, Caller by) {
    String text =
        request.text().orElseGet(() -> office.cluster(request.cluster().orElse("")).text());
    ClusterSpec wanted = SpecFile.require(text, request.fileName().orElse("the file"));
    return preflight.check(wanted, request.operation().orElse("deploy"), request.ignore());
  }

  @Override
  public SortedMap<String, Long> checkFailures() {
    return preflight.failures();
  }

  @Override
  public Changed apply(Requests.Apply request, Caller by) {
    return applying.apply(
        new Applying.Wish(
            request.text(),
            request.fileName().orElse("the file"),
            request.basedOn(),
            request.ignore(),
            request.limit(),
            Optional.empty()),
        by);
  }

  @Override
  public Changed applyPlan(String id, Requests.ApplyPlan request, Caller by) {
    Journal.Plan plan = stored(id);
    long now =
        office.store().clusters().find(plan.cluster()).map(c -> c.intent().revision()).orElse(0L);
    if (now != plan.basedOn()) {
      throw Problem.of(
              Code.Q1305,
              "plan %s was made from revision %d; %s is at revision %d now"
                  .formatted(id, plan.basedOn(), plan.cluster(), now))
          .withState("nothing was changed")
          .withRemedy("quorate plan -f FILE")
          .asException();
    }
    return applying.apply(
        new Applying.Wish(
            accepting(plan.text(), "the plan's file", request.accept()),
            "the plan's file",
            Optional.of(plan.basedOn()),
            request.ignore(),
            request.limit(),
            request.seed()),
        by);
  }

  @Override
  public Changed delete(String cluster, Caller by) {
    return applying.delete(office.cluster(cluster), by);
  }

  @Override
  public AccessView access(String cluster) {
    return access.of(office.cluster(cluster));
  }

  @Override
  public AccessView.Credential clientCertificate(
      String cluster, String commonName, String csrPem, Optional<Duration> ttl, Caller by) {
    return access.issue(office.cluster(cluster), commonName, csrPem, ttl);
  }
}
