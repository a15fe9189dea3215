package io.quorate.coordinator.plan;

import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.plan.EtcdView.Endpoint;
import io.quorate.coordinator.plan.EtcdView.Member;
import io.quorate.coordinator.plan.EtcdView.MemberList;
import io.quorate.coordinator.plan.EtcdView.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** What a well-behaved cluster would say after something was done to it. */
final class ModelledEtcd {
  private ModelledEtcd() {}

  static EtcdView added(EtcdView etcd, Step.AddLearner add) {
    return withMembers(
        etcd,
        members ->
            members.add(
                new Member(
                    Effects.predictedId(add.member()),
                    "",
                    List.of(add.peerUrl()),
                    List.of(),
                    true)));
  }

  static EtcdView promoted(EtcdView etcd, long id) {
    return withEndpoints(
        replaced(
            etcd,
            m -> m.id() == id,
            m -> new Member(m.id(), m.name(), m.peerUrls(), m.clientUrls(), false)),
        s -> s.memberId() == id ? with(s, s.versions(), s.leaderId(), false) : s);
  }

  static EtcdView removed(EtcdView etcd, MemberName name, long id) {
    EtcdView without = withMembers(etcd, members -> members.removeIf(m -> m.id() == id));
    return settled(
        new EtcdView(
            without.asked(),
            without.members(),
            without.endpoints().stream().filter(e -> !e.member().equals(name)).toList(),
            without.alarms(),
            without.downgrade(),
            without.login()));
  }

  static EtcdView moved(EtcdView etcd, long id, String url) {
    return replaced(
        etcd,
        m -> m.id() == id,
        m -> new Member(m.id(), m.name(), List.of(url), m.clientUrls(), m.learner()));
  }

  static EtcdView led(EtcdView etcd, long id) {
    return withEndpoints(etcd, s -> with(s, s.versions(), id, s.learner()));
  }

  static EtcdView downgraded(EtcdView etcd, Step.Downgrade downgrade) {
    boolean enable = downgrade.action() == Step.DowngradeAction.ENABLE;
    EtcdVersion target = EtcdVersion.parse(downgrade.minor() + ".0");
    EtcdView lowered =
        enable
            ? withEndpoints(
                etcd,
                s ->
                    with(
                        s,
                        new EtcdView.Versions(
                            s.versions().server(), Optional.of(target), Optional.of(target)),
                        s.leaderId(),
                        s.learner()))
            : etcd;
    EtcdView said =
        new EtcdView(
            lowered.asked(),
            lowered.members(),
            lowered.endpoints(),
            lowered.alarms(),
            Optional.of(new EtcdView.Downgrade(enable, downgrade.minor())),
            lowered.login());
    return enable ? said : settled(said);
  }

  /** A member comes up with this document. */
  static EtcdView up(EtcdView etcd, MemberConfig document, Instant since, boolean founding) {
    MemberName name = document.id().member();
    String url = document.endpoints().peerUrl();
    boolean known =
        etcd.members()
            .map(l -> l.byName(name).isPresent() || l.byPeerUrl(url).isPresent())
            .orElse(false);
    EtcdView listed =
        known
            ? replaced(
                etcd,
                m -> m.name().equals(name.value()) || m.peerUrls().contains(url),
                m ->
                    new Member(
                        m.id(),
                        name.value(),
                        m.peerUrls(),
                        List.of(document.endpoints().clientUrl()),
                        m.learner()))
            : founding ? founded(etcd, document) : etcd;
    Optional<Member> entry = listed.members().flatMap(l -> l.byName(name));
    EtcdVersion version = document.releases().running().version();
    Status status =
        new Status(
            entry.map(Member::id).orElse(Effects.predictedId(name)),
            new EtcdView.Versions(version, Optional.empty(), Optional.empty()),
            0,
            entry.map(Member::learner).orElse(false),
            new EtcdView.Raft(1, 1, 1),
            new EtcdView.Database(0, 0, 0),
            List.of(),
            "");
    List<Endpoint> endpoints = new ArrayList<>(listed.endpoints());
    endpoints.removeIf(e -> e.member().equals(name));
    endpoints.add(new Endpoint(name, Optional.of(status), true, since));
    return new EtcdView(
        listed.asked(),
        listed.members(),
        endpoints,
        listed.alarms(),
        listed.downgrade(),
        listed.login());
  }

  private static EtcdView founded(EtcdView etcd, MemberConfig document) {
    return withMembers(
        etcd,
        members ->
            members.add(
                new Member(
                    Effects.predictedId(document.id().member()),
                    document.id().member().value(),
                    List.of(document.endpoints().peerUrl()),
                    List.of(document.endpoints().clientUrl()),
                    false)));
  }

