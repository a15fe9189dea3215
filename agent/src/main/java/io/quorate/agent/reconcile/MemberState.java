package io.quorate.agent.reconcile;

import io.quorate.agent.etcd.CertificatesFound;
import io.quorate.agent.etcd.DataFound;
import io.quorate.agent.release.InstalledRelease;
import io.quorate.agent.service.ServiceManager.Definedness;
import io.quorate.agent.service.ServiceManager.ServiceState;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.Release;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Everything about a member on this host that a plan depends on, as it is now. */
public record MemberState(
    Ground ground, Files files, CertificatesFound certificates, DataFound data, Service service) {

  /**
   * What it stands on.
   *
   * @param release the one that is to run, if it is unpacked and whole
   * @param missing of those that are to lie ready
   */
  public record Ground(
      boolean userExists,
      boolean directoriesReady,
      Optional<InstalledRelease> release,
      List<Release> missing) {
    public Ground {
      missing = List.copyOf(missing);
    }
  }

  /** What was rendered for it, as it is on disk now. */
  public record Files(
      Optional<String> configuration, Optional<String> environment, Optional<Path> release) {}

  /**
   * How it runs.
   *
   * @param forcedAlone whether, of a forced start, it is known to be a working cluster of one
   */
  public record Service(
      ServiceState state,
      Definedness definedness,
      HostReport.Running running,
      boolean forcedAlone) {
    public boolean runs() {
      return state.process().isPresent();
    }

    /** Which process it is; empty when none. */
    public String process() {
      return state.process().map(it -> it.pid() + ":" + it.startTicks()).orElse("");
    }
  }
}
