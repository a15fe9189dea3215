package io.quorate.coordinator.plan;

import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** One thing to do about a cluster, as data: it can be printed, stored, compared and replayed. */
public sealed interface Step {
  /** What it does, for people. */
  String describe();

  /**
   * Gives hosts new documents for their members. Stops or starts etcd only where a document says
   * so.
   */
  record Configure(Purpose purpose, SortedMap<HostName, MemberConfig> documents) implements Step {
    public Configure {
      documents = Collections.unmodifiableSortedMap(new TreeMap<>(documents));
    }

    @Override
    public String describe() {
      return purpose.words().formatted(String.join(", ", members()));
    }

    /** What must be done. Others than the one that is forced are only told that it is. */
    public SortedMap<HostName, MemberConfig> due() {
      SortedMap<HostName, MemberConfig> due = new TreeMap<>(documents);
      if (purpose == Purpose.FORCE) {
        due.values().removeIf(d -> d.conduct().run() != MemberConfig.Run.RUNNING);
      }
      return due;
    }

    public List<String> members() {
      return due().values().stream().map(d -> d.id().member().value()).toList();
    }
  }

  /** Why documents are sent; a document does not need it, people and gates do. */
  enum Purpose {
    PREPARE("prepare %s: release, certificates, configuration; nothing is started"),
    FORM("start %s together as a new cluster"),
    STAGE("fetch, verify and unpack the release for %s"),
    ADJUST("change %s without a restart"),
    RESTART("restart %s with the change"),
    START("start %s"),
    JOIN("start %s as a learner"),
    STOP("stop %s"),
    RETIRE("stop %s for good and set its data aside"),
    RESTORE("lay the snapshot down for %s"),
    SALVAGE("stop %s, copy its data aside and try the copy"),
    FORCE("force a new cluster of one from the data of %s");

    private final String words;

    Purpose(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /** Drops a retired member's document from its host; the data that was set aside stays. */
  record Forget(HostName host, MemberConfig.Id member) implements Step {
    @Override
    public String describe() {
      return "forget %s on %s".formatted(member.member(), host);
    }
  }

  record AddLearner(MemberName member, String peerUrl) implements Step {
    @Override
    public String describe() {
      return "add %s as a learner".formatted(member);
    }
  }

  record Promote(MemberName member, long id) implements Step {
    @Override
    public String describe() {
      return "promote %s to a voter".formatted(member);
    }
  }

  record RemoveMember(MemberName member, long id) implements Step {
    @Override
    public String describe() {
      return "remove %s from the cluster".formatted(member);
    }
  }

  record UpdatePeerUrl(MemberName member, long id, String peerUrl) implements Step {
    @Override
    public String describe() {
      return "tell the cluster that %s is at %s".formatted(member, peerUrl);
    }
  }

  record MoveLeader(MemberName from, MemberName to, long toId) implements Step {
    @Override
    public String describe() {
      return "move leadership from %s to %s".formatted(from, to);
    }
  }

  record SaveSnapshot(MemberName from, HostName host) implements Step {
    @Override
    public String describe() {
      return "save a snapshot from %s".formatted(from);
    }
  }

  enum DowngradeAction {
    ENABLE,
    CANCEL
  }

  record Downgrade(DowngradeAction action, String minor) implements Step {
    @Override
    public String describe() {
      return action == DowngradeAction.ENABLE
          ? "enable the downgrade to %s".formatted(minor)
          : "cancel the downgrade to %s".formatted(minor);
    }
  }

  /** Asks a host to pack the stopped member's data for a move. */
  record ExportData(MemberName member, HostName host, String lineage) implements Step {
    @Override
    public String describe() {
      return "copy the data of %s off %s".formatted(member, host);
    }
  }

  /** Writes a decision into the cluster's durable intent. */
  record Note(Decided decided) implements Step {
    @Override
    public String describe() {
      return decided.describe();
    }
  }

  /**
   * Decisions that must survive a restart of the coordinator because no observation could bring
   * them back.
   */
  sealed interface Decided {
    String describe();

    /**
     * The founding members are all there and one leader is agreed: from now on the cluster is never
     * founded again.
     */
    record Formed(long clusterId, List<MemberName> members) implements Decided {
      public Formed {
        members = List.copyOf(members);
      }

      @Override
      public String describe() {
        return "the cluster has formed";
      }
    }

    /** The rollout failed and its owner asked for the way back. */
    record TurnedBack(String reason) implements Decided {
      @Override
      public String describe() {
        return "go back to the previous revision: " + reason;
      }
    }

    /** It runs something that nobody declared; a restart through the gates puts that right. */
    record Repair(MemberName member) implements Decided {
      @Override
      public String describe() {
        return "%s runs something else than it was told: restart it".formatted(member);
      }
    }

    /** A recovery that has not forced anything yet is given up, and the cluster is what it was. */
    record CalledOff(long clusterId, String why) implements Decided {
      @Override
      public String describe() {
        return "the recovery is called off: " + why;
      }
    }

    /** A forced or restored cluster is up: back to ordinary rules. */
    record Recovered(long clusterId) implements Decided {
      @Override
      public String describe() {
        return "the cluster is back";
      }
    }
  }
}