  static EtcdView down(EtcdView etcd, MemberName name, Instant now) {
    if (etcd.endpoint(name).isEmpty()) {
      return etcd;
    }
    List<Endpoint> endpoints = new ArrayList<>(etcd.endpoints());
    endpoints.removeIf(e -> e.member().equals(name));
    endpoints.add(new Endpoint(name, Optional.empty(), false, now));
    return new EtcdView(
        etcd.asked(), etcd.members(), endpoints, etcd.alarms(), etcd.downgrade(), etcd.login());
  }

  /**
   * After a while: one leader that answers, everybody level with it, and the cluster version that
   * the lowest allows.
   */
  static EtcdView settled(EtcdView etcd) {
    List<Status> voters =
        etcd.endpoints().stream()
            .flatMap(e -> e.status().stream())
            .filter(s -> !s.learner())
            .toList();
    if (voters.isEmpty()) {
      return etcd;
    }
    long named = voters.stream().map(Status::leaderId).max(Comparator.naturalOrder()).orElse(0L);
    long leader =
        voters.stream()
            .map(Status::leaderId)
            .filter(id -> id != 0 && voters.stream().anyMatch(v -> v.memberId() == id))
            .findFirst()
            .orElse(
                voters.stream().anyMatch(v -> v.memberId() == named)
                    ? named
                    : voters.get(0).memberId());
    EtcdVersion lowest =
        voters.stream()
            .map(s -> s.versions().server())
            .min(Comparator.naturalOrder())
            .orElseThrow();
    Optional<EtcdVersion> cluster = Optional.of(new EtcdVersion(lowest.major(), lowest.minor(), 0));
    EtcdView.Raft raft = voters.get(0).raft();
    boolean downgrading = etcd.downgrade().map(EtcdView.Downgrade::enabled).orElse(false);
    return withEndpoints(
        ended(etcd, voters),
        s ->
            new Status(
                s.memberId(),
                new EtcdView.Versions(
                    s.versions().server(),
                    downgrading && s.versions().cluster().isPresent()
                        ? s.versions().cluster()
                        : cluster,
                    s.versions().server().atLeast(3, 6, 0)
                        ? (downgrading && s.versions().storage().isPresent()
                            ? s.versions().storage()
                            : cluster)
                        : Optional.empty()),
                leader,
                s.learner(),
                raft,
                s.database(),
                s.errors(),
                ""));
  }

  /** A downgrade is over when every member has gone down. */
  private static EtcdView ended(EtcdView etcd, List<Status> voters) {
    Optional<EtcdView.Downgrade> over =
        etcd.downgrade()
            .filter(
                d ->
                    voters.stream()
                        .allMatch(s -> s.versions().server().minorText().equals(d.targetVersion())))
            .map(d -> new EtcdView.Downgrade(false, ""));
    return new EtcdView(
        etcd.asked(),
        etcd.members(),
        etcd.endpoints(),
        etcd.alarms(),
        over.or(etcd::downgrade),
        etcd.login());
  }

  private static Status with(Status s, EtcdView.Versions versions, long leader, boolean learner) {
    return new Status(
        s.memberId(),
        versions,
        leader,
        learner,
        s.raft(),
        s.database(),
        s.errors(),
        s.memberListDigest());
  }

  private static EtcdView withEndpoints(EtcdView etcd, UnaryOperator<Status> change) {
    return new EtcdView(
        etcd.asked(),
        etcd.members(),
        etcd.endpoints().stream()
            .map(
                e ->
                    new Endpoint(
                        e.member(),
                        e.status().map(change),
                        e.linearizable(),
                        e.since(),
                        e.progressed()))
            .toList(),
        etcd.alarms(),
        etcd.downgrade(),
        etcd.login());
  }

  private static EtcdView replaced(
      EtcdView etcd, Predicate<Member> which, UnaryOperator<Member> change) {
    return withMembers(
        etcd, members -> members.replaceAll(m -> which.test(m) ? change.apply(m) : m));
  }

  private static EtcdView withMembers(
      EtcdView etcd, java.util.function.Consumer<List<Member>> change) {
    List<Member> members =
        new ArrayList<>(etcd.members().map(MemberList::members).orElse(List.of()));
    change.accept(members);
    long clusterId = etcd.members().map(MemberList::clusterId).orElse(1L);
    return new EtcdView(
        etcd.asked(),
        Optional.of(new MemberList(clusterId, members)),
        etcd.endpoints(),
        etcd.alarms(),
        etcd.downgrade(),
        etcd.login());
  }
}
