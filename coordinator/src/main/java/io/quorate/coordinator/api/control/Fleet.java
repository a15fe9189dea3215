package io.quorate.coordinator.api.control;

import io.quorate.coordinator.api.v1.AccessView;
import io.quorate.coordinator.api.v1.Changed;
import io.quorate.coordinator.api.v1.CheckReport;
import io.quorate.coordinator.api.v1.ClusterStatus;
import io.quorate.coordinator.api.v1.PlanView;
import io.quorate.coordinator.api.v1.Requests;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** The clusters: how they are, what a file would change, and changing it. */
public interface Fleet {
  List<ClusterStatus> all();

  ClusterStatus status(String cluster);

  /** The owner's file at a revision, or the newest. */
  String text(String cluster, Optional<Long> revision);

  /** Predicts and remembers the plan under its id. Problems of the file keep line and column. */
  PlanView plan(Requests.Spec spec, Caller by);

  PlanView plan(String id);

  CheckReport check(Requests.Check request, Caller by);

  /** How often each preflight check has failed since the coordinator began, by its name. */
  SortedMap<String, Long> checkFailures();

  /** Refuses with Q1304 when {@code basedOn} is not the revision, Q1313 when preflight fails. */
  Changed apply(Requests.Apply request, Caller by);

  /** Refuses with Q1305 when the plan's revision is no longer the cluster's. */
  Changed applyPlan(String id, Requests.ApplyPlan request, Caller by);

  /** The name was already confirmed. */
  Changed delete(String cluster, Caller by);

  AccessView access(String cluster);

  AccessView.Credential clientCertificate(
      String cluster, String commonName, String csrPem, Optional<Duration> ttl, Caller by);
}
