package io.quorate.coordinator.rollout;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostReport;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.ClusterView.HostView;
import io.quorate.coordinator.plan.ClusterView.Placement;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.EtcdView.Endpoint;
import io.quorate.coordinator.store.Journal.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What changed between two looks at a cluster and is worth telling. */
record Happenings(Severity severity, Optional<Code> code, String subject, String text) {

  static List<Happenings> between(ClusterView before, ClusterView now) {
    List<Happenings> all = new ArrayList<>();
    members(before, now, all);
    hosts(before, now, all);
    leader(before.etcd(), now.etcd(), all);
    alarms(before.etcd(), now.etcd(), all);
    drifts(before, now, all);
    return all;
  }

  private static void members(ClusterView before, ClusterView now, List<Happenings> all) {
    for (Endpoint endpoint : now.etcd().endpoints()) {
      Optional<Endpoint> was = before.etcd().endpoint(endpoint.member());
      if (was.isEmpty() || was.get().well() == endpoint.well()) {
        continue;
      }
      String name = endpoint.member().value();
      all.add(
          endpoint.well()
              ? new Happenings(Severity.INFO, Optional.empty(), name, name + " is well")
              : new Happenings(
                  Severity.WARNING,
                  Optional.of(Code.Q2101),
                  name,
                  endpoint.status().isEmpty()
                      ? name + " does not answer"
                      : name + " answers but does not serve"));
    }
  }

  private static void hosts(ClusterView before, ClusterView now, List<Happenings> all) {
    for (HostView host : now.hosts().values()) {
      HostView was = before.hosts().get(host.name());
      if (was == null || was.connected() == host.connected()) {
        continue;
      }
      String name = host.name().value();
      all.add(
          host.connected()
              ? new Happenings(
                  Severity.INFO, Optional.empty(), name, "agent of %s is connected".formatted(name))
              : new Happenings(
                  Severity.WARNING,
                  Optional.of(Code.Q2102),
                  name,
                  "agent of %s is not connected".formatted(name)));
    }
  }

  private static void leader(EtcdView before, EtcdView now, List<Happenings> all) {
    Optional<String> was = leaderName(before);
    Optional<String> is = leaderName(now);
    if (is.isPresent() && !is.equals(was)) {
      all.add(
          new Happenings(
              Severity.INFO, Optional.empty(), is.get(), "%s leads".formatted(is.get())));
    }
  }

  private static Optional<String> leaderName(EtcdView etcd) {
    List<Long> ids =
        etcd.endpoints().stream()
            .flatMap(e -> e.status().stream())
            .map(EtcdView.Status::leaderId)
            .distinct()
            .toList();
    return ids.size() == 1
        ? etcd.members().flatMap(l -> l.byId(ids.get(0))).map(EtcdView.Member::name)
        : Optional.empty();
  }

  private static void alarms(EtcdView before, EtcdView now, List<Happenings> all) {
    now.alarms().stream()
        .filter(a -> !before.alarms().contains(a))
        .forEach(
            a ->
                all.add(
                    new Happenings(
                        Severity.ERROR,
                        Optional.of(Code.Q2103),
                        Long.toHexString(a.memberId()),
                        "alarm %s is raised".formatted(a.kind()))));
  }

  private static void drifts(ClusterView before, ClusterView now, List<Happenings> all) {
    for (Placement placement : now.placements()) {
      List<HostReport.DriftFound> was =
          before
              .placement(placement.member(), placement.host())
              .flatMap(Placement::report)
              .map(HostReport.Member::drifts)
              .orElse(List.of());
      placement.report().map(HostReport.Member::drifts).orElse(List.of()).stream()
          .filter(d -> was.stream().noneMatch(w -> same(w, d)))
          .forEach(
              d ->
                  all.add(
                      new Happenings(
                          Severity.WARNING,
                          Optional.of(Code.Q2105),
                          placement.member().value(),
                          "%s of %s: %s%s"
                              .formatted(
                                  d.what(),
                                  placement.member(),
                                  d.found(),
                                  d.repaired() ? "; put right" : ""))));
    }
  }

  private static boolean same(HostReport.DriftFound a, HostReport.DriftFound b) {
    return a.what().equals(b.what()) && Objects.equals(a.since(), b.since());
  }
}
