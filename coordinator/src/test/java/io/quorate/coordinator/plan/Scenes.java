package io.quorate.coordinator.plan;

import io.quorate.common.model.ClusterName;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.HostName;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Release;
import io.quorate.coordinator.plan.ClusterView.HostView;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.spec.SpecFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Clusters to plan for: specs by their file, views by what the predicted world makes of them. */
public final class Scenes {
  public static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  public static final ClusterName PROD = ClusterName.of("prod");

  private Scenes() {}

  /** Members etcd-N on node-N. */
  public static ClusterSpec spec(String version, int... members) {
    return spec(version, "", members);
  }

  public static ClusterSpec spec(String version, String more, int... members) {
    List<String> lines = new ArrayList<>();
    for (int n : members) {
      lines.add(member("etcd-" + n, n));
    }
    return spec(version, more, lines);
  }

  public static ClusterSpec spec(String version, String more, List<String> members) {
    return SpecFile.require(
        "cluster: prod\nversion: %s\nallowEvenMembers: true\nmembers:\n%s%s"
            .formatted(version, String.join("", members), more),
        "prod.yaml");
  }

  public static String member(String name, int node) {
    return "  - {name: %s, host: node-%d, address: 10.77.0.%d}\n".formatted(name, node, 10 + node);
  }

  /** Seven connected hosts, nothing laid down, every release at hand. */
  public static ClusterView empty() {
    SortedMap<HostName, HostView> hosts = new TreeMap<>();
    for (int n = 1; n <= 7; n++) {
      HostName name = HostName.of("node-" + n);
      hosts.put(name, new HostView(name, true, NOW, "amd64", 0, List.of()));
    }
    return new ClusterView(
        NOW,
        Intents.declared("prod-token", "ada", NOW),
        List.of(),
        EtcdView.nothing(NOW),
        hosts,
        ClusterView.Catalogue.of(
            Stream.of("3.4.23", "3.5.16", "3.5.30", "3.6.11").map(Scenes::release).toList()),
        List.of());
  }

  public static Release release(String version) {
    return new Release(EtcdVersion.parse(version), "amd64", version.repeat(8), 1000);
  }

  /** As it is after everything went well. */
  public static ClusterView running(ClusterSpec spec) {
    ClusterView view = empty();
    for (Step step : Preview.of(spec, view).steps()) {
      view = Effects.apply(view, step);
    }
    return view;
  }

  /** The member's process was started from something else than its document. */
  static ClusterView drifted(ClusterView view, String member) {
    return new ClusterView(
        view.now(),
        view.intent(),
        view.placements().stream()
            .map(p -> p.member().value().equals(member) ? edited(p) : p)
            .toList(),
        view.etcd(),
        view.hosts(),
        view.catalogue(),
        view.operations());
  }

  private static ClusterView.Placement edited(ClusterView.Placement placement) {
    HostReport.Member was = placement.report().orElseThrow();
    HostReport.Running runs = was.unit().running();
    HostReport.Running other =
        new HostReport.Running(
            runs.pid(),
            runs.started(),
            runs.executableSha256(),
            runs.executableVersion(),
            "edited");
    HostReport.Member now =
        new HostReport.Member(
            was.id(),
            was.converged(),
            was.data(),
            new HostReport.Unit(
                was.unit().state(),
                was.unit().enabled(),
                was.unit().restarts(),
                other,
                was.unit().failure()),
            was.ready(),
            was.problems(),
            was.certificates(),
            was.drifts(),
            was.activity());
    return new ClusterView.Placement(
        placement.member(),
        placement.host(),
        placement.issued(),
        placement.seenGeneration(),
        Optional.of(now));
  }

  public static ClusterView walked(ClusterView view, List<Step> steps) {
    ClusterView now = view;
    for (Step step : steps) {
      now = Effects.apply(now, step);
    }
    return now;
  }

  /** Its etcd has not answered for an hour. */
  public static ClusterView silent(ClusterView view, int n) {
    MemberName name = MemberName.of("etcd-" + n);
    EtcdView was = view.etcd();
    List<EtcdView.Endpoint> endpoints =
        was.endpoints().stream()
            .map(
                e ->
                    e.member().equals(name)
                        ? new EtcdView.Endpoint(
                            name, Optional.empty(), false, view.now().minusSeconds(3600))
                        : e)
            .toList();
    return new ClusterView(
        view.now(),
        view.intent(),
        view.placements(),
        new EtcdView(was.asked(), was.members(), endpoints, was.alarms(), was.downgrade()),
        view.hosts(),
        view.catalogue(),
        view.operations());
  }

  public static List<String> words(Preview preview) {
    return preview.steps().stream().map(Step::describe).toList();
  }
}
