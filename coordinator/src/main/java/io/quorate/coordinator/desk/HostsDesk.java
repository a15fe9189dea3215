package io.quorate.coordinator.desk;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.HostName;
import io.quorate.common.model.HostReport;
import io.quorate.coordinator.api.control.Caller;
import io.quorate.coordinator.api.control.HostDesk;
import io.quorate.coordinator.api.v1.Changed;
import io.quorate.coordinator.api.v1.Finding;
import io.quorate.coordinator.api.v1.HostView;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.observe.Agents;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.store.Clusters.Cluster;
import io.quorate.coordinator.store.Hosts.Host;
import io.quorate.coordinator.store.Hosts.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The hosts: who may join, who has, who no longer may. */
public final class HostsDesk implements HostDesk {
  private static final Duration DEFAULT_TTL = Duration.ofMinutes(10);
  private static final Duration LONGEST_TTL = Duration.ofDays(1);

  private final Office office;
  private final Admission admission;
  private final MemberDesk members;

  /** What enrolment does for this desk. */
  public interface Admission {
    HostView.Token token(Optional<HostName> host, Duration ttl, String by);

    /** Refuses the host from now on and ends its live connection. */
    void revoke(HostName host, String by, String detail);

    Optional<Instant> certificateNotAfter(HostName host);
  }

  public HostsDesk(Office office, Admission admission, MemberDesk members) {
    this.office = office;
    this.admission = admission;
    this.members = members;
  }

  @Override
  public List<HostView> all() {
    return office.store().hosts().list().stream().map(this::view).toList();
  }

  @Override
  public HostView host(String name) {
    return view(find(name));
  }

  private Host find(String name) {
    HostName legal = HostName.of(name);
    return office
        .store()
        .hosts()
        .find(legal)
        .orElseThrow(
            () ->
                Problem.of(Code.Q1201, "host %s has not joined".formatted(legal))
                    .withRemedy("quorate host token --host " + legal)
                    .withRemedy("quorate host list")
                    .asException());
  }

  @Override
  public HostView.Token token(Optional<String> host, Optional<Duration> ttl, Caller by) {
    Duration wanted = ttl.orElse(DEFAULT_TTL);
    if (wanted.isNegative() || wanted.isZero() || wanted.compareTo(LONGEST_TTL) > 0) {
      throw Problem.of(Code.Q1306, "a token lives between a second and a day").asException();
    }
    return admission.token(host.map(HostName::of), wanted, by.name());
  }

  @Override
  public HostView revoke(String name, boolean withMembers, Caller by) {
    Host host = find(name);
    List<String> users = users(host.name());
    if (!users.isEmpty() && !withMembers) {
      throw Problem.of(
              Code.Q1211, "host %s carries members of %s".formatted(name, String.join(", ", users)))
          .withState("nothing was changed")
          .withRemedy("quorate host drain %s --to HOST".formatted(name))
          .withRemedy(
              "if its key is in the wrong hands: quorate host revoke %s --confirm=%s"
                  .formatted(name, name))
          .asException();
    }
    admission.revoke(
        host.name(),
        by.name(),
        users.isEmpty()
            ? "its agent is shut out"
            : "its agent is shut out, although it carries members of " + String.join(", ", users));
    return host(name);
  }

  private List<String> users(HostName host) {
    return office.store().clusters().list().stream()
        .filter(c -> on(c, host).isPresent())
        .map(c -> c.name().value())
        .toList();
  }

  private static Optional<ClusterSpec.Member> on(Cluster cluster, HostName host) {
    return cluster.spec().members().stream().filter(m -> m.host().equals(host)).findFirst();
  }

  @Override
  public HostView.Stage drain(String name, List<String> to, Caller by) {
    HostName host = find(name).name();
    hosts(to).forEach(new MemberChecks(office)::joined);
    return stage(
        host,
        occupied(host),
        cluster -> {
          ClusterSpec.Member member = on(cluster, host).orElseThrow();
          HostName target = Drain.target(cluster.spec(), host, hosts(to), carried());
          Requests.Move move =
              new Requests.Move(target.value(), Optional.empty(), Optional.empty());
          String of = cluster.name().value();
          String why = members.way(of, member.name().value(), move).why();
          return new Begun(
              members.move(of, member.name().value(), move, by),
              why.isEmpty()
                  ? "%s moves to %s".formatted(member.name(), target)
                  : "a new member on %s takes the place of %s, because %s"
                      .formatted(target, member.name(), why));
        });
  }

  @Override
  public HostView.Stage readdress(String name, String address, Caller by) {
    HostName host = find(name).name();
    List<Cluster> behind =
        office.store().clusters().list().stream()
            .filter(
                c ->
                    on(c, host)
                        .filter(m -> !m.address().equals(address) || unfinished(c))
                        .isPresent())
            .toList();
    return stage(
        host,
        behind,
        cluster ->
            new Begun(
                members.readdress(cluster, on(cluster, host).orElseThrow().name(), address, by),
                ""));
  }

