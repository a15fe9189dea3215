package io.quorate.agent.observe;

import io.quorate.agent.observe.HostCounters.DeviceNumber;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a directory really lies. What cannot be known (a network file system, a pool of disks such
 * as ZFS and btrfs make, the inside of a container) is an absent device, never a guess.
 *
 * @param existing the directory, or its nearest ancestor that exists
 */
record Location(Path existing, Mounts.Mount mount, Optional<Device> device) {

  /**
   * @param disks the whole disks under it
   */
  record Device(DeviceNumber number, String path, Set<DeviceNumber> disks) {
    Device {
      disks = Set.copyOf(disks);
    }
  }

  static Location of(
      Path wanted, Mounts mounts, BlockDevices devices, Map<DeviceNumber, HostCounters.Disk> known)
      throws IOException {
    Path existing = nearestExisting(wanted);
    Mounts.Mount mount =
        mounts.of(existing).orElseThrow(() -> new IOException("no mount holds " + existing));
    Optional<DeviceNumber> number =
        mounts.beneath(mount).map(Mounts.Mount::device).filter(known::containsKey);
    if (number.isEmpty()) {
      return new Location(existing, mount, Optional.empty());
    }
    Set<DeviceNumber> disks = devices.disks(number.get());
    return new Location(
        existing,
        mount,
        devices.path(number.get()).map(path -> new Device(number.get(), path, disks)));
  }

  static Path nearestExisting(Path wanted) throws IOException {
    for (Path path = wanted; path != null; path = path.getParent()) {
      if (Files.exists(path)) {
        return path.toRealPath();
      }
    }
    throw new IOException("nothing of " + wanted + " exists");
  }
}
