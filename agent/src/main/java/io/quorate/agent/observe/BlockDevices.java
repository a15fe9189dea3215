package io.quorate.agent.observe;

import io.quorate.agent.observe.HostCounters.DeviceNumber;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Block devices as sysfs tells of them: partitions lie in the directory of their disk, logical
 * volumes and arrays name what they lie on as slaves.
 */
final class BlockDevices {
  private final Path byNumber;

  /**
   * @param sys where sysfs is mounted
   */
  BlockDevices(Path sys) {
    byNumber = sys.resolve("dev/block");
  }

  /** Its path under {@code /dev} as people know it; empty for what is no block device. */
  Optional<String> path(DeviceNumber number) throws IOException {
    Optional<Path> directory = directory(number);
    if (directory.isEmpty()) {
      return Optional.empty();
    }
    Path mapped = directory.get().resolve("dm/name");
    return Optional.of(
        Files.exists(mapped)
            ? "/dev/mapper/" + Files.readString(mapped).strip()
            : "/dev/" + name(directory.get()).replace('!', '/'));
  }

  /** The whole disks under a device: what is busy when it is. */
  Set<DeviceNumber> disks(DeviceNumber number) throws IOException {
    Set<DeviceNumber> disks = new LinkedHashSet<>();
    Optional<Path> directory = directory(number);
    if (directory.isPresent()) {
      collectDisks(directory.get(), disks);
    }
    return disks;
  }

  private Optional<Path> directory(DeviceNumber number) throws IOException {
    try {
      return Optional.of(byNumber.resolve(number.toString()).toRealPath());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static void collectDisks(Path directory, Set<DeviceNumber> disks) throws IOException {
    if (Files.exists(directory.resolve("partition"))) {
      collectDisks(directory.resolve("..").toRealPath(), disks);
      return;
    }
    boolean lowest = true;
    Path slaves = directory.resolve("slaves");
    if (Files.isDirectory(slaves)) {
      try (DirectoryStream<Path> below = Files.newDirectoryStream(slaves)) {
        for (Path slave : below) {
          collectDisks(slave.toRealPath(), disks);
          lowest = false;
        }
      }
    }
    if (lowest) {
      disks.add(DeviceNumber.parse(Files.readString(directory.resolve("dev")).strip()));
    }
  }

  private static String name(Path directory) {
    Path name = directory.getFileName();
    return name == null ? "" : name.toString();
  }
}
