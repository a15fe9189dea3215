package io.quorate.common.model;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The complete desired state of one etcd member on one host. The agent converges to it, again and
 * again; nothing in it is a command, and equal documents ask for nothing.
 */
public record MemberConfig(
    Id id,
    Endpoints endpoints,
    Directories directories,
    Releases releases,
    SortedMap<String, Setting> settings,
    Data data,
    Formation formation,
    Certificates certificates,
    Conduct conduct) {

  public MemberConfig {
    settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
  }

  /** Which member of which cluster. */
  public record Id(ClusterName cluster, MemberName member) {
    @Override
    public String toString() {
      return cluster + "/" + member;
    }
  }

  /**
   * The address that others reach it under, and its two ports. Loopback is listened on as well, for
   * clients.
   */
  public record Endpoints(String address, int clientPort, int peerPort) {
    public String clientUrl() {
      return "https://" + bracketed() + ":" + clientPort;
    }

    public String peerUrl() {
      return "https://" + bracketed() + ":" + peerPort;
    }

    private String bracketed() {
      return address.contains(":") ? "[" + address + "]" : address;
    }
  }

  /** Absolute paths; the write-ahead log has one of its own, often on another disk. */
  public record Directories(String data, String wal) {}

  /** What is to run, and what is to lie ready unpacked beside it. */
  public record Releases(Release running, List<Release> staged) {
    public Releases {
      staged = List.copyOf(staged);
    }
  }

  /**
   * The identity of its data. A directory is stamped with its lineage when it is made; one with
   * another stamp is never used, and only set aside when this document names that stamp in {@code
   * supersedes}.
   */
  public record Data(String lineage, Seed seed, List<String> supersedes) {
    public Data {
      supersedes = List.copyOf(supersedes);
    }
  }

  /**
   * How etcd finds the others at its very first start; ignored by etcd once it has data. Name to
   * peer URL.
   */
  public record Formation(
      SortedMap<String, String> initialMembers, boolean joinsExisting, String token) {
    public Formation {
      initialMembers = Collections.unmodifiableSortedMap(new TreeMap<>(initialMembers));
    }
  }

  /** What its certificates are to say besides its address, loopback and its own name. */
  public record Certificates(
      List<String> names, String keyAlgorithm, Duration validity, long serial) {
    public Certificates {
      names = List.copyOf(names);
    }
  }

  public enum Run {
    /** Everything in place, nothing started. */
    PREPARED,
    RUNNING,
    STOPPED,
    /** Stopped, disabled, and its data renamed aside. */
    RETIRED
  }

  public enum Drift {
    REPAIR,
    REPORT
  }

  /**
   * How it is to behave as a service.
   *
   * @param acceptedQuorumLoss why its owner accepts that the cluster may lose its quorum by what
   *     this document wants; a host otherwise keeps it
   */
  public record Conduct(
      Run run,
      long restartSerial,
      Drift drift,
      SortedMap<String, String> unit,
      Optional<String> acceptedQuorumLoss) {
    /**
     * The quorum was lost when that was accepted, and nothing has begun in its place: one that is
     * there after all is kept.
     */
    public static final String RECOVERY = "recovery";

    public Conduct {
      unit = Collections.unmodifiableSortedMap(new TreeMap<>(unit));
    }

    public boolean mindsRecovery() {
      return acceptedQuorumLoss.filter(RECOVERY::equals).isPresent();
    }
  }

  /**
   * A digest of everything that a running etcd took in at its start and keeps until its end. A
   * process is as wanted when it was started under this fingerprint; equal fingerprints never need
   * a restart.
   */
  public String fingerprint() {
    return Fingerprints.of(this);
  }

  public MemberConfig withRun(Run run) {
    return withConduct(
        new Conduct(
            run, conduct.restartSerial, conduct.drift, conduct.unit, conduct.acceptedQuorumLoss));
  }

  public MemberConfig withConduct(Conduct newConduct) {
    return new MemberConfig(
        id, endpoints, directories, releases, settings, data, formation, certificates, newConduct);
  }

  public MemberConfig withReleases(Releases newReleases) {
    return new MemberConfig(
        id, endpoints, directories, newReleases, settings, data, formation, certificates, conduct);
  }

  public MemberConfig withData(Data newData) {
    return new MemberConfig(
        id, endpoints, directories, releases, settings, newData, formation, certificates, conduct);
  }

  public MemberConfig withCertificates(Certificates newCertificates) {
    return new MemberConfig(
        id, endpoints, directories, releases, settings, data, formation, newCertificates, conduct);
  }

  public MemberConfig withFormation(Formation newFormation) {
    return new MemberConfig(
        id, endpoints, directories, releases, settings, data, newFormation, certificates, conduct);
  }

  public MemberConfig withSettings(Map<String, Setting> newSettings) {
    return new MemberConfig(
        id,
        endpoints,
        directories,
        releases,
        new TreeMap<>(newSettings),
        data,
        formation,
        certificates,
        conduct);
  }
}
