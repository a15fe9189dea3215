package io.quorate.agent.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.agent.observe.HostCounters.DeviceNumber;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a sysfs laid out as the kernel does. */
class BlockDevicesTest {
  @TempDir Path sys;

  @BeforeEach
  void layOut() throws IOException {
    device("sda", "8:0");
    device("sda/sda1", "8:1");
    Files.writeString(sys.resolve("devices/sda/sda1/partition"), "1\n");
    device("nvme0n1", "259:0");
    Path volume = device("dm-0", "253:0");
    Files.createDirectories(volume.resolve("dm"));
    Files.writeString(volume.resolve("dm/name"), "vg-etcd\n");
    Files.createDirectories(volume.resolve("slaves"));
    Files.createSymbolicLink(volume.resolve("slaves/sda1"), sys.resolve("devices/sda/sda1"));
    Files.createSymbolicLink(volume.resolve("slaves/nvme0n1"), sys.resolve("devices/nvme0n1"));
    device("cciss!c0d0", "104:0");
  }

  @Test
  void aDiskIsItself() throws IOException {
    assertEquals(Optional.of("/dev/nvme0n1"), devices().path(new DeviceNumber(259, 0)));
    assertEquals(Set.of(new DeviceNumber(259, 0)), devices().disks(new DeviceNumber(259, 0)));
  }

  @Test
  void aPartitionLiesOnItsDisk() throws IOException {
    assertEquals(Optional.of("/dev/sda1"), devices().path(new DeviceNumber(8, 1)));
    assertEquals(Set.of(new DeviceNumber(8, 0)), devices().disks(new DeviceNumber(8, 1)));
  }

  @Test
  void aLogicalVolumeLiesOnTheDisksOfWhatItIsMadeOf() throws IOException {
    assertEquals(Optional.of("/dev/mapper/vg-etcd"), devices().path(new DeviceNumber(253, 0)));
    assertEquals(
        Set.of(new DeviceNumber(8, 0), new DeviceNumber(259, 0)),
        devices().disks(new DeviceNumber(253, 0)));
  }

  @Test
  void aNameWithSlashesIsReadBack() throws IOException {
    assertEquals(Optional.of("/dev/cciss/c0d0"), devices().path(new DeviceNumber(104, 0)));
  }

  @Test
  void whatIsNoBlockDeviceHasNoPathAndNoDisks() throws IOException {
    assertEquals(Optional.empty(), devices().path(new DeviceNumber(0, 42)));
    assertEquals(Set.of(), devices().disks(new DeviceNumber(0, 42)));
  }

  private BlockDevices devices() {
    return new BlockDevices(sys);
  }

  private Path device(String path, String number) throws IOException {
    Path directory = Files.createDirectories(sys.resolve("devices").resolve(path));
    Files.writeString(directory.resolve("dev"), number + "\n");
    Path links = Files.createDirectories(sys.resolve("dev/block"));
    Files.createSymbolicLink(links.resolve(number), directory);
    return directory;
  }
}
