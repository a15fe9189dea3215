package io.quorate.coordinator.plan.safety;

import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberConfig.Run;
import io.quorate.common.model.Seed;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.ClusterView.Placement;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What must be true of every step, worked out from the view alone and by other means than the
 * planner's gates. Empty when the step is safe.
 *
 * <ol>
 *   <li>At most one running voter is stopped or removed, and those that stay are a quorum of well
 *       ones; unless the owner accepted downtime, restores, recovers or deletes.
 *   <li>No voter is stopped while another has a document outstanding that stops it too.
 *   <li>A leader is not stopped while another voter could lead.
 *   <li>Membership changes by one, from a list in which everybody votes and is well; nobody is
 *       promoted who is behind.
 *   <li>Data that the cluster still counts on is never set aside, and one member never runs on two
 *       hosts.
 *   <li>A cluster that begins anew from data is started when all of its founders have done what
 *       comes before, and when of the old one nobody runs who can be reached, and nobody is told to
 *       run who cannot. A new cluster is forced out of one member.
 * </ol>
 */
final class SafetyOracle {
  private final ClusterSpec wanted;
  private final ClusterView view;
  private final Step step;

  private SafetyOracle(ClusterSpec wanted, ClusterView view, Step step) {
    this.wanted = wanted;
    this.view = view;
    this.step = step;
  }

  static Optional<String> objection(ClusterSpec wanted, ClusterView view, Step step) {
    return new SafetyOracle(wanted, view, step).objection();
  }

  private Optional<String> objection() {
    Optional<String> any = stops();
    return any.or(this::membership).or(this::leadership).or(this::data).or(this::anew);
  }

  static boolean running(Placement placement) {
    return placement.report().filter(r -> r.unit().running().pid() != 0).isPresent();
  }

  // ---- whom it stops ----

  private List<EtcdView.Member> voters() {
    return view.etcd().members().stream()
        .flatMap(l -> l.members().stream())
        .filter(m -> !m.learner())
        .toList();
  }

  private Optional<EtcdView.Member> entry(String name) {
    return view.etcd().members().stream()
        .flatMap(l -> l.members().stream())
        .filter(m -> m.name().equals(name))
        .findFirst();
  }

  private boolean well(EtcdView.Member member) {
    return view.etcd().endpoints().stream()
        .anyMatch(
            e ->
                e.member().value().equals(member.name())
                    && e.status().isPresent()
                    && e.linearizable()
                    && e.status().get().errors().isEmpty());
  }

  private boolean answers(String name) {
    return view.etcd().endpoints().stream()
        .anyMatch(e -> e.member().value().equals(name) && e.status().isPresent());
  }

  /** Without a list everybody counts. */
  private boolean votes(String name) {
    return view.etcd().members().isEmpty() || entry(name).filter(m -> !m.learner()).isPresent();
  }

  private static boolean stops(Placement placement, MemberConfig document) {
    return running(placement)
        && (document.conduct().run() != Run.RUNNING
            || !placement
                .report()
                .orElseThrow()
                .unit()
                .running()
                .fingerprint()
                .equals(document.fingerprint()));
  }

  /** Voters whose process ends by this step. */
  private Set<String> hit() {
    Set<String> hit = new HashSet<>();
    if (step instanceof Step.Configure configure) {
      configure
          .documents()
          .forEach(
              (host, document) ->
                  view.placement(document.id().member(), host)
                      .filter(p -> stops(p, document) && votes(p.member().value()))
                      .ifPresent(p -> hit.add(p.member().value())));
    }
    if (step instanceof Step.RemoveMember remove) {
      voters().stream().filter(v -> v.id() == remove.id()).forEach(v -> hit.add(v.name()));
    }
    return hit;
  }

  private boolean accepted() {
    return !view.intent().foundation().formed()
        || view.intent().control().mode() == Intent.Mode.DELETING
        || (wanted.policies().allowDowntime() && voters().size() <= 2);
  }

