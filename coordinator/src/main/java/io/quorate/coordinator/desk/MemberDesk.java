package io.quorate.coordinator.desk;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.api.control.Caller;
import io.quorate.coordinator.api.control.Members;
import io.quorate.coordinator.api.v1.Changed;
import io.quorate.coordinator.api.v1.MoveWay;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.plan.Intents;
import io.quorate.coordinator.rollout.MemberNames;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.spec.SpecText;
import io.quorate.coordinator.store.Clusters.Cluster;
import java.util.List;
import java.util.Optional;

/** Changes of one member: each is an edit of the cluster's file, applied like any other. */
public final class MemberDesk implements Members {
  private final Office office;
  private final Applying applying;
  private final MemberChecks checks;

  public MemberDesk(Office office, Applying applying) {
    this.office = office;
    this.applying = applying;
    this.checks = new MemberChecks(office);
  }

  @Override
  public Changed replace(String cluster, String member, Requests.Replace request, Caller by) {
    Cluster found = office.cluster(cluster);
    ClusterSpec.Member old = member(found, member);
    HostName host = HostName.of(request.with());
    checks.joined(host);
    checks.freeFor(found, old, host);
    MemberName name = MemberNames.fresh(office.store(), found, old.name());
    String address = checks.address(host, request.address(), old.address());
    return edit(
        found, SpecText.of(found.text()).withMemberReplaced(old.name(), name, host, address), by);
  }

  @Override
  public Changed move(String cluster, String member, Requests.Move request, Caller by) {
    Cluster found = office.cluster(cluster);
    ClusterSpec.Member old = member(found, member);
    HostName host = HostName.of(request.to());
    if (!host.equals(old.host()) && way(found, old, request).how() == MemberChecks.How.LEARNER) {
      return replace(cluster, member, new Requests.Replace(request.to(), request.address()), by);
    }
    checks.joined(host);
    return edit(
        found,
        SpecText.of(found.text())
            .withMemberReplaced(
                old.name(),
                old.name(),
                host,
                checks.address(host, request.address(), old.address())),
        by);
  }

  @Override
  public MoveWay way(String cluster, String member, Requests.Move request) {
    Cluster found = office.cluster(cluster);
    MemberChecks.Way way = way(found, member(found, member), request);
    return new MoveWay(way.how().word(), way.why());
  }

  private MemberChecks.Way way(Cluster cluster, ClusterSpec.Member member, Requests.Move request) {
    HostName host = HostName.of(request.to());
    checks.joined(host);
    checks.free(cluster, host);
    return checks.way(cluster, member, host, request.how());
  }

  /** The same member on the same host under another address. */
  Changed readdress(Cluster found, MemberName name, String address, Caller by) {
    ClusterSpec.Member member = member(found, name.value());
    return edit(
        found,
        SpecText.of(found.text()).withMemberReplaced(name, name, member.host(), address),
        by);
  }

  @Override
  public Changed remove(String cluster, String member, Caller by) {
    Cluster found = office.cluster(cluster);
    ClusterSpec.Member old = member(found, member);
    if (found.spec().members().size() == 1) {
      throw Problem.of(Code.Q3402, "%s is the last member of %s".formatted(member, cluster))
          .withState("nothing was changed")
          .withRemedy("quorate delete " + cluster)
          .asException();
    }
    checks.keepsQuorum(found, old);
    return edit(found, SpecText.of(found.text()).withoutMember(old.name()), by);
  }

  @Override
  public Changed restart(String cluster, List<String> members, Caller by) {
    Cluster found = office.cluster(cluster);
    List<MemberName> which = named(found, members);
    return applying.intervene(
        found,
        "Restart " + (members.isEmpty() ? cluster : String.join(", ", members)),
        c -> c.withIntent(Intents.restarted(c.intent(), which)),
        by);
  }

  @Override
  public Changed rotateCertificates(String cluster, List<String> members, Caller by) {
    Cluster found = office.cluster(cluster);
    List<MemberName> which = named(found, members);
    return applying.intervene(
        found,
        "Rotate certificates of " + (members.isEmpty() ? cluster : String.join(", ", members)),
        c -> c.withIntent(Intents.rotated(c.intent(), which)),
        by);
  }

  private static List<MemberName> named(Cluster cluster, List<String> members) {
    return members.isEmpty()
        ? cluster.spec().members().stream().map(ClusterSpec.Member::name).toList()
        : members.stream().map(m -> member(cluster, m).name()).toList();
  }

  private Changed edit(Cluster cluster, SpecText text, Caller by) {
    return applying.apply(
        new Applying.Wish(
            text.text(),
            cluster.name() + ".yaml",
            Optional.of(cluster.intent().revision()),
            List.of(),
            List.of(),
            Optional.empty()),
        by);
  }

  private static ClusterSpec.Member member(Cluster cluster, String member) {
    return cluster
        .spec()
        .member(MemberName.of(member))
        .orElseThrow(
            () ->
                Problem.of(Code.Q1314, "%s has no member %s".formatted(cluster.name(), member))
                    .withState("nothing was changed")
                    .withRemedy("quorate member list " + cluster.name())
                    .asException());
  }
}
