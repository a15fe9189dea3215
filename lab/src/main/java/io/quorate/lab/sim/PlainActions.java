package io.quorate.lab.sim;

import io.quorate.common.error.Code;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Seed;
import io.quorate.coordinator.etcd.model.ModelProcess;
import io.quorate.coordinator.etcd.model.StartConfig.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The next thing that a plain agent does about a member, in the fewest words about what the real
 * one promises.
 *
 * <ol>
 *   <li>Ground first: release and certificates, and what data is to be made from, before anything
 *       is stopped for it.
 *   <li>Data of a lineage that the document supersedes is set aside, any other is in the way. Data
 *       that a new cluster is to be forced from is copied first, then marked, then started once.
 *   <li>A lineage that had data never begins from nothing again.
 *   <li>A voter is not stopped when the rest would not hold quorum, unless its owner said so; and
 *       after a boot nothing is started before the coordinator, or all of its cluster, was heard.
 * </ol>
 */
final class PlainActions {
  private final World world;
  private final SimHost host;
  private final SimBoot boot;

  /** Takes some time, in which the agent may die. */
  record Action(int fastest, int slowest, Runnable effect) {
    static Action waiting() {
      return new Action(50, 200, () -> {});
    }
  }

  PlainActions(World world, SimHost host, SimBoot boot) {
    this.world = world;
    this.host = host;
    this.boot = boot;
  }

  Optional<Action> next(MemberConfig wanted, PlainMember member) {
    member.trouble = Optional.empty();
    if (wanted.conduct().mindsRecovery()
        && world.plant() != Plant.RECOVERS_REGARDLESS
        && !member.stamp.isEmpty()
        && member.stamp.equals(member.alone)) {
      return member.troubled(Code.Q2026, "it was started without the coordinator");
    }
    return switch (wanted.conduct().run()) {
      case PREPARED -> prepare(wanted, member);
      case RUNNING -> run(wanted, member);
      case STOPPED -> stop(wanted, member);
      case RETIRED -> retire(wanted, member);
    };
  }

  /** What blocks is in the member's trouble, and nothing after it is done. */
  private static Optional<Action> unlessBlocked(
      PlainMember member, java.util.function.Supplier<Optional<Action>> more) {
    return member.trouble.isPresent() ? Optional.empty() : more.get();
  }

  private Optional<Action> prepare(MemberConfig wanted, PlainMember member) {
    return ground(wanted, member)
        .or(() -> unlessBlocked(member, () -> stop(wanted, member)))
        .or(() -> unlessBlocked(member, () -> clear(wanted, member)))
        .or(() -> unlessBlocked(member, () -> lay(wanted, member)));
  }

  private Optional<Action> run(MemberConfig wanted, PlainMember member) {
    return ground(wanted, member)
        .or(() -> unlessBlocked(member, () -> clear(wanted, member)))
        .or(() -> unlessBlocked(member, () -> keepRunning(wanted, member)));
  }

  // ---- ground ----

  private Optional<Action> ground(MemberConfig wanted, PlainMember member) {
    List<String> missing = new ArrayList<>();
    wanted.releases().staged().forEach(r -> missing.add(r.sha256()));
    missing.add(wanted.releases().running().sha256());
    missing.removeAll(member.releases);
    if (!missing.isEmpty()) {
      return reachesCoordinator()
          ? Optional.of(new Action(100, 1500, () -> member.releases.add(missing.getFirst())))
          : member.troubled(Code.Q2015, "the release cannot be fetched");
    }
    if (!member.certificates) {
      return reachesCoordinator()
          ? Optional.of(new Action(50, 300, () -> member.certificates = true))
          : member.troubled(Code.Q2017, "certificates cannot be had");
    }
    boolean due = !member.stamp.equals(wanted.data().lineage());
    return due && wanted.data().seed() instanceof Seed.Snapshot snapshot
        ? fetch(member, snapshot.sha256())
        : Optional.empty();
  }

  private Optional<Action> fetch(PlainMember member, String sha256) {
    if (member.copies.contains(sha256)) {
      return Optional.empty();
    }
    return reachesCoordinator() && world.blobs().containsKey(sha256)
        ? Optional.of(new Action(50, 1000, () -> member.copies.add(sha256)))
        : member.troubled(Code.Q2015, "the snapshot cannot be fetched");
  }

  private boolean reachesCoordinator() {
    return world.coordinator().isPresent()
        && world.etcd().network().connects(host.address(), World.COORDINATOR);
  }

  // ---- data ----

  private static boolean toBeForced(MemberConfig wanted, PlainMember member) {
    return wanted.data().seed() instanceof Seed.Forced(String from) && member.stamp.equals(from);
  }

  /** Makes way for the data that is wanted, or makes sure of what it is to come from. */
  private Optional<Action> clear(MemberConfig wanted, PlainMember member) {
    if (member.stamp.isEmpty() || member.stamp.equals(wanted.data().lineage())) {
      return Optional.empty();
    }
    if (toBeForced(wanted, member)) {
      if (wanted.conduct().acceptedQuorumLoss().isEmpty()) {
        return member.troubled(Code.Q2019, "to be forced needs its owner's acceptance");
      }
      return member.copiedBefore(wanted)
          ? Optional.empty()
          : stop(wanted, member)
              .or(() -> Optional.of(new Action(50, 2000, () -> member.copyBefore(wanted))));
    }
    if (!wanted.data().supersedes().contains(member.stamp)) {
      return member.troubled(Code.Q2012, "data of another lineage: " + member.stamp);
    }
    return stop(wanted, member)
        .or(
            () ->
                unlessBlocked(
                    member, () -> Optional.of(new Action(5, 50, () -> member.setAside()))));
  }

