package io.quorate.lab.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/**
 * {@code bin/simulate --seeds N [--from SEED] [--scenario NAME] [--agents real]} runs many
 * histories; {@code bin/simulate --seed N --scenario NAME} tells one.
 */
public final class SimulateMain {
  private SimulateMain() {}

  public static void main(String[] arguments) {
    List<Scenario> scenarios = List.of(Scenario.values());
    long from = 1;
    long seeds = 1000;
    boolean one = false;
    SimAgent.Kind agents = SimAgent.Kind.PLAIN;
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      String value = arguments[i + 1];
      switch (arguments[i]) {
        case "--seed" -> {
          from = Long.parseLong(value);
          one = true;
        }
        case "--agents" -> agents = SimAgent.Kind.valueOf(value.toUpperCase(Locale.ROOT));
        case "--from" -> from = Long.parseLong(value);
        case "--seeds" -> seeds = Long.parseLong(value);
        case "--scenario" ->
            scenarios =
                Arrays.stream(value.split(","))
                    .map(name -> Scenario.valueOf(name.toUpperCase(Locale.ROOT)))
                    .toList();
        default -> throw new IllegalArgumentException("unknown: " + arguments[i]);
      }
    }
    System.exit(one ? tell(from, scenarios, agents) : many(from, seeds, scenarios, agents));
  }

  private static int tell(long seed, List<Scenario> scenarios, SimAgent.Kind agents) {
    boolean well = true;
    for (Scenario scenario : scenarios) {
      Simulation.Result result = Simulation.run(seed, scenario, World.Plan.of(agents), true);
      result.trace().forEach(System.out::println);
      System.out.println(summary(result));
      well &= result.well();
    }
    return well ? 0 : 1;
  }

  private static int many(long from, long seeds, List<Scenario> scenarios, SimAgent.Kind agents) {
    ConcurrentLinkedQueue<Simulation.Result> failures = new ConcurrentLinkedQueue<>();
    AtomicLong virtual = new AtomicLong();
    long start = System.nanoTime();
    LongStream.range(from, from + seeds)
        .parallel()
        .forEach(
            seed -> {
              Scenario scenario = of(seed, scenarios);
              Simulation.Result result =
                  Simulation.run(seed, scenario, World.Plan.of(agents), false);
              virtual.addAndGet(result.took().toSeconds());
              if (!result.well()) {
                failures.add(result);
                System.out.println(summary(result));
              }
            });
    System.out.printf(
        "%d histories, %d hours of virtual time, %d failures, %.1f s%n",
        seeds, virtual.get() / 3600, failures.size(), (System.nanoTime() - start) / 1e9);
    return failures.isEmpty() ? 0 : 1;
  }

  /** Where to begin, and how many histories there are of all kinds or of one. */
  record Seeds(long from, long count, List<Scenario> scenarios) {
    static Seeds ofAll(long from, long count) {
      return new Seeds(from, count, List.of(Scenario.values()));
    }
  }

  /** The first failures among many seeds, as commands to replay them. */
  static List<String> failures(Seeds seeds, World.Plan plan) {
    List<String> failures = new ArrayList<>();
    long end = seeds.from() + seeds.count();
    for (long seed = seeds.from(); seed < end && failures.size() < 3; seed++) {
      Simulation.Result result = Simulation.run(seed, of(seed, seeds.scenarios()), plan, false);
      if (!result.well()) {
        failures.add(summary(result));
      }
    }
    return failures;
  }

  private static Scenario of(long seed, List<Scenario> scenarios) {
    return scenarios.get(Math.floorMod(seed, scenarios.size()));
  }

  private static String summary(Simulation.Result result) {
    return result.well()
        ? "well, after %s".formatted(result.took())
        : "bin/simulate --seed %d --scenario %s --agents %s%n    %s"
            .formatted(
                result.seed(),
                result.scenario().name().toLowerCase(Locale.ROOT),
                result.agents().name().toLowerCase(Locale.ROOT),
                String.join("\n    ", result.violations()));
  }
}
