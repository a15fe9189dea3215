package io.quorate.coordinator.plan;

import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.MemberName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a cluster says of itself. Asked at {@code asked}; every endpoint gave its own answer or
 * none. {@code members} is the list that a linearizable question returned, empty when there was no
 * quorum to ask.
 */
public record EtcdView(
    Instant asked,
    Optional<MemberList> members,
    List<Endpoint> endpoints,
    List<Alarm> alarms,
    Optional<Downgrade> downgrade,
    Login login) {
  public EtcdView {
    endpoints = List.copyOf(endpoints);
    alarms = List.copyOf(alarms);
  }

  /** Of a cluster without authentication. */
  public EtcdView(
      Instant asked,
      Optional<MemberList> members,
      List<Endpoint> endpoints,
      List<Alarm> alarms,
      Optional<Downgrade> downgrade) {
    this(asked, members, endpoints, alarms, downgrade, Login.NONE);
  }

  public boolean authEnabled() {
    return login != Login.NONE;
  }

  /** Etcd's own authentication, and what it makes of the coordinator. */
  public enum Login {
    /** It is not enabled. */
    NONE,
    /** The coordinator is a user with the role root. */
    ADMITTED,
    /** It is a stranger: etcd does nothing for it, and some versions say nothing either. */
    REFUSED
  }

  public static EtcdView nothing(Instant now) {
    return new EtcdView(now, Optional.empty(), List.of(), List.of(), Optional.empty());
  }

  public Optional<Endpoint> endpoint(MemberName member) {
    return endpoints.stream().filter(e -> e.member().equals(member)).findFirst();
  }

  public record MemberList(long clusterId, List<Member> members) {
    public MemberList {
      members = List.copyOf(members);
    }

    public Optional<Member> byId(long id) {
      return members.stream().filter(m -> m.id() == id).findFirst();
    }

    public Optional<Member> byName(MemberName name) {
      return members.stream().filter(m -> m.name().equals(name.value())).findFirst();
    }

    /** An added member has no name until it has started; its peer URL tells who it is. */
    public Optional<Member> byPeerUrl(String url) {
      return members.stream().filter(m -> m.peerUrls().contains(url)).findFirst();
    }

    public long voters() {
      return members.stream().filter(m -> !m.learner()).count();
    }
  }

  /** The name is empty until the member has started once. */
  public record Member(
      long id, String name, List<String> peerUrls, List<String> clientUrls, boolean learner) {
    public Member {
      peerUrls = List.copyOf(peerUrls);
      clientUrls = List.copyOf(clientUrls);
    }
  }

  /**
   * One member's own answer. Present only when it answered a status question within its deadline;
   * {@code linearizable} says whether a linearizable read through it succeeded, which a learner
   * never serves. Well and unwell since, and when it was last seen to have applied more than
   * before: as long as the observer has been watching.
   */
  public record Endpoint(
      MemberName member,
      Optional<Status> status,
      boolean linearizable,
      Instant since,
      Instant progressed) {
    public Endpoint(
        MemberName member, Optional<Status> status, boolean linearizable, Instant since) {
      this(member, status, linearizable, since, since);
    }

    public boolean well() {
      return status.isPresent()
          && (linearizable || status.get().learner())
          && status.get().errors().isEmpty();
    }
  }

  /**
   * {@code memberListDigest} is of this member's own list: all must see the same. Empty when it did
   * not tell, as learners never do.
   */
  public record Status(
      long memberId,
      Versions versions,
      long leaderId,
      boolean learner,
      Raft raft,
      Database database,
      List<String> errors,
      String memberListDigest) {
    public Status {
      errors = List.copyOf(errors);
    }
  }

  /**
   * The version that the process runs; the cluster version as it sees it (patch 0), absent when it
   * did not say; the storage version, which only 3.6 and later tell.
   */
  public record Versions(
      EtcdVersion server, Optional<EtcdVersion> cluster, Optional<EtcdVersion> storage) {}

  public record Raft(long term, long index, long applied) {}

  public record Database(long bytes, long inUseBytes, long quotaBytes) {}

  public record Alarm(long memberId, String kind) {}

  public record Downgrade(boolean enabled, String targetVersion) {}
}