  /** Data that etcd does not make itself is there before it is to run. */
  private Optional<Action> lay(MemberConfig wanted, PlainMember member) {
    boolean made =
        wanted.data().seed() instanceof Seed.Snapshot || wanted.data().seed() instanceof Seed.Copy;
    return made && member.stamp.isEmpty() ? make(wanted, member) : Optional.empty();
  }

  private Optional<Action> make(MemberConfig wanted, PlainMember member) {
    String lineage = wanted.data().lineage();
    boolean sent =
        wanted.data().seed() instanceof Seed.Copy copy && !member.copies.contains(copy.sha256());
    if (member.remembered.equals(lineage) && !sent) {
      return member.troubled(Code.Q2013, "the data of this member is gone");
    }
    return switch (wanted.data().seed()) {
      case Seed.Empty empty -> Optional.of(laid(wanted, member, ""));
      case Seed.Copy copy ->
          world.blobs().containsKey(copy.sha256())
              ? Optional.of(laid(wanted, member, world.blobs().getOrDefault(copy.sha256(), "")))
              : member.troubled(Code.Q2015, "the copy cannot be had");
      case Seed.Snapshot snapshot -> Optional.of(restored(wanted, member, snapshot));
      case Seed.Forced forced ->
          member.troubled(Code.Q2013, "there is no data to force a new cluster from");
    };
  }

  private static Action laid(MemberConfig wanted, PlainMember member, String content) {
    return new Action(
        20,
        500,
        () -> {
          member.data = content;
          member.stamp = wanted.data().lineage();
          member.remembered = member.stamp;
          if (wanted.data().seed() instanceof Seed.Copy copy) {
            member.copies.add(copy.sha256());
          }
        });
  }

  private Action restored(MemberConfig wanted, PlainMember member, Seed.Snapshot snapshot) {
    return new Action(
        100,
        2000,
        () -> {
          String content = world.blobs().getOrDefault(snapshot.sha256(), "");
          member.data = world.etcd().restore(content, member.startConfig(wanted, Way.FOUND));
          member.stamp = wanted.data().lineage();
          member.remembered = member.stamp;
        });
  }

  // ---- running ----

  private Optional<Action> keepRunning(MemberConfig wanted, PlainMember member) {
    if (toBeForced(wanted, member)) {
      return force(wanted, member);
    }
    if (member.stamp.isEmpty()) {
      return make(wanted, member);
    }
    if (member.runsAs(wanted)) {
      return Optional.empty();
    }
    return member.runs() ? stop(wanted, member) : start(wanted, member);
  }

  /** The data that is there becomes a cluster of one: one special start, then an ordinary one. */
  private Optional<Action> force(MemberConfig wanted, PlainMember member) {
    if (!member.runs()) {
      return member.forcing
          ? start(wanted, member)
          : Optional.of(new Action(5, 50, () -> member.forcing = true));
    }
    if (!member.forcing || !member.runsForced(wanted)) {
      return stop(wanted, member);
    }
    return Optional.of(
        alone(wanted) ? new Action(5, 100, () -> forced(wanted, member)) : Action.waiting());
  }

  private boolean alone(MemberConfig wanted) {
    return world
        .etcd()
        .told(wanted.endpoints().peerUrl(), host.address())
        .filter(told -> told.serving() && told.members().size() == 1)
        .isPresent();
  }

  private static void forced(MemberConfig wanted, PlainMember member) {
    member.stamp = wanted.data().lineage();
    member.remembered = member.stamp;
    member.forcing = false;
  }

  private Optional<Action> start(MemberConfig wanted, PlainMember member) {
    if (!boot.mayStart(wanted.id().cluster())) {
      return Optional.of(Action.waiting());
    }
    if (member.failed && wanted.equals(member.configured)) {
      return member.troubled(Code.Q2018, "etcd fails: " + member.lastWords);
    }
    if (member.restarting && wanted.equals(member.configured)) {
      return Optional.of(Action.waiting());
    }
    return Optional.of(new Action(20, 100, () -> member.start(wanted)));
  }

  private Optional<Action> stop(MemberConfig wanted, PlainMember member) {
    member.restarting = false;
    if (!member.runs()) {
      // What is stopped must not start with its host.
      return member.enabled
          ? Optional.of(new Action(5, 20, () -> member.enabled = false))
          : Optional.empty();
    }
    if (member.stopping) {
      return Optional.of(Action.waiting());
    }
    ModelProcess process = member.process().orElseThrow();
    if (!mayStop(wanted.conduct(), process)) {
      return member.troubled(Code.Q2019, "stopping it would cost the cluster its quorum");
    }
    return Optional.of(
        new Action(
            1,
            20,
            () -> {
              // Asked again at the last moment, as close to the deed as it gets.
              if (mayStop(wanted.conduct(), process)) {
                world.checks().beforeStop(host, wanted, process);
                member.stopping = true;
                world.etcd().stop(process);
              }
            }));
  }

  /** As the agent asks its etcd. */
  private boolean mayStop(MemberConfig.Conduct conduct, ModelProcess process) {
    boolean minds = conduct.mindsRecovery() && world.plant() != Plant.RECOVERS_REGARDLESS;
    boolean accepted = conduct.acceptedQuorumLoss().isPresent() && !minds;
    boolean lost = minds && !process.commits();
    return accepted
        || lost
        || !world.floor()
        || !process.serving()
        || world.etcd().restHoldsQuorum(process);
  }

  private Optional<Action> retire(MemberConfig wanted, PlainMember member) {
    return stop(wanted, member)
        .or(
            () ->
                member.stamp.isEmpty()
                    ? Optional.empty()
                    : unlessBlocked(
                        member, () -> Optional.of(new Action(5, 50, () -> member.setAside()))));
  }
}
