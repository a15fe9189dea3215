package io.quorate.coordinator.spec;

import io.quorate.common.error.Code;
import io.quorate.coordinator.spec.yaml.Findings;
import io.quorate.coordinator.spec.yaml.SafeYaml;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Directories of a member: absolute, plain, and nowhere that renaming them could hurt. A data
 * directory is renamed aside when it must go, so it may not be one that belongs to the system.
 */
final class Directories {
  private static final Pattern PLAIN = Pattern.compile("(/[A-Za-z0-9_][A-Za-z0-9._-]{0,99}){1,12}");
  private static final int LONGEST = 200;
  private static final List<String> SYSTEM =
      List.of(
          "/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/run", "/sbin", "/sys",
          "/usr");
  private static final List<String> SHALLOW =
      List.of("/var/lib", "/var/log", "/var/cache", "/var/lib/etcd");

  private Directories() {}

  static String check(String text) {
    if (text.length() > LONGEST || !PLAIN.matcher(text).matches()) {
      throw refused(text, "not an absolute path of plain names");
    }
    boolean system = SYSTEM.stream().anyMatch(root -> inside(text, root));
    if (system || SHALLOW.contains(text) || text.indexOf('/', 1) < 0) {
      throw refused(text, "the system's own, or shared by others");
    }
    return text;
  }

  static boolean nested(String one, String other) {
    return inside(one, other) || inside(other, one);
  }

  private static boolean inside(String path, String root) {
    return path.equals(root) || path.startsWith(root + "/");
  }

  private static RuntimeException refused(String text, String why) {
    return Findings.problem(
            Code.Q1004,
            "directory '%s' is %s".formatted(SafeYaml.printable(text), why),
            "write it as /var/lib/etcd/NAME")
        .asException();
  }
}
