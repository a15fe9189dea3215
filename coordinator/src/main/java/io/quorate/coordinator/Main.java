package io.quorate.coordinator;

import io.quorate.common.config.Configuration;
import io.quorate.common.config.Option;
import io.quorate.common.error.QuorateException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code quorate-coordinator}: reads its settings, runs until it is told to end. {@code
 * quorate-coordinator restored}: see {@link Restored}.
 */
public final class Main {
  static final String VERSION =
      java.util.Objects.requireNonNullElse(
          Main.class.getPackage().getImplementationVersion(), "dev");
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  static final List<Option> OPTIONS =
      List.of(
          Option.of("data", "/var/lib/quorate-coordinator", "directory of everything it keeps"),
          Option.empty(
              "snapshots",
              "directory of the snapshots, any mounted one; 'snapshots' in --data by default"),
          Option.of("listen", "0.0.0.0:7443", "address and port for agents and operators"),
          Option.empty(
              "names",
              "names and addresses under which it is reached; they go into its certificate"),
          Option.empty(
              "advertise", "HOST:PORT that agents are told to dial; the first of names by default"),
          Option.empty(
              "context-file",
              "where the first operator's context is written for the command line; 'none' for"
                  + " nowhere but the data directory"));

  private Main() {}

  public static void main(String[] arguments) {
    if (Arrays.asList(arguments).contains("--help")) {
      help(System.out);
      return;
    }
    if (Arrays.asList(arguments).contains("--version")) {
      System.out.println("quorate-coordinator " + VERSION);
      return;
    }
    boolean restored = arguments.length > 0 && arguments[0].equals("restored");
    List<String> flags = List.of(arguments).subList(restored ? 1 : 0, arguments.length);
    try {
      Configuration configuration = Configuration.load(OPTIONS, flags, System.getenv());
      if (restored) {
        Restored.mark(Path.of(configuration.require("data")).toAbsolutePath(), System.out);
        return;
      }
      Coordinator coordinator = Coordinator.start(Setup.of(configuration));
      Runtime.getRuntime().addShutdownHook(new Thread(coordinator::close, "shutdown"));
      LOG.info("listening on {}", coordinator.address());
    } catch (QuorateException e) {
      System.err.println("ERROR " + e.getMessage());
      e.problem().causes().forEach(c -> System.err.println("  caused by: " + c));
      e.problem().remedies().forEach(r -> System.err.println("  remedy:    " + r));
      System.exit(1);
    }
  }

  private static void help(PrintStream out) {
    out.println("usage: quorate-coordinator [restored] [--config FILE] [--NAME VALUE]…");
    out.println(
        "restored: once, after its data directory came back from a backup, before the start");
    out.println("A flag wins over QUORATE_NAME, that over the file, that over the default.");
    for (Option option : OPTIONS) {
      out.printf(
          "  --%-14s %s%s%n",
          option.name(), option.meaning(), option.fallback().map(f -> " (" + f + ")").orElse(""));
    }
  }
}
