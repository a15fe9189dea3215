package io.quorate.coordinator.desk;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.api.control.Caller;
import io.quorate.coordinator.api.v1.Changed;
import io.quorate.coordinator.catalogue.SnapshotShelf;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Intents;
import io.quorate.coordinator.rollout.EndedRollout;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.spec.SpecFile;
import io.quorate.coordinator.store.Clusters.Cluster;
import io.quorate.coordinator.store.Journal.Rollout;
import io.quorate.coordinator.store.Journal.RolloutState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Turns a wish into a new revision, or refuses with nothing changed.
 *
 * <ol>
 *   <li>The same wish again changes nothing; on a rollout that was stopped it means go on, and on
 *       one that was limited to some members it sets the limit anew.
 *   <li>A rollout that is under way is finished, paused or aborted before another wish is taken.
 *   <li>Of two wishes based on one revision the first wins; the second is told.
 *   <li>The revision, with its intent, is durable before anything acts on it.
 * </ol>
 */
public final class Applying {
  private final Office office;
  private final Preflight preflight;
  private final SnapshotShelf shelf;

  /** A file, and on what terms. */
  public record Wish(
      String text,
      String fileName,
      Optional<Long> basedOn,
      List<String> ignore,
      List<String> limit,
      Optional<String> seed) {
    public Wish {
      ignore = List.copyOf(ignore);
      limit = List.copyOf(limit);
    }
  }

  public Applying(Office office, Preflight preflight, SnapshotShelf shelf) {
    this.shelf = shelf;
    this.office = office;
    this.preflight = preflight;
  }

  Changed apply(Wish wish, Caller by) {
    ClusterSpec wanted = SpecFile.require(wish.text(), wish.fileName());
    List<MemberName> limit = wish.limit().stream().map(MemberName::of).toList();
    for (MemberName member : limit) {
      if (wanted.member(member).isEmpty()) {
        throw Problem.of(Code.Q1314, "%s has no member %s".formatted(wanted.cluster(), member))
            .withState("nothing was changed")
            .asException();
      }
    }
    return office
        .store()
        .clusters()
        .find(wanted.cluster())
        .map(existing -> revise(existing, wanted, wish, limit, by))
        .orElseGet(() -> create(wanted, wish, by));
  }

  private Changed create(ClusterSpec wanted, Wish wish, Caller by) {
    if (wish.basedOn().filter(r -> r != 0).isPresent()) {
      throw Problem.of(Code.Q1304, "%s does not exist any more".formatted(wanted.cluster()))
          .withState("nothing was changed")
          .asException();
    }
    preflight.require(wanted, "deploy", wish.ignore());
    Instant now = office.now();
    Intent declared = Intents.declared(wanted.cluster() + "-" + Office.fresh(8), by.name(), now);
    String deploy = "Deploy %s %s".formatted(wanted.cluster(), wanted.version());
    if (wish.seed().isEmpty()) {
      lay(wish, wanted, declared, by, now);
      return begin(wanted, 0, 1, deploy, by, now);
    }
    String seed = wish.seed().get();
    // From here on until it is in the store no retention may take the snapshot away.
    shelf.undisturbed(() -> lay(wish, wanted, seeded(declared, wanted, seed), by, now));
    return begin(wanted, 0, 1, deploy + " from " + seed, by, now);
  }

  private void lay(Wish wish, ClusterSpec wanted, Intent intent, Caller by, Instant now) {
    office
        .store()
        .clusters()
        .create(
            new Cluster(wanted.cluster(), wish.text(), wanted, intent, 0, false, now, by.name()));
  }

  /**
   * A new cluster that begins with the data of a snapshot: its first member is made from it, and
   * the others join as learners.
   */
  private Intent seeded(Intent declared, ClusterSpec wanted, String snapshot) {
    Intent.Foundation foundation = declared.foundation();
    return Intents.withFoundation(
        declared,
        new Intent.Foundation(
            foundation.token(),
            SnapshotSeeds.of(office, shelf, wanted, snapshot),
            List.of(),
            false,
            0,
            List.of(wanted.members().getFirst().name())));
  }

