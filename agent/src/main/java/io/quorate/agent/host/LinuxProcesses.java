package io.quorate.agent.host;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** {@link HostProcesses} on Linux: {@code /proc} and argument vectors. */
final class LinuxProcesses {
  private static final int LONGEST_OUTPUT = 4 << 20;
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final Path PROC = Path.of("/proc");

  /** The kernel shows ticks of 10 ms to user space on every architecture that etcd is built for. */
  private static final long TICKS_PER_SECOND = 100;

  /** How often, a millisecond apart, an empty environment is read again. */
  private static final int EXEC_LOOKS = 50;

  HostProcesses.Finished run(HostProcesses.Command command) throws IOException {
    ProcessBuilder builder = builder(command.arguments(), command.environment());
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    Process process = builder.start();
    CompletableFuture<String> output = collect(process.getInputStream());
    CompletableFuture<String> errors = collect(process.getErrorStream());
    try {
      boolean ended = process.waitFor(command.timeout().toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        process.destroyForcibly();
        process.waitFor();
      }
      return new HostProcesses.Finished(process.exitValue(), output.get(), errors.get(), !ended);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while running " + command, e);
    } catch (ExecutionException e) {
      throw new IOException("cannot read what " + command + " says", e);
    }
  }

  long spawn(HostProcesses.Command command, Path log, HostProcesses.Ended ended)
      throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add("setsid");
    arguments.addAll(command.arguments());
    ProcessBuilder builder = builder(arguments, command.environment());
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Process process = builder.start();
    CompletableFuture<Void> unused =
        process.onExit().thenAccept(it -> ended.ended(it.pid(), it.exitValue()));
    return process.pid();
  }

  List<Long> processes() throws IOException {
    try (Stream<Path> entries = Files.list(PROC)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.chars().allMatch(Character::isDigit))
          .map(Long::valueOf)
          .sorted()
          .toList();
    }
  }

  Optional<HostProcesses.ProcessFacts> process(long pid) throws IOException {
    String stat;
    try {
      stat = Files.readString(of(pid).resolve("stat"), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      if (Files.exists(of(pid))) {
        throw e;
      }
      return Optional.empty(); // it ended while it was being read
    }
    // The second field is the name in parentheses and may hold anything, blanks and parentheses
    // too.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    if (fields[0].equals("Z") || fields[0].equals("X")) {
      return Optional.empty();
    }
    long ticks = Long.parseLong(fields[19]);
    Instant started = Instant.ofEpochSecond(bootTime()).plusMillis(ticks * 1000 / TICKS_PER_SECOND);
    return Optional.of(new HostProcesses.ProcessFacts(pid, ticks, started));
  }

  /**
   * For a moment within each execve(2) the kernel shows nothing at all. So what is empty is looked
   * at again, unless it has no executable either: the kernel's own threads, and what has ended.
   */
  Map<String, String> environment(long pid) throws IOException {
    Map<String, String> environment = environmentNow(pid);
    for (int look = 0; look < EXEC_LOOKS && environment.isEmpty(); look++) {
      if (executable(pid).isEmpty()) {
        return environment;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      environment = environmentNow(pid);
    }
    return environment;
  }

  private static Map<String, String> environmentNow(long pid) {
    Map<String, String> environment = new HashMap<>();
    byte[] raw;
    try {
      raw = Files.readAllBytes(of(pid).resolve("environ"));
    } catch (IOException e) {
      return Map.of(); // of somebody else, of the kernel, or gone by now
    }
    for (String entry : new String(raw, StandardCharsets.UTF_8).split("\0", -1)) {
      int equals = entry.indexOf('=');
      if (equals > 0) {
        environment.put(entry.substring(0, equals), entry.substring(equals + 1));
      }
    }
    return Map.copyOf(environment);
  }

  Optional<Path> executable(long pid) {
    try {
      return Optional.of(Files.readSymbolicLink(of(pid).resolve("exe")));
    } catch (IOException e) {
      return Optional.empty(); // of somebody else, of the kernel, or gone by now
    }
  }

  /** What it runs, whatever lies at that path by now. */
  static Path image(long pid) {
    return of(pid).resolve("exe");
  }

  void signal(HostProcesses.ProcessFacts process, HostProcesses.Signal signal) throws IOException {
    Optional<HostProcesses.ProcessFacts> now = process(process.pid());
    if (now.isEmpty() || now.get().startTicks() != process.startTicks()) {
      return;
    }
    ProcessHandle.of(process.pid())
        .ifPresent(
            handle -> {
              switch (signal) {
                case TERMINATE -> handle.destroy();
                case KILL -> handle.destroyForcibly();
              }
            });
  }

  boolean canListen(String address, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      // As etcd does: a port whose last connections are still draining is free.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * The kernel's own id, and when its first process was started: in a container that has booted
   * anew the kernel is still the same.
   */
  String bootId() throws IOException {
    String kernel = Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
    return process(1).map(first -> kernel + "-" + first.startTicks()).orElse(kernel);
  }

  private static Path of(long pid) {
    return PROC.resolve(Long.toString(pid));
  }

  private static long bootTime() throws IOException {
    try (Stream<String> lines = Files.lines(PROC.resolve("stat"))) {
      return lines
          .filter(line -> line.startsWith("btime "))
          .map(line -> Long.parseLong(line.substring(6).strip()))
          .findFirst()
          .orElseThrow(() -> new IOException("/proc/stat does not tell the boot time"));
    }
  }

  private static ProcessBuilder builder(List<String> arguments, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(arguments);
    builder.directory(new File("/"));
    builder.environment().clear();
    builder.environment().put("PATH", PATH);
    builder.environment().put("LC_ALL", "C");
    builder.environment().putAll(environment);
    return builder;
  }

  private static CompletableFuture<String> collect(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("output")
        .start(
            () -> {
              ByteArrayOutputStream kept = new ByteArrayOutputStream();
              byte[] buffer = new byte[8192];
              try (stream) {
                for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
                  kept.write(buffer, 0, Math.min(n, LONGEST_OUTPUT - kept.size()));
                }
                text.complete(kept.toString(StandardCharsets.UTF_8));
              } catch (IOException | UncheckedIOException e) {
                text.completeExceptionally(e);
              }
            });
    return text;
  }
}
