package io.quorate.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.agent.host.Layout;
import io.quorate.agent.observe.HostObserver;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostReport.Disk;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.common.testing.RandomRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BackgroundMeasuresTest {
  @TempDir Path directory;
  private final AtomicLong late = new AtomicLong();

  @Test
  void looksAtTheDirectoriesOfTheMembers() throws IOException {
    try (BackgroundMeasures measures = measures()) {
      List<Disk> disks = seen(measures, List.of(member("prod")));
      assertEquals(List.of("data", "wal", "scratch"), disks.stream().map(Disk::purpose).toList());
      assertEquals(directory.resolve("prod").toString(), disks.getFirst().path());
      assertTrue(disks.getFirst().space().totalBytes() > 0);
      assertTrue(measures.load().agentResidentBytes() > 0);
    }
    assertEquals(List.of(), left());
  }

  @Test
  void aMemberThatIsGoneIsNoLongerTold() {
    try (BackgroundMeasures measures = measures()) {
      seen(measures, List.of(member("prod"), member("dev")));
      assertEquals(3, measures.disks(List.of(member("dev"))).size());
      assertEquals(List.of(), measures.disks(List.of()));
    }
  }

  @Test
  void whatIsTooOldIsNotTold() {
    try (BackgroundMeasures measures = measures()) {
      seen(measures, List.of(member("prod")));
      late.set(BackgroundMeasures.TOO_OLD + 1);
      assertEquals(List.of(), measures.disks(List.of(member("prod"))));
    }
  }

  private BackgroundMeasures measures() {
    return new BackgroundMeasures(
        new HostObserver("supervised"), Layout.system(), () -> System.nanoTime() + late.get());
  }

  private static List<Disk> seen(BackgroundMeasures measures, List<MemberConfig> members) {
    List<Disk> disks = measures.disks(members);
    while (disks.size() < 3 * members.size() || measures.load().agentResidentBytes() == 0) {
      Thread.onSpinWait();
      disks = measures.disks(members);
    }
    return disks;
  }

  private MemberConfig member(String cluster) {
    MemberConfig any = new RandomRecords(7).memberConfig().withRun(MemberConfig.Run.RUNNING);
    return new MemberConfig(
        new MemberConfig.Id(ClusterName.of(cluster), MemberName.of("etcd-1")),
        any.endpoints(),
        new MemberConfig.Directories(
            directory.resolve(cluster).toString(), directory.resolve(cluster + "-wal").toString()),
        any.releases(),
        any.settings(),
        any.data(),
        any.formation(),
        any.certificates(),
        any.conduct());
  }

  private List<Path> left() throws IOException {
    try (var files = Files.list(directory)) {
      return files.toList();
    }
  }
}