  private Changed revise(
      Cluster existing, ClusterSpec wanted, Wish wish, List<MemberName> limit, Caller by) {
    long revision = existing.intent().revision();
    refuseIfDeleting(existing);
    if (wish.seed().isPresent()) {
      throw Problem.of(
              Code.Q1304, "%s exists; a seed is for a new cluster".formatted(existing.name()))
          .withState("nothing was changed")
          .withRemedy(
              "quorate snapshot restore %s %s".formatted(existing.name(), wish.seed().get()))
          .asException();
    }
    if (existing.spec().equals(wanted)) {
      return again(existing, limit, by);
    }
    if (wish.basedOn().filter(r -> r != revision).isPresent()) {
      throw conflict(existing, wish.basedOn().get());
    }
    refuseIfUnderWay(existing);
    preflight.require(wanted, "upgrade", wish.ignore());
    Instant now = office.now();
    update(
        existing,
        c ->
            new Cluster(
                c.name(),
                wish.text(),
                wanted,
                Intents.revised(c.intent(), previous(c), limit, by.name(), now),
                c.applied(),
                false,
                now,
                by.name()));
    return begin(wanted, existing.applied(), revision + 1, title(existing.spec(), wanted), by, now);
  }

  /** What going back would go back to: the last wish that was reached. */
  private static Optional<ClusterSpec> previous(Cluster cluster) {
    boolean reachedBefore =
        cluster.applied() == cluster.intent().revision()
            || cluster.intent().control().turningBack();
    return reachedBefore ? Optional.of(cluster.spec()) : cluster.intent().previous();
  }

  private Changed again(Cluster existing, List<MemberName> limit, Caller by) {
    long revision = existing.intent().revision();
    Optional<Rollout> open = office.store().journal().open(existing.name());
    if (existing.applied() != revision && !existing.intent().control().limit().equals(limit)) {
      update(existing, c -> c.withIntent(Intents.limited(c.intent(), limit)));
    }
    boolean stopped = stopped(existing, open);
    if (stopped && existing.applied() != revision) {
      resume(existing, by, "");
      return new Changed(existing.name().value(), true, revision, open.map(Rollout::id));
    }
    office.workers().wake(existing.name());
    return new Changed(existing.name().value(), false, revision, open.map(Rollout::id));
  }

  /** Changes the cluster outside of its file, as a rollout of its own: a restart, a restore. */
  Changed intervene(Cluster existing, String title, UnaryOperator<Cluster> change, Caller by) {
    refuseIfDeleting(existing);
    refuseIfUnderWay(existing);
    Instant now = office.now();
    update(existing, change);
    Cluster after = office.cluster(existing.name().value());
    return begin(after.spec(), existing.applied(), after.intent().revision(), title, by, now);
  }

  /**
   * A new foundation: what was under way, stopped or had failed is over with it. Its owner has
   * confirmed it by the cluster's name.
   */
  Changed refound(Cluster existing, String title, UnaryOperator<Cluster> change, Caller by) {
    refuseIfDeleting(existing);
    Instant now = office.now();
    Intent.Control control =
        new Intent.Control(Intent.Mode.RUNNING, by.name(), "", List.of(), false, now);
    update(
        existing,
        c -> {
          Cluster changed = change.apply(c);
          Intent intent = Intents.withControl(changed.intent(), control);
          return changed.withIntent(Intents.withFailure(intent, Optional.empty()));
        });
    return begin(existing.spec(), existing.applied(), existing.intent().revision(), title, by, now);
  }

  Changed delete(Cluster existing, Caller by) {
    Instant now = office.now();
    update(
        existing,
        c ->
            new Cluster(
                c.name(),
                c.text(),
                c.spec(),
                Intents.withFailure(
                    Intents.withControl(
                        c.intent(),
                        new Intent.Control(
                            Intent.Mode.DELETING, by.name(), "", List.of(), false, now)),
                    Optional.empty()),
                c.applied(),
                true,
                now,
                by.name()));
    return begin(
        existing.spec(),
        existing.applied(),
        existing.intent().revision(),
        "Delete " + existing.name(),
        by,
        now);
  }

  void pause(Cluster cluster, Caller by, String reason) {
    control(cluster, Intent.Mode.PAUSED, by, reason);
  }

  /**
   * After a failure, hosts that have not finished are told the same again: it begins their time
   * anew, and ends the pauses that they make between attempts. The worker issues nothing meanwhile.
   */
  void resume(Cluster cluster, Caller by, String reason) {
    if (cluster.intent().failure().isPresent()) {
      SortedMap<HostName, MemberConfig> unfinished = new TreeMap<>();
      office.latest(cluster).view().placements().stream()
          .filter(p -> p.issued().isPresent() && !p.converged())
          .forEach(p -> unfinished.put(p.host(), p.issued().orElseThrow().document()));
      office.store().documents().issue(unfinished, office.now());
      unfinished.keySet().forEach(office.agents()::push);
    }
    control(cluster, Intent.Mode.RUNNING, by, reason);
  }

