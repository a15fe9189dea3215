package io.quorate.agent.converge;

import io.quorate.agent.etcd.LocalEtcd;
import io.quorate.agent.etcd.MemberCertificates;
import io.quorate.agent.etcd.MemberSigner;
import io.quorate.agent.host.Host;
import io.quorate.agent.host.Layout;
import io.quorate.agent.operate.Operations;
import io.quorate.agent.operate.Uploads;
import io.quorate.agent.reconcile.HostMeasures;
import io.quorate.agent.release.BlobSource;
import io.quorate.agent.release.Downloads;
import io.quorate.agent.release.ReleaseStore;
import io.quorate.agent.service.ServiceManager;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;

/**
 * The agent's own core as it is after a start: all it knows is what is durable on its host. For
 * whoever turns it by hand.
 */
public record OpenedCore(HostCore core, Journal journal, Operations operations) {

  /** What is around a core. */
  public record Around(
      Host host, Layout layout, ServiceManager services, LocalEtcd etcd, Line line) {}

  /** What comes and goes over the line to the coordinator. */
  public record Line(BlobSource blobs, MemberSigner signer, Uploads uploads) {}

  public static OpenedCore open(Around around, InstantSource clock) {
    return open(around, clock, cluster -> true);
  }

  /**
   * @param admitted whether a member may be started yet, after a boot of the host
   */
  public static OpenedCore open(
      Around around, InstantSource clock, Predicate<ClusterName> admitted) {
    try {
      Downloads downloads = new Downloads(around.host, around.layout, around.line.blobs);
      ReleaseStore releases = new ReleaseStore(around.host, around.layout, downloads, clock);
      Journal journal = Journal.open(around.host, around.layout);
      Observer.Tools tools =
          new Observer.Tools(
              around.host,
              around.layout,
              releases,
              new MemberCertificates(around.host, around.layout, around.line.signer, clock),
              around.services,
              around.etcd);
      Operations operations =
          new Operations(
              new Operations.Tools(
                  around.host,
                  around.layout,
                  releases,
                  downloads,
                  around.services,
                  around.line.uploads),
              journal::document,
              clock);
      return new OpenedCore(
          new HostCore(tools, journal, downloads, new Unmeasured(), clock, admitted),
          journal,
          operations);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sees to those that may not run any more, as {@link HostLoop} does before it admits. */
  public void settle() {
    core.clusters().forEach(c -> core.worker(c).ifPresent(HostLoop::settle));
  }

  private static final class Unmeasured implements HostMeasures {
    @Override
    public List<HostReport.Disk> disks(List<MemberConfig> members) {
      return List.of();
    }

    @Override
    public HostReport.Load load() {
      return new HostReport.Load(0, 0, 0);
    }
  }
}