  /** What was begun in one cluster, and what was decided about it. */
  private record Begun(Changed change, String note) {}

  /** One cluster at a time: the rollout that is under way is told again before another begins. */
  private HostView.Stage stage(HostName host, List<Cluster> left, Function<Cluster, Begun> change) {
    List<String> names = left.stream().map(c -> c.name().value()).toList();
    Optional<Changed> underWay = left.stream().flatMap(c -> underWay(c).stream()).findFirst();
    if (underWay.isPresent() || left.isEmpty()) {
      return new HostView.Stage(host.value(), underWay, names, "");
    }
    Begun begun = change.apply(left.getFirst());
    return new HostView.Stage(host.value(), Optional.of(begun.change()), names, begun.note());
  }

  private Optional<Changed> underWay(Cluster cluster) {
    return office
        .store()
        .journal()
        .open(cluster.name())
        .map(r -> new Changed(cluster.name().value(), true, r.toRevision(), Optional.of(r.id())));
  }

  private boolean unfinished(Cluster cluster) {
    return cluster.applied() != cluster.intent().revision();
  }

  /**
   * By the file, or because a rollout is still taking something of it away. What a host that is
   * gone still has on its disk is set aside when it comes back; nobody waits for that.
   */
  private List<Cluster> occupied(HostName host) {
    return office.store().clusters().list().stream()
        .filter(
            c ->
                on(c, host).isPresent()
                    || (office.store().documents().of(c.name()).containsKey(host)
                        && underWay(c).isPresent()))
        .toList();
  }

  private static List<HostName> hosts(List<String> names) {
    return names.stream().map(HostName::of).toList();
  }

  private Map<HostName, Long> carried() {
    return office.store().clusters().list().stream()
        .flatMap(c -> c.spec().members().stream())
        .collect(Collectors.groupingBy(ClusterSpec.Member::host, Collectors.counting()));
  }

  private HostView view(Host host) {
    Optional<Agents.Seen> seen = office.agents().seen(host.name());
    Optional<HostReport> report = seen.flatMap(Agents.Seen::report);
    return new HostView(
        host.name().value(),
        state(host, seen),
        seen.map(Agents.Seen::lastSeen),
        Optional.of(host.joined()),
        seen.map(Agents.Seen::agentVersion).orElse(""),
        seen.map(Agents.Seen::facts)
            .map(
                f ->
                    new HostView.Facts(
                        f.os(),
                        f.kernel(),
                        f.architecture(),
                        f.cpus(),
                        f.memoryBytes(),
                        f.serviceManager(),
                        f.addresses())),
        seen.map(s -> s.clockOffsetMillis() / 1000.0),
        admission.certificateNotAfter(host.name()),
        report.map(HostReport::members).orElse(List.of()).stream().map(HostsDesk::member).toList(),
        report.map(HostReport::disks).orElse(List.of()).stream().map(HostsDesk::disk).toList(),
        report.map(HostReport::members).orElse(List.of()).stream()
            .flatMap(m -> m.data().setAside().stream())
            .toList(),
        findings(report));
  }

  private static HostView.State state(Host host, Optional<Agents.Seen> seen) {
    if (host.state() == State.REVOKED) {
      return HostView.State.REVOKED;
    }
    return seen.map(s -> s.connected() ? HostView.State.CONNECTED : HostView.State.DISCONNECTED)
        .orElse(HostView.State.NEVER_SEEN);
  }

  private static HostView.Member member(HostReport.Member member) {
    return new HostView.Member(
        member.id().cluster().value(),
        member.id().member().value(),
        member.unit().state().name().toLowerCase(java.util.Locale.ROOT),
        member.unit().restarts(),
        member.unit().running().executableVersion());
  }

  private static HostView.Disk disk(HostReport.Disk disk) {
    return new HostView.Disk(
        disk.cluster().value(),
        disk.purpose(),
        disk.path(),
        disk.space().device(),
        new HostView.Space(
            disk.space().fileSystem(),
            disk.space().totalBytes(),
            disk.space().freeBytes(),
            disk.space().freeInodes()),
        disk.fsync().samples() == 0
            ? Optional.empty()
            : Optional.of(
                new HostView.Fsync(
                    disk.fsync().p50Micros() / 1e6,
                    disk.fsync().p99Micros() / 1e6,
                    disk.fsync().maxMicros() / 1e6,
                    disk.fsync().all().counts(),
                    disk.fsync().all().sumMicros() / 1e6)),
        new HostView.Rates(
            disk.rates().readBytesPerSecond(),
            disk.rates().writtenBytesPerSecond(),
            disk.rates().busyRatio()));
  }

  private static List<Finding> findings(Optional<HostReport> report) {
    return report.map(HostReport::members).orElse(List.of()).stream()
        .flatMap(
            m ->
                m.problems().stream()
                    .map(
                        p ->
                            StatusViews.finding(
                                p.code(), p.sentence(), m.id().toString(), p.remedy())))
        .toList();
  }
}