  void abort(Cluster cluster, Caller by, String reason, boolean back) {
    if (back) {
      refuseIfDeleting(cluster);
      new GoingBack(office).ask(cluster, by);
    } else {
      control(cluster, Intent.Mode.ABORTED, by, reason);
    }
  }

  private void control(Cluster cluster, Intent.Mode mode, Caller by, String reason) {
    refuseIfDeleting(cluster);
    Instant now = office.now();
    office
        .store()
        .clusters()
        .update(
            cluster.name(),
            c -> {
              Intent.Control was = c.intent().control();
              Intent.Control control =
                  new Intent.Control(mode, by.name(), reason, was.limit(), was.turningBack(), now);
              return c.withIntent(
                  mode == Intent.Mode.RUNNING
                      ? Intents.resumed(c.intent(), control)
                      : Intents.withControl(c.intent(), control));
            });
    office.workers().wake(cluster.name());
  }

  Preflight preflight() {
    return preflight;
  }

  private void update(Cluster read, UnaryOperator<Cluster> change) {
    long revision = read.intent().revision();
    office
        .store()
        .clusters()
        .update(
            read.name(),
            c -> {
              if (c.intent().revision() != revision || c.deleting() != read.deleting()) {
                throw conflict(c, revision);
              }
              return change.apply(c);
            });
  }

  private Changed begin(
      ClusterSpec wanted, long from, long to, String title, Caller by, Instant now) {
    Optional<Rollout> open = office.store().journal().open(wanted.cluster());
    open.ifPresent(r -> EndedRollout.end(office.store(), r, RolloutState.ABORTED, now));
    long id =
        office
            .store()
            .journal()
            .begin(
                new Rollout(
                    0,
                    wanted.cluster(),
                    title,
                    from,
                    to,
                    RolloutState.RUNNING,
                    now,
                    Optional.empty(),
                    by.name(),
                    0));
    office.workers().wake(wanted.cluster());
    return new Changed(wanted.cluster().value(), true, to, Optional.of(id));
  }

  private static String title(ClusterSpec before, ClusterSpec now) {
    int versions = now.version().compareTo(before.version());
    if (versions != 0) {
      return "%s %s %s -> %s"
          .formatted(
              versions > 0 ? "Upgrade" : "Downgrade",
              now.cluster(),
              before.version(),
              now.version());
    }
    return before.members().equals(now.members())
        ? "Change " + now.cluster()
        : "Change the members of " + now.cluster();
  }

  private static void refuseIfDeleting(Cluster cluster) {
    if (cluster.deleting()) {
      throw Problem.of(Code.Q1307, "%s is being deleted".formatted(cluster.name()))
          .withState("nothing was changed")
          .asException();
    }
  }

  private void refuseIfUnderWay(Cluster cluster) {
    Optional<Rollout> open = office.store().journal().open(cluster.name());
    boolean underWay = cluster.applied() != cluster.intent().revision() || open.isPresent();
    if (underWay && !stopped(cluster, open)) {
      String name = cluster.name().value();
      throw Problem.of(
              Code.Q1307,
              "a rollout of %s to revision %d is under way"
                  .formatted(name, cluster.intent().revision()))
          .withState("nothing was changed")
          .withRemedy("quorate rollout status " + name + " --watch")
          .withRemedy("or stop it where it is: quorate rollout pause " + name)
          .asException();
    }
  }

  /** It will not go on by itself. */
  private static boolean stopped(Cluster cluster, Optional<Rollout> open) {
    return cluster.intent().failure().isPresent()
        || cluster.intent().control().mode() != Intent.Mode.RUNNING
        || open.filter(r -> r.state() == RolloutState.FAILED).isPresent();
  }

  private static io.quorate.common.error.QuorateException conflict(Cluster now, long basedOn) {
    return Problem.of(
            Code.Q1304,
            "%s is at revision %d, changed by %s at %s; this was based on revision %d"
                .formatted(now.name(), now.intent().revision(), now.by(), now.changed(), basedOn))
        .withState("nothing was changed")
        .withRemedy("quorate plan -f FILE")
        .asException();
  }
}