  private Optional<String> stops() {
    Set<String> hit = hit();
    if (hit.isEmpty() || accepted()) {
      return Optional.empty();
    }
    if (hit.size() > 1) {
      return Optional.of("stops several voters: " + hit);
    }
    boolean removes = step instanceof Step.RemoveMember;
    int counted = voters().size() - (removes ? 1 : 0);
    long left = voters().stream().filter(v -> !hit.contains(v.name()) && well(v)).count();
    if (left < counted / 2 + 1) {
      return Optional.of("leaves %d well voters of %d".formatted(left, counted));
    }
    return view.placements().stream()
        .filter(p -> !hit.contains(p.member().value()) && votes(p.member().value()))
        .filter(p -> p.issued().filter(i -> stops(p, i.document())).isPresent())
        .filter(p -> !(step instanceof Step.Configure c) || !c.documents().containsKey(p.host()))
        .findFirst()
        .map(p -> "%s has a document outstanding that stops it too".formatted(p.member()))
        .or(() -> stopsALeader(hit));
  }

  private Optional<String> stopsALeader(Set<String> hit) {
    Set<Long> leaders = new HashSet<>();
    view.etcd().endpoints().stream()
        .flatMap(e -> e.status().stream())
        .forEach(s -> leaders.add(s.leaderId()));
    boolean leads =
        voters().stream()
            .anyMatch(v -> hit.contains(v.name()) && leaders.contains(v.id()) && answers(v.name()));
    boolean relief = voters().stream().anyMatch(v -> !hit.contains(v.name()) && well(v));
    return leads && relief
        ? Optional.of("stops the leader although another could lead")
        : Optional.empty();
  }

  // ---- the list and its leader ----

