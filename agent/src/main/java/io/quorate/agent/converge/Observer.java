package io.quorate.agent.converge;

import io.quorate.agent.etcd.DataDirectory;
import io.quorate.agent.etcd.DataFound;
import io.quorate.agent.etcd.LocalEtcd;
import io.quorate.agent.etcd.MemberCertificates;
import io.quorate.agent.etcd.Stamp;
import io.quorate.agent.host.Access;
import io.quorate.agent.host.Host;
import io.quorate.agent.host.HostProcesses.ProcessFacts;
import io.quorate.agent.host.Layout;
import io.quorate.agent.host.Stat;
import io.quorate.agent.reconcile.MemberState;
import io.quorate.agent.reconcile.Memory;
import io.quorate.agent.reconcile.Rendered;
import io.quorate.agent.release.InstalledRelease;
import io.quorate.agent.release.ReleaseCheck;
import io.quorate.agent.release.ReleaseStore;
import io.quorate.agent.service.ServiceManager;
import io.quorate.agent.service.ServiceManager.ServiceState;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Release;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Looks at a member as it is. What is costly to find out (the digest of a running executable, its
 * version) is found out once for each process.
 */
final class Observer {
  private final Tools tools;
  private final DataDirectory data;
  private final Map<ClusterName, Known> processes = new ConcurrentHashMap<>();

  private record Known(ProcessFacts process, String sha256, String version) {}

  /** What observing needs to reach. */
  record Tools(
      Host host,
      Layout layout,
      ReleaseStore releases,
      MemberCertificates certificates,
      ServiceManager services,
      LocalEtcd etcd) {}

  Observer(Tools tools) {
    this.tools = tools;
    this.data = new DataDirectory(tools.host, tools.layout);
  }

  MemberState observe(MemberConfig member, Memory memory) throws IOException {
    ClusterName cluster = member.id().cluster();
    ServiceState state = tools.services.state(cluster);
    DataFound found = data.observe(member);
    HostReport.Running running = running(cluster, state, memory);
    boolean forcing = found.stamp().map(Stamp::phase).equals(Optional.of(Stamp.Phase.FORCING));
    return new MemberState(
        ground(member),
        files(cluster),
        tools.certificates.observe(member),
        found,
        new MemberState.Service(
            state,
            tools.services.definedness(Rendered.of(member, tools.layout, false).definition()),
            running,
            forcing && state.process().isPresent() && alone(member)));
  }

  /** When somebody last wrote the configuration. */
  Stat configuration(ClusterName cluster) throws IOException {
    return tools.host.stat(tools.layout.etcdYaml(cluster));
  }

  private MemberState.Ground ground(MemberConfig member) throws IOException {
    String user = tools.layout.user();
    Stat directory = tools.host.stat(tools.layout.directory(member.id().cluster()));
    List<Release> missing = new ArrayList<>();
    for (Release staged : member.releases().staged()) {
      if (!staged.equals(member.releases().running()) && tools.releases.find(staged).isEmpty()) {
        missing.add(staged);
      }
    }
    return new MemberState.Ground(
        user.isEmpty() || tools.host.userExists(user),
        directory.isDirectory() && directory.allows(Access.PUBLIC_DIRECTORY),
        tools.releases.find(member.releases().running()),
        missing);
  }

  private MemberState.Files files(ClusterName cluster) throws IOException {
    Layout layout = tools.layout;
    return new MemberState.Files(
        tools.host.text(layout.etcdYaml(cluster)),
        tools.host.text(layout.environment(cluster)),
        tools.host.readLink(layout.release(cluster)));
  }

  private boolean alone(MemberConfig member) {
    return tools
        .etcd
        .view(member)
        .map(view -> view.serving() && view.members().size() == 1)
        .orElse(false);
  }

  private HostReport.Running running(ClusterName cluster, ServiceState state, Memory memory)
      throws IOException {
    if (state.process().isEmpty()) {
      processes.remove(cluster);
      return HostReport.Running.none();
    }
    ProcessFacts process = state.process().get();
    Known known = processes.get(cluster);
    if (known == null || !known.process.equals(process)) {
      known = look(process);
      if (!known.sha256.isEmpty()) {
        processes.put(cluster, known);
      }
    }
    boolean starting = state.state() == HostReport.UnitState.STARTING;
    String fingerprint = fingerprint(process, memory);
    if (state.state() != HostReport.UnitState.RUNNING && fingerprint.equals(Rendered.UNREADABLE)) {
      fingerprint = Rendered.NOT_YET; // or it is about to end
    }
    return new HostReport.Running(
        process.pid(),
        process.started(),
        known.sha256,
        known.version,
        // Before etcd is there, its environment is its starter's, and says nothing.
        known.sha256.isEmpty() && starting ? Rendered.NOT_YET : fingerprint);
  }

  private String fingerprint(ProcessFacts process, Memory memory) throws IOException {
    if (memory.edited().equals(process.pid() + ":" + process.startTicks())) {
      return Rendered.EDITED;
    }
    Map<String, String> environment = tools.host.environment(process.pid());
    return environment.isEmpty()
        ? Rendered.UNREADABLE
        : environment.getOrDefault(Rendered.FINGERPRINT, "");
  }

  /** Empty while the process is still on its way from the starter to etcd, or may not be read. */
  private Known look(ProcessFacts process) throws IOException {
    Optional<Path> executable = tools.host.executable(process.pid());
    boolean etcd =
        executable.isPresent() && executable.get().getFileName().toString().startsWith("etcd");
    if (!etcd) {
      return new Known(process, "", "");
    }
    String sha256;
    try {
      sha256 = tools.host.executableSha256(process.pid());
    } catch (IOException e) {
      if (tools.host.process(process.pid()).equals(Optional.of(process))) {
        throw e;
      }
      return new Known(process, "", ""); // it has just ended
    }
    for (InstalledRelease release : tools.releases.installed()) {
      if (release.etcdSha256().equals(sha256)) {
        return new Known(process, sha256, release.release().version().toString());
      }
    }
    Path image = Path.of("/proc", Long.toString(process.pid()), "exe");
    Optional<EtcdVersion> version = ReleaseCheck.version(tools.host, image);
    return new Known(process, sha256, version.map(EtcdVersion::toString).orElse(""));
  }
}
