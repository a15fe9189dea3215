package io.quorate.coordinator.plan;

import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Release;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that is known about one cluster at one instant. The planner sees nothing else; time is
 * {@code now}.
 *
 * <p>Placements are where a member is or has been laid down: usually one, two while it moves,
 * including members that are no longer in the spec. {@code etcd} is what the cluster says of
 * itself.
 */
public record ClusterView(
    Instant now,
    Intent intent,
    List<Placement> placements,
    EtcdView etcd,
    SortedMap<HostName, HostView> hosts,
    Catalogue catalogue,
    List<PendingOperation> operations) {
  public ClusterView {
    placements = List.copyOf(placements);
    hosts = Collections.unmodifiableSortedMap(new TreeMap<>(hosts));
    operations = List.copyOf(operations);
  }

  public Optional<Placement> placement(MemberName member, HostName host) {
    return placements.stream()
        .filter(p -> p.member().equals(member) && p.host().equals(host))
        .findFirst();
  }

  public List<Placement> placements(MemberName member) {
    return placements.stream().filter(p -> p.member().equals(member)).toList();
  }

  public Optional<HostView> host(HostName name) {
    return Optional.ofNullable(hosts.get(name));
  }

  public Optional<Release> release(
      io.quorate.common.model.EtcdVersion version, String architecture) {
    return catalogue.releases().stream()
        .filter(r -> r.version().equals(version) && r.architecture().equals(architecture))
        .findFirst();
  }

  /**
   * The releases at hand, and of each archive's digest that of the etcd in it, where it is known.
   */
  public record Catalogue(List<Release> releases, SortedMap<String, String> executables) {
    public Catalogue {
      releases = List.copyOf(releases);
      executables = Collections.unmodifiableSortedMap(new TreeMap<>(executables));
    }

    public static Catalogue of(List<Release> releases) {
      return new Catalogue(releases, new TreeMap<>());
    }

    public Optional<String> executable(Release release) {
      return Optional.ofNullable(executables.get(release.sha256()));
    }
  }

  /**
   * A member's document on a host, the newest generation that the host has durably seen, and what
   * it says.
   */
  public record Placement(
      MemberName member,
      HostName host,
      Optional<Issued> issued,
      long seenGeneration,
      Optional<io.quorate.common.model.HostReport.Member> report) {
    /** The host has the newest document, whether or not it has got anywhere with it. */
    public boolean received() {
      return issued.isPresent() && seenGeneration >= issued.get().generation();
    }

    /** The host has the newest document and says why it cannot do what it asks. */
    public boolean stuck() {
      return received() && !converged() && report.isPresent() && !report.get().problems().isEmpty();
    }

    /** The newest document has been converged to, as far as the last report tells. */
    public boolean converged() {
      return issued.isPresent()
          && report.isPresent()
          && report.get().converged() >= issued.get().generation();
    }
  }

  /** What a host was last told about a member. Durable. */
  public record Issued(MemberConfig document, long generation, Instant at) {}

  /** A host as a place: connected or not, since when, and what it is. */
  public record HostView(
      HostName name,
      boolean connected,
      Instant lastSeen,
      Instant since,
      String architecture,
      long clockOffsetMillis,
      List<io.quorate.common.model.HostReport.Disk> disks) {
    public HostView {
      disks = List.copyOf(disks);
    }

    /** One that has always been as it is. */
    public HostView(
        HostName name,
        boolean connected,
        Instant lastSeen,
        String architecture,
        long clockOffsetMillis,
        List<io.quorate.common.model.HostReport.Disk> disks) {
      this(name, connected, lastSeen, Instant.EPOCH, architecture, clockOffsetMillis, disks);
    }
  }

  /** An operation that was sent and has no outcome yet, or has just had one. */
  public record PendingOperation(
      String id, String kind, HostName host, MemberName member, Instant since) {}
}
