package io.quorate.coordinator.desk;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import io.quorate.coordinator.api.control.Activity;
import io.quorate.coordinator.api.v1.ActivityView;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.store.Clusters.Cluster;
import io.quorate.coordinator.store.Journal.Event;
import java.util.List;
import java.util.Optional;

/** What happened: events from the journal, log lines from the hosts. */
public final class ActivityDesk implements Activity {
  private static final int MOST_LINES = 2_000;

  private final Office office;
  private final Asking asking;

  public ActivityDesk(Office office, Asking asking) {
    this.office = office;
    this.asking = asking;
  }

  @Override
  public List<ActivityView.Event> events(Optional<String> cluster, long afterId, int limit) {
    return office.store().journal().events(cluster.map(ClusterName::of), afterId, limit).stream()
        .map(ActivityDesk::view)
        .toList();
  }

  private static ActivityView.Event view(Event event) {
    return new ActivityView.Event(
        event.id(),
        event.at(),
        switch (event.severity()) {
          case INFO -> ActivityView.Severity.INFO;
          case WARNING -> ActivityView.Severity.WARNING;
          case ERROR -> ActivityView.Severity.ERROR;
        },
        event.cluster().map(ClusterName::value).orElse(""),
        event.code().map(Code::name).orElse(""),
        event.subject(),
        event.text());
  }

  @Override
  public ActivityView.Logs logs(String cluster, Optional<String> member, int lines) {
    Cluster found = office.cluster(cluster);
    List<ClusterSpec.Member> members =
        found.spec().members().stream()
            .filter(m -> member.map(n -> m.name().equals(MemberName.of(n))).orElse(true))
            .toList();
    if (members.isEmpty()) {
      throw Problem.of(Code.Q1314, "%s has no member %s".formatted(cluster, member.orElse("")))
          .withRemedy("quorate member list " + cluster)
          .asException();
    }
    return new ActivityView.Logs(
        cluster, members.stream().map(m -> log(found, m, Math.min(lines, MOST_LINES))).toList());
  }

  private ActivityView.MemberLog log(Cluster cluster, ClusterSpec.Member member, int lines) {
    Optional<OperationOutcome> outcome =
        office.agents().seen(member.host()).filter(s -> s.connected()).isEmpty()
            ? Optional.empty()
            : asking.ask(
                member.host(),
                Optional.of(cluster.name()),
                Optional.of(member.name()),
                new Operation.ReadLog(cluster.name(), lines));
    List<String> text =
        outcome
            .map(
                o ->
                    o.succeeded()
                        ? o.facts().getOrDefault("log", "").lines().toList()
                        : List.of("(%s)".formatted(o.sentence())))
            .orElse(List.of("(host %s did not answer)".formatted(member.host())));
    return new ActivityView.MemberLog(member.name().value(), member.host().value(), text);
  }
}
