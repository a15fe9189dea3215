package io.quorate.agent.host;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Processes: argument vectors in, facts out. There is no shell anywhere. */
public interface HostProcesses {
  /** Runs to the end, or to the timeout, and then kills it. Standard input is empty. */
  Finished run(Command command) throws IOException;

  /**
   * Starts a process in a session of its own that outlives the agent, both outputs appended to a
   * log.
   *
   * @param ended told the exit code while the agent that started it is still there
   * @return its process id
   */
  long spawn(Command command, Path log, Ended ended) throws IOException;

  /** All process ids. */
  List<Long> processes() throws IOException;

  /** A live process; empty for one that has ended, reaped or not. */
  Optional<ProcessFacts> process(long pid) throws IOException;

  /** The environment that it was started with; empty when that may not be read. */
  Map<String, String> environment(long pid) throws IOException;

  /**
   * Where the executable was when it was started (the kernel marks it when it is there no more);
   * empty when that may not be read.
   */
  Optional<Path> executable(long pid);

  /** The digest of the executable as it is in memory, whatever lies at its path by now. */
  String executableSha256(long pid) throws IOException;

  /** Sends a signal, unless the process id belongs to another process by now. */
  void signal(ProcessFacts process, Signal signal) throws IOException;

  boolean userExists(String user);

  /** Whether a socket could be opened there for listening. */
  boolean canListen(String address, int port);

  /** Changes with every boot. */
  String bootId() throws IOException;

  /** Told, from any thread, how a spawned process ended. */
  @FunctionalInterface
  interface Ended {
    void ended(long pid, int exitCode);
  }

  /** What the agent ever sends. */
  enum Signal {
    TERMINATE,
    KILL
  }

  /** One live process: the pair of id and start ticks is never used twice within a boot. */
  record ProcessFacts(long pid, long startTicks, Instant started) {}

  /** An argument vector; the environment is exactly the one given, plus a plain PATH. */
  record Command(List<String> arguments, Map<String, String> environment, Duration timeout) {
    public Command {
      arguments = List.copyOf(arguments);
      environment = Map.copyOf(environment);
    }

    public static Command of(Duration timeout, String... arguments) {
      return new Command(List.of(arguments), Map.of(), timeout);
    }

    @Override
    public String toString() {
      return String.join(" ", arguments);
    }
  }

  /** How a command ended; both outputs cut at 4 MiB. */
  record Finished(int exitCode, String output, String errors, boolean timedOut) {
    public boolean succeeded() {
      return exitCode == 0 && !timedOut;
    }

    /** The last words, for a sentence about a failure. */
    public String lastWords() {
      String text = errors.isBlank() ? output.strip() : errors.strip();
      String line = text.substring(text.lastIndexOf('\n') + 1);
      return timedOut ? "timed out; " + line : "exit code " + exitCode + ": " + line;
    }
  }
}
