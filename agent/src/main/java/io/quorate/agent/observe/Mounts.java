package io.quorate.agent.observe;

import io.quorate.agent.observe.HostCounters.DeviceNumber;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What is mounted where, as {@code /proc/self/mountinfo} tells it. */
record Mounts(List<Mount> mounts) {
  private static final String UPPER_DIRECTORY = "upperdir=";
  private static final int DEEPEST_OVERLAY = 4;

  Mounts {
    mounts = List.copyOf(mounts);
  }

  /** {@code source} is what was mounted: a device's path, or whatever the file system likes. */
  record Mount(
      DeviceNumber device, Path point, String fileSystem, String source, List<String> options) {
    Mount {
      options = List.copyOf(options);
    }
  }

  static Mounts read(Path mountinfo) throws IOException {
    return parse(Files.readAllLines(mountinfo));
  }

  static Mounts parse(List<String> lines) {
    List<Mount> mounts = new ArrayList<>();
    for (String line : lines) {
      String[] fields = line.split(" ", -1);
      int separator = Arrays.asList(fields).indexOf("-");
      if (separator < 6 || fields.length < separator + 4) {
        throw new IllegalArgumentException("not a line of mountinfo: " + line);
      }
      mounts.add(
          new Mount(
              DeviceNumber.parse(fields[2]),
              Path.of(unescape(fields[4])),
              fields[separator + 1],
              unescape(fields[separator + 2]),
              List.of(unescape(fields[separator + 3]).split(",", -1))));
    }
    return new Mounts(mounts);
  }

  /** The mount that holds a path; of several on one point the last hides the others. */
  Optional<Mount> of(Path path) {
    Mount found = null;
    for (Mount mount : mounts) {
      if (path.startsWith(mount.point())
          && (found == null || mount.point().getNameCount() >= found.point().getNameCount())) {
        found = mount;
      }
    }
    return Optional.ofNullable(found);
  }

  /**
   * The mount whose disk takes what is written to this one: for an overlay that of its upper
   * directory, if that can be seen from here (in a container it cannot), else the mount itself.
   */
  Optional<Mount> beneath(Mount mount) {
    Mount lower = mount;
    for (int depth = 0; depth < DEEPEST_OVERLAY; depth++) {
      if (!lower.fileSystem().equals("overlay")) {
        return Optional.of(lower);
      }
      Optional<Mount> next = upperDirectory(lower).filter(Files::isDirectory).flatMap(this::of);
      if (next.isEmpty() || next.get().equals(lower)) {
        return Optional.empty();
      }
      lower = next.get();
    }
    return Optional.empty();
  }

  private static Optional<Path> upperDirectory(Mount overlay) {
    return overlay.options().stream()
        .filter(option -> option.startsWith(UPPER_DIRECTORY))
        .map(option -> Path.of(option.substring(UPPER_DIRECTORY.length())))
        .filter(Path::isAbsolute)
        .findFirst();
  }

  /** The kernel writes space, tab, newline and backslash as three octal digits. */
  private static String unescape(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\' && i + 3 < text.length() && isOctal(text, i + 1)) {
        plain.append((char) Integer.parseInt(text, i + 1, i + 4, 8));
        i += 3;
      } else {
        plain.append(text.charAt(i));
      }
    }
    return plain.toString();
  }

  private static boolean isOctal(String text, int from) {
    return text.substring(from, from + 3).chars().allMatch(digit -> digit >= '0' && digit <= '7');
  }
}
