package io.quorate.agent;

import io.quorate.agent.etcd.DataPlaces;
import io.quorate.agent.host.Layout;
import io.quorate.agent.observe.HostObserver;
import io.quorate.agent.observe.WatchedDirectory;
import io.quorate.agent.reconcile.HostMeasures;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Watches the disks under the members that the document names. */
final class Measures implements HostMeasures {
  private final HostObserver observer;
  private final Layout layout;
  private Set<WatchedDirectory> watched = Set.of();

  Measures(HostObserver observer, Layout layout) {
    this.observer = observer;
    this.layout = layout;
  }

  @Override
  public synchronized List<HostReport.Disk> disks(List<MemberConfig> members) {
    Set<WatchedDirectory> wanted = new HashSet<>();
    for (MemberConfig member : members) {
      if (member.conduct().run() != MemberConfig.Run.RETIRED) {
        DataPlaces places = DataPlaces.of(member, layout);
        wanted.add(
            new WatchedDirectory(
                member.id().cluster(), WatchedDirectory.Purpose.DATA, places.data()));
        wanted.add(
            new WatchedDirectory(
                member.id().cluster(), WatchedDirectory.Purpose.WAL, places.walDisk()));
      }
    }
    if (!wanted.equals(watched)) {
      observer.watch(wanted);
      watched = wanted;
    }
    return observer.disks();
  }

  @Override
  public HostReport.Load load() {
    return observer.load();
  }
}
