package io.quorate.agent;

import io.quorate.agent.boot.BootGate;
import io.quorate.agent.host.CrashPoints;
import io.quorate.agent.host.Host;
import io.quorate.agent.host.LinuxHost;
import io.quorate.agent.session.Endpoint;
import io.quorate.agent.session.Identity;
import io.quorate.agent.session.IdentityFiles;
import io.quorate.agent.session.Joining;
import io.quorate.common.config.Configuration;
import io.quorate.common.config.Option;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostName;
import io.quorate.common.pki.Pin;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code quorate-agent [run|join|admit|version|crash-points]}: joins a host once, then serves it
 * until told to end.
 */
public final class Main {
  static final String VERSION =
      java.util.Objects.requireNonNullElse(
          Main.class.getPackage().getImplementationVersion(), "dev");
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  static final List<Option> OPTIONS =
      List.of(
          Option.empty(
              "root",
              "one directory for everything: data, releases, state; for an agent without root"),
          Option.empty("service", "systemd or supervised; by default what this machine runs"),
          Option.empty("coordinator", "HOST:PORT to dial, several with commas; kept from joining"),
          Option.empty("pin", "SHA-256 of the coordinator's authority, for joining"),
          Option.empty("token", "what the coordinator gave out for joining"),
          Option.empty("host", "the name to join under, when the token names none"));

  private Main() {}

  public static void main(String[] arguments) {
    List<String> words = new ArrayList<>(List.of(arguments));
    String verb =
        words.isEmpty() || words.getFirst().startsWith("--") ? "run" : words.removeFirst();
    try {
      switch (verb) {
        case "run" -> run(configuration(words));
        case "join" -> join(configuration(words));
        case "admit" -> admit(words);
        case "version" -> System.out.println("quorate-agent " + VERSION);
        case "crash-points" -> CrashPoints.names().forEach(System.out::println);
        default -> {
          help();
          System.exit(verb.equals("help") ? 0 : 64);
        }
      }
    } catch (QuorateException e) {
      complain(e.problem());
      System.exit(1);
    } catch (IOException e) {
      complain(Problem.of(Code.Q2020, String.valueOf(e.getMessage())));
      System.exit(1);
    }
  }

  private static Configuration configuration(List<String> words) {
    if (words.contains("--help")) {
      help();
      System.exit(0);
    }
    return Configuration.load(OPTIONS, words, System.getenv());
  }

  private static void run(Configuration configuration) throws IOException {
    Agent agent = Agent.start(Setup.of(configuration));
    Runtime.getRuntime().addShutdownHook(new Thread(agent::close, "shutdown"));
    LOG.info("agent {} of host {} runs", VERSION, agent.host());
  }

  private static void join(Configuration configuration) {
    Setup setup = Setup.of(configuration);
    List<Endpoint> coordinators =
        configuration.list("coordinator").stream().map(Endpoint::parse).toList();
    if (coordinators.isEmpty()) {
      configuration.require("coordinator");
    }
    Vertx vertx = Vertx.vertx();
    try {
      Identity identity =
          new Joining(vertx, new IdentityFiles(setup.identity()), InstantSource.system(), VERSION)
              .join(
                  new Joining.Invitation(
                      coordinators,
                      new Pin(configuration.require("pin")),
                      configuration.require("token"),
                      configuration.find("host").map(HostName::of)));
      System.out.println("joined as " + identity.host());
    } finally {
      vertx.close().await();
    }
  }

  /** What an operator knows and no agent can: that this boot's members may start. */
  private static void admit(List<String> words) throws IOException {
    if (words.isEmpty() || words.getFirst().startsWith("--")) {
      throw Problem.of(Code.Q1301, "admit needs the name of a cluster")
          .withRemedy("quorate-agent admit CLUSTER")
          .asException();
    }
    ClusterName cluster = ClusterName.of(words.removeFirst());
    Setup setup = Setup.of(configuration(words));
    InstantSource clock = InstantSource.system();
    Host host = new LinuxHost(CrashPoints.from(System.getenv(), setup.layout().state()), clock);
    new BootGate(host, setup.layout(), clock).admit(cluster);
    System.out.println("the member of " + cluster + " may start, until the next boot");
  }

  private static void complain(Problem problem) {
    System.err.println("ERROR " + problem.code() + ": " + problem.sentence());
    problem.causes().forEach(c -> System.err.println("  caused by: " + c));
    Optional.of(problem.state())
        .filter(s -> !s.isEmpty())
        .ifPresent(s -> System.err.println("  state:     " + s));
    problem.remedies().forEach(r -> System.err.println("  remedy:    " + r));
  }

  private static void help() {
    System.out.println(
        "usage: quorate-agent [run|join|admit CLUSTER|version|crash-points] [--config FILE]"
            + " [--NAME VALUE]…");
    System.out.println("A flag wins over QUORATE_NAME, that over the file, that over the default.");
    for (Option option : OPTIONS) {
      System.out.printf("  --%-12s %s%n", option.name(), option.meaning());
    }
  }
}
