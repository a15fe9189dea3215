package io.quorate.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** One host of a lab: systemd as PID 1, an address of its own, a cable and a power cord. */
public final class LabHost {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Lab lab;
  private final int number;

  LabHost(Lab lab, int number) {
    this.lab = lab;
    this.number = number;
  }

  public String name() {
    return "h" + number;
  }

  public String address() {
    return "10.77.0." + (10 + number);
  }

  /** Runs a command on the host as root. */
  public Ran run(String... command) {
    return run(PATIENCE, command);
  }

  public Ran run(Duration limit, String... command) {
    return lab.script(
        limit,
        "shell",
        Stream.concat(Stream.of(name()), Stream.of(command)).toArray(String[]::new));
  }

  /** A file of the host as seen from here; {@code path} is absolute and not under /run or /tmp. */
  public Path file(String path) {
    return lab.directory().resolve(name()).resolve("root").resolve(path.substring(1));
  }

  /** Writes a file of the host, owned by root, readable by all. */
  public void write(String path, String content) {
    try {
      Path file = file(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Power loss: everything ends at once. */
  public void kill() {
    script("kill");
  }

  /** Shuts down in good order. */
  public void poweroff() {
    script("poweroff");
  }

  /** Switches on, and waits until it is up. */
  public void boot() {
    script("boot");
  }

  /** Pulls the cable. */
  public void cut() {
    script("cut");
  }

  /** Drops everything between this host and another. */
  public void cutFrom(LabHost other) {
    script("cut", other.name());
  }

  /** Drops everything between this host and the coordinator; its peers still hear it. */
  public void cutFromSwitch() {
    script("cut", "switch");
  }

  /** Undoes every cut that was made at this host. */
  public void heal() {
    script("heal");
  }

  private void script(String script, String... more) {
    lab.script(
            PATIENCE,
            script,
            Stream.concat(Stream.of(name()), Stream.of(more)).toArray(String[]::new))
        .orThrow();
  }

  @Override
  public String toString() {
    return name();
  }
}
