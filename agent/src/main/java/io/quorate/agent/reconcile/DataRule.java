package io.quorate.agent.reconcile;

import io.quorate.agent.etcd.DataFound;
import io.quorate.agent.etcd.Stamp;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Seed;
import java.util.Optional;

/**
 * What may become of what lies where a member's data belongs.
 *
 * <ol>
 *   <li>Nothing there: it is made, unless this lineage has been seen to hold data before: then its
 *       disk is missing, or somebody took it away, and starting empty would make the member forget
 *       what it has promised its cluster. One whose member moved away and comes back is made from
 *       the copy that comes with it, and from nothing else.
 *   <li>Stamped with the wanted lineage: it is used. If it was seen to hold data, it must still be
 *       whole. If its making was interrupted, that goes on.
 *   <li>Stamped with the lineage that a new cluster is to be forced from: that is done, if its
 *       owner's acceptance is in the document.
 *   <li>Stamped with one that the document names as superseded: it is set aside.
 *   <li>Everything else, in particular data without a stamp, is in the way and is left alone.
 * </ol>
 *
 * Guarantees: data is never used under another lineage's name, never set aside unnamed, and a
 * lineage never begins twice from nothing.
 */
final class DataRule {
  private DataRule() {}

  sealed interface Verdict {
    record Use() implements Verdict {}

    record Make() implements Verdict {}

    record SetAside() implements Verdict {}

    /** {@code begun}: the mark is there, the one special start is due or under way. */
    record Force(boolean begun) implements Verdict {}

    record Blocked(Problem problem) implements Verdict {}
  }

  static Verdict decide(MemberConfig member, DataFound found, Memory memory) {
    String wanted = member.data().lineage();
    if (found.stamp().isEmpty()) {
      return unstamped(member, found, memory);
    }
    Stamp stamp = found.stamp().get();
    boolean ownStamp = stamp.cluster().equals(member.id().cluster().value());
    if (ownStamp && stamp.lineage().equals(wanted)) {
      return own(member, found, stamp, memory);
    }
    if (ownStamp
        && member.data().seed() instanceof Seed.Forced forced
        && stamp.lineage().equals(forced.fromLineage())) {
      return force(member, found, stamp);
    }
    if (ownStamp && member.data().supersedes().contains(stamp.lineage())) {
      return new Verdict.SetAside();
    }
    return blocked(
        Code.Q2012,
        "%s holds data of %s/%s, lineage %s; %s is to have lineage %s"
            .formatted(
                member.directories().data(),
                stamp.cluster(),
                stamp.member(),
                stamp.lineage(),
                member.id(),
                wanted),
        "move it out of the way by hand, or give the member another directory");
  }

  private static Verdict unstamped(MemberConfig member, DataFound found, Memory memory) {
    Optional<Problem> gone =
        found.content() == DataFound.Content.NOTHING ? gone(member, memory) : Optional.empty();
    if (gone.isPresent()) {
      return new Verdict.Blocked(gone.get());
    }
    if (found.absent()) {
      return new Verdict.Make();
    }
    return switch (found.content()) {
      case SOMETHING_ELSE ->
          blocked(
              Code.Q2011,
              "%s holds something, but no data of etcd".formatted(member.directories().data()),
              "empty it, or give the member another directory");
      case ETCD, NOTHING ->
          blocked(
              Code.Q2012,
              "there is data of etcd in %s or %s that Quorate has not made"
                  .formatted(member.directories().data(), member.directories().wal()),
              "move it out of the way by hand, or give the member other directories");
    };
  }

  private static Verdict own(MemberConfig member, DataFound found, Stamp stamp, Memory memory) {
    return switch (stamp.phase()) {
      case SEEDING -> new Verdict.Make();
      case READY, FORCING -> {
        boolean missing = memory.started().contains(stamp.lineage()) && !found.whole();
        yield missing ? new Verdict.Blocked(notAllThere(member)) : new Verdict.Use();
      }
    };
  }

  private static Verdict force(MemberConfig member, DataFound found, Stamp stamp) {
    if (member.conduct().acceptedQuorumLoss().isEmpty()) {
      return blocked(
          Code.Q2019,
          "forcing a new cluster out of " + member.id() + " needs its owner's acceptance",
          "quorate recover " + member.id().cluster());
    }
    if (!found.whole()) {
      return blocked(
          Code.Q2013,
          "the data that %s is to be recovered from is not whole".formatted(member.id()),
          "choose another survivor");
    }
    return new Verdict.Force(stamp.phase() == Stamp.Phase.FORCING);
  }

  private static Optional<Problem> gone(MemberConfig member, Memory memory) {
    String lineage = member.data().lineage();
    boolean comesBack =
        memory.left().contains(lineage) && member.data().seed() instanceof Seed.Copy;
    return memory.started().contains(lineage) && !comesBack
        ? Optional.of(notAllThere(member))
        : Optional.empty();
  }

  private static Problem notAllThere(MemberConfig member) {
    return Problem.of(
            Code.Q2013,
            "%s had data of lineage %s in %s and %s, and it is not all there any more"
                .formatted(
                    member.id(),
                    member.data().lineage(),
                    member.directories().data(),
                    member.directories().wal()))
        .withRemedy("mount the disk it was on")
        .withRemedy(
            "or give the member a new identity: quorate member replace %s %s --with HOST"
                .formatted(member.id().cluster(), member.id().member()));
  }

  private static Verdict blocked(Code code, String sentence, String remedy) {
    return new Verdict.Blocked(Problem.of(code, sentence).withRemedy(remedy));
  }
}
