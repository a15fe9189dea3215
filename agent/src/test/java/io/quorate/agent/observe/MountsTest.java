package io.quorate.agent.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quorate.agent.observe.HostCounters.DeviceNumber;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountsTest {
  private static final String ROOT = "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard";

  @TempDir Path upper;

  @Test
  void theDeepestMountHoldsAPath() {
    Mounts mounts =
        parse(
            ROOT,
            "28 27 8:17 / /var/lib/etcd rw master:1 propagate_from:2 - xfs /dev/sdb1 rw",
            "29 27 8:33 / /var/lib/etcd2 rw - xfs /dev/sdc1 rw");
    assertEquals("xfs", found(mounts, "/var/lib/etcd/prod-wal").fileSystem());
    assertEquals(new DeviceNumber(8, 17), found(mounts, "/var/lib/etcd").device());
    assertEquals("ext4", found(mounts, "/var/lib/etcd-other").fileSystem());
  }

  @Test
  void theLastMountOnAPointHidesTheOthers() {
    Mounts mounts =
        parse(
            ROOT, "28 27 8:1 / /data rw - ext4 /dev/a rw", "29 28 8:2 / /data rw - xfs /dev/b rw");
    assertEquals("/dev/b", found(mounts, "/data/x").source());
  }

  @Test
  void escapedNamesAreReadBack() {
    Mounts mounts = parse(ROOT, "28 27 8:1 / /mnt/my\\040disk\\134 rw - ext4 /dev/a rw");
    assertEquals("/dev/a", found(mounts, "/mnt/my disk\\/wal").source());
  }

  @Test
  void anOverlayLiesOnItsUpperDirectory() {
    Mounts mounts =
        parse(ROOT, "28 27 0:40 / /merged rw - overlay overlay rw,lowerdir=/l,upperdir=" + upper);
    assertEquals(
        Optional.of(new DeviceNumber(254, 0)),
        mounts.beneath(found(mounts, "/merged/wal")).map(Mounts.Mount::device));
  }

  @Test
  void anOverlayWhoseUpperDirectoryIsNotHereLiesNobodyKnowsWhere() {
    Mounts mounts = parse("28 27 0:40 / / rw - overlay overlay rw,lowerdir=/l,upperdir=/gone/up");
    assertEquals(Optional.empty(), mounts.beneath(found(mounts, "/var")));
    Mounts insideItself =
        parse("28 27 0:40 / / rw - overlay overlay rw,lowerdir=/l,upperdir=" + upper);
    assertEquals(Optional.empty(), insideItself.beneath(found(insideItself, "/var")));
  }

  @Test
  void readsThisMachines() throws Exception {
    Mounts mounts = Mounts.read(Path.of("/proc/self/mountinfo"));
    assertEquals("proc", found(mounts, "/proc/self").fileSystem());
    Path here = upper.toRealPath();
    assertEquals(Files.getFileStore(here).type(), found(mounts, here.toString()).fileSystem());
  }

  @Test
  void aStrangeLineIsNotGuessedAt() {
    assertThrows(IllegalArgumentException.class, () -> parse("27 1 254:0 / / rw,relatime"));
  }

  private static Mounts parse(String... lines) {
    return Mounts.parse(List.of(lines));
  }

  private static Mounts.Mount found(Mounts mounts, String path) {
    return mounts.of(Path.of(path)).orElseThrow();
  }
}