  private Optional<String> membership() {
    return switch (step) {
      case Step.AddLearner add -> {
        boolean pending =
            view.etcd().members().orElseThrow().members().stream()
                .anyMatch(m -> m.learner() || m.name().isEmpty());
        yield pending
            ? Optional.of("adds beside one that does not vote yet")
            : voters().stream().allMatch(this::well)
                ? Optional.empty()
                : Optional.of("adds while a voter is not well");
      }
      case Step.Promote promote -> {
        List<Long> behind =
            view.etcd().endpoints().stream()
                .flatMap(e -> e.status().stream())
                .filter(s -> s.memberId() == promote.id())
                .map(s -> s.raft().index() - s.raft().applied())
                .toList();
        yield behind.size() == 1 && behind.getFirst() <= 1000
            ? Optional.empty()
            : Optional.of("promotes one that is behind: " + behind);
      }
      case Step.RemoveMember remove ->
          voters().size() == 1 && voters().getFirst().id() == remove.id()
              ? Optional.of("removes the last voter")
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private Optional<String> leadership() {
    if (!(step instanceof Step.MoveLeader move)) {
      return Optional.empty();
    }
    return voters().stream().anyMatch(v -> v.id() == move.toId() && well(v))
        ? Optional.empty()
        : Optional.of("gives leadership to one that cannot lead");
  }

  // ---- a new beginning ----

  private Optional<String> anew() {
    Intent.Foundation foundation = view.intent().foundation();
    boolean fromData = !(foundation.seed() instanceof Seed.Empty);
    if (step instanceof Step.Note(Step.Decided.CalledOff calledOff)) {
      return foundation.formed() || !(foundation.seed() instanceof Seed.Forced) || begun(foundation)
          ? Optional.of("calls off what is no recovery, or has begun")
          : Optional.empty();
    }
    if (foundation.formed() || !fromData || !(step instanceof Step.Configure configure)) {
      return Optional.empty();
    }
    List<MemberConfig> started =
        configure.documents().values().stream()
            .filter(d -> d.conduct().run() == Run.RUNNING)
            .toList();
    if (started.isEmpty()) {
      return Optional.empty();
    }
    if (foundation.seed() instanceof Seed.Forced && started.size() > 1) {
      return Optional.of("forces more than one");
    }
    if (foundation.seed() instanceof Seed.Forced
        && view.etcd().members().isPresent()
        && !begun(foundation)) {
      return Optional.of("forces although there is a quorum");
    }
    return view.placements().stream()
        .flatMap(p -> beside(p, started, foundation).stream())
        .findFirst();
  }

  /** Some member was told to run on the new data. */
  private boolean begun(Intent.Foundation foundation) {
    return view.placements().stream()
        .flatMap(p -> p.issued().stream())
        .map(ClusterView.Issued::document)
        .anyMatch(
            d -> d.data().lineage().equals(foundation.token()) && d.conduct().run() == Run.RUNNING);
  }

  private Optional<String> beside(
      Placement placement, List<MemberConfig> started, Intent.Foundation foundation) {
    boolean begins = started.stream().anyMatch(d -> d.id().member().equals(placement.member()));
    Optional<MemberConfig> told = placement.issued().map(ClusterView.Issued::document);
    boolean ofTheNew = told.filter(d -> d.data().lineage().equals(foundation.token())).isPresent();
    boolean reached =
        view.host(placement.host()).filter(ClusterView.HostView::connected).isPresent();
    if (begins) {
      return ofTheNew && (placement.converged() || !reached)
          ? Optional.empty()
          : Optional.of("begins before %s is prepared".formatted(placement.member()));
    }
    if (!ofTheNew && told.filter(d -> d.conduct().run() == Run.RUNNING).isPresent()) {
      return Optional.of("begins while %s is told to run".formatted(placement.member()));
    }
    return reached && running(placement) && !lineage(placement).equals(foundation.token())
        ? Optional.of("begins while %s of the old one runs".formatted(placement.member()))
        : Optional.empty();
  }

  // ---- data ----

  private Optional<String> data() {
    return switch (step) {
      case Step.Configure configure ->
          configure.documents().entrySet().stream()
              .flatMap(e -> document(e.getKey(), e.getValue()).stream())
              .findFirst();
      case Step.ExportData export ->
          view.placement(export.member(), export.host())
                  .filter(p -> lineage(p).equals(export.lineage()) && !running(p))
                  .isPresent()
              ? Optional.empty()
              : Optional.of("packs data that is not there, or in use");
      case Step.Forget forget ->
          view.placement(forget.member().member(), forget.host())
                  .filter(p -> running(p))
                  .isPresent()
              ? Optional.of("forgets a member that runs")
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static String lineage(Placement placement) {
    return placement.report().map(r -> r.data().lineage()).orElse("");
  }

  private Optional<String> document(HostName host, MemberConfig document) {
    Optional<Placement> here = view.placement(document.id().member(), host);
    if (document.conduct().run() == Run.RUNNING
        && document.data().seed() instanceof Seed.Copy
        && here.filter(p -> !running(p) && lineage(p).equals(document.data().lineage())).isPresent()
        && here.flatMap(Placement::issued)
            .filter(i -> i.document().data().seed().equals(document.data().seed()))
            .isEmpty()) {
      return Optional.of("starts on older data than the copy that it is to have");
    }
    boolean renewing =
        !view.intent().foundation().formed()
            || view.intent().control().mode() == Intent.Mode.DELETING;
    List<Placement> others =
        view.placements(document.id().member()).stream()
            .filter(p -> !p.host().equals(host))
            .toList();
    if (document.conduct().run() == Run.RUNNING
        && others.stream()
            .anyMatch(
                p ->
                    running(p)
                        || p.issued()
                            .filter(i -> i.document().conduct().run() == Run.RUNNING)
                            .isPresent())) {
      return Optional.of("starts a member on a second host");
    }
    String there =
        view.placement(document.id().member(), host).map(SafetyOracle::lineage).orElse("");
    boolean elsewhere = others.stream().anyMatch(p -> lineage(p).equals(there));
    if (renewing || there.isEmpty() || elsewhere || !countedOn(document, there)) {
      return Optional.empty();
    }
    boolean retires = document.conduct().run() == Run.RETIRED;
    boolean replaces = document.data().supersedes().contains(there);
    boolean packed =
        document.data().seed() instanceof Seed.Copy && document.data().lineage().equals(there);
    return (retires || replaces) && !packed
        ? Optional.of("sets data aside that the cluster counts on: " + there)
        : Optional.empty();
  }

  /** The cluster lists the member that this data belongs to; without a list it may. */
  private boolean countedOn(MemberConfig document, String lineage) {
    Optional<EtcdView.Member> entry = entry(document.id().member().value());
    if (view.etcd().members().isEmpty()) {
      return true;
    }
    return entry.isPresent()
        && (lineage.equals("member-" + Long.toHexString(entry.get().id()))
            || (!lineage.startsWith("member-") && !entry.get().learner()));
  }
}
