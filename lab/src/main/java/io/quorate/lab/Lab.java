package io.quorate.lab;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Several real hosts on this machine, for one test; the scripts in the checkout's {@code lab/} do
 * the work. Needs root.
 *
 * <p>A lab is named after the process that made it, so labs of different test runs live side by
 * side. It goes away with {@link #close()}, and with this process also when that is killed:
 * <em>lab/hold</em> waits for it, and ends what was started in the lab's networks as well. Where
 * that was killed too, the lab goes when the next one is started.
 */
public final class Lab implements AutoCloseable {
  private static final Path PARENT = Path.of("/var/tmp");
  private static final Pattern OF_A_TEST = Pattern.compile("quorate-lab-(t([0-9]+)[a-z])");
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Duration TO_BOOT = Duration.ofMinutes(10);

  private final Path checkout = Commands.checkout();
  private final String name;
  private final List<LabHost> hosts;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Thread onExit = new Thread(this::down, "lab down");
  private final Process holder;

  private Lab(String name, int count) {
    this.name = name;
    this.holder = hold();
    this.hosts = IntStream.rangeClosed(1, count).mapToObj(k -> new LabHost(this, k)).toList();
  }

  /** Brings up hosts h1 to hN; returns when all have booted. */
  public static Lab up(int count) {
    removeAbandoned();
    char letter = (char) ('a' + COUNT.getAndIncrement() % 26);
    Lab lab = new Lab("t" + ProcessHandle.current().pid() + letter, count);
    Runtime.getRuntime().addShutdownHook(lab.onExit);
    try {
      lab.script(TO_BOOT, "up", Integer.toString(count)).orThrow();
    } catch (RuntimeException e) {
      lab.close();
      throw e;
    }
    return lab;
  }

  /** Host hK, from 1 on. */
  public LabHost host(int number) {
    return hosts.get(number - 1);
  }

  public List<LabHost> hosts() {
    return hosts;
  }

  /**
   * Switches several on at the same time, and waits until all are up. A member that is alone is
   * never ready, and the host that carries it never fully up.
   */
  public void boot(List<LabHost> several) {
    script(TO_BOOT, "boot", several.stream().map(LabHost::name).toArray(String[]::new)).orThrow();
  }

  /** The checkout whose jars and scripts the lab runs. */
  public Path checkout() {
    return checkout;
  }

  /** Where the lab keeps its files; gone after {@link #close()}. */
  public Path directory() {
    return PARENT.resolve("quorate-lab-" + name);
  }

  /** Runs a command on this machine in the switch's network, where the coordinator and CLI run. */
  public Ran run(Duration limit, String... command) {
    return script(limit, "exec-switch", command);
  }

  /** Runs one of the scripts that {@code bin/bench} compares with. */
  public Ran bench(Duration limit, String script, String... arguments) {
    return script(limit, "bench/" + script, arguments);
  }

  /** As {@link #run}, not waited for: the caller ends it before the lab goes away. */
  public ProcessBuilder process(String... command) {
    ProcessBuilder builder = new ProcessBuilder(argv("exec-switch", command));
    builder.environment().putAll(environment());
    return builder;
  }

  /** As {@link #process}, at the address of etcd's clients. */
  public ProcessBuilder clientProcess(String... command) {
    ProcessBuilder builder = new ProcessBuilder(argv("exec-client", command));
    builder.environment().putAll(environment());
    return builder;
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException e) {
      // The process is ending: the hook runs or has run, and down() does its work only once.
      return;
    }
    down();
  }

  Ran script(Duration limit, String script, String... arguments) {
    return Commands.run(argv(script, arguments), environment(), limit);
  }

  private void down() {
    if (closed.compareAndSet(false, true)) {
      script(Duration.ofMinutes(2), "down").orThrow();
      release();
    }
  }

  /** In a session of its own, so that what is sent to this process's group does not reach it. */
  private Process hold() {
    List<String> command = new ArrayList<>(List.of("setsid"));
    command.addAll(argv("hold"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment());
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void release() {
    try (OutputStream word = holder.getOutputStream()) {
      word.write("released\n".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException("the lab's holder has ended", e);
    }
  }

  private List<String> argv(String script, String... arguments) {
    List<String> argv = new ArrayList<>();
    argv.add(checkout.resolve("lab").resolve(script).toString());
    argv.addAll(List.of(arguments));
    return argv;
  }

  private Map<String, String> environment() {
    return environment(name);
  }

  private static Map<String, String> environment(String name) {
    return Map.of(
        "QUORATE_LAB", name, "QUORATE_LAB_DIR", PARENT.resolve("quorate-lab-" + name).toString());
  }

  private static void removeAbandoned() {
    List<String> abandoned;
    try (Stream<Path> directories = Files.list(PARENT)) {
      abandoned =
          directories
              .map(directory -> OF_A_TEST.matcher(directory.getFileName().toString()))
              .filter(Matcher::matches)
              .filter(match -> ProcessHandle.of(Long.parseLong(match.group(2))).isEmpty())
              .map(match -> match.group(1))
              .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (String name : abandoned) {
      Commands.run(
              // Nobody holds its other end: as when its own holder saw its owner go.
              List.of(Commands.checkout().resolve("lab/hold").toString()),
              environment(name),
              Duration.ofMinutes(2))
          .orThrow();
    }
  }
}
