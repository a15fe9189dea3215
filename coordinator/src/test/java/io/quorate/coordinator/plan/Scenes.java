package io.quorate.coordinator.plan;

import io.quorate.common.error.Code;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.HostName;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Release;
import io.quorate.coordinator.plan.ClusterView.HostView;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.spec.SpecFile;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
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

  /** Members where they are told to be: etcd-1@4 is etcd-1 on node-4. */
  public static ClusterSpec placed(String version, String... members) {
    return spec(
        version,
        "",
        Stream.of(members)
            .map(m -> m.split("@", 2))
            .map(m -> member(m[0], Integer.parseInt(m[1])))
            .toList());
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

  public static MemberName name(String member) {
    return MemberName.of(member);
  }

  public static Situation situation(ClusterSpec wanted, ClusterView view) {
    return new Situation(wanted, view);
  }

  /** Restarts a member where it is. */
  public static Step.Configure restart(ClusterView view, String member) {
    return configure(
        view, member, Step.Purpose.RESTART, d -> conduct(d, MemberConfig.Run.RUNNING, 1));
  }

  public static Step.Configure stop(ClusterView view, String member) {
    return configure(view, member, Step.Purpose.STOP, d -> conduct(d, MemberConfig.Run.STOPPED, 0));
  }

  public static Step.Configure configure(
      ClusterView view, String member, Step.Purpose purpose, UnaryOperator<MemberConfig> change) {
    ClusterView.Placement home = view.placements(name(member)).getFirst();
    return new Step.Configure(
        purpose, new TreeMap<>(Map.of(home.host(), change.apply(Situation.document(home)))));
  }

  private static MemberConfig conduct(MemberConfig d, MemberConfig.Run run, long restarts) {
    MemberConfig.Conduct was = d.conduct();
    return d.withConduct(
        new MemberConfig.Conduct(
            run,
            was.restartSerial() + restarts,
            was.drift(),
            was.unit(),
            was.acceptedQuorumLoss()));
  }

  public static Step.RemoveMember remove(ClusterView view, String member) {
    return new Step.RemoveMember(name(member), id(view, member));
  }

  public static Step.Promote promote(ClusterView view, String member) {
    return new Step.Promote(name(member), id(view, member));
  }

  public static Step.AddLearner add(int node) {
    return new Step.AddLearner(
        name("etcd-" + node), "https://10.77.0.%d:2380".formatted(10 + node));
  }

  public static long id(ClusterView view, String member) {
    return view.etcd().members().orElseThrow().byName(name(member)).orElseThrow().id();
  }

  /** The codes of what holds or refuses, in their order; empty for anything else. */
  public static List<Code> codes(Decision decision) {
    return switch (decision) {
      case Decision.Wait wait -> wait.holds().stream().map(Hold::code).toList();
      case Decision.Refuse refuse -> refuse.reasons().stream().map(Hold::code).toList();
      case Decision.Act act -> List.of();
      case Decision.Done done -> List.of();
    };
  }

  /** The step that is due, in words; of anything else, that it is not one. */
  public static String word(Decision decision) {
    return decision instanceof Decision.Act(Step step) ? step.describe() : "no step: " + decision;
  }

  /** After so many steps of an undisturbed way. */
  public static ClusterView after(int steps, ClusterSpec wanted, ClusterView from) {
    return walked(from, Preview.of(wanted, from).steps().subList(0, steps));
  }

  public static ClusterView with(ClusterView v, Intent intent) {
    return new ClusterView(
        v.now(), intent, v.placements(), v.etcd(), v.hosts(), v.catalogue(), v.operations());
  }

  /** The owner wants something else, as of now. */
  public static ClusterView revised(ClusterView v, ClusterSpec previous) {
    return with(v, Intents.revised(v.intent(), Optional.of(previous), List.of(), "ada", v.now()));
  }

  /** Nobody has said anything for so long. */
  public static ClusterView leftAlone(ClusterView v, Duration since) {
    Intent.Control was = v.intent().control();
    return with(
        v,
        Intents.withControl(
            v.intent(),
            new Intent.Control(
                was.mode(),
                was.by(),
                was.reason(),
                was.limit(),
                was.turningBack(),
                v.now().minus(since))));
  }

  /** With the snapshot that comes before whatever cannot be taken back. */
  public static ClusterView saved(ClusterSpec wanted, ClusterView view) {
    return Planner.next(wanted, view) instanceof Decision.Act(Step.SaveSnapshot step)
        ? Effects.apply(view, step)
        : view;
  }

  public static ClusterView etcd(ClusterView v, EtcdView etcd) {
    return new ClusterView(
        v.now(), v.intent(), v.placements(), etcd, v.hosts(), v.catalogue(), v.operations());
  }
}
