package io.quorate.lab.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code bin/bench NAME…}: runs benches, and ends with 1 when one misses what is wanted. */
public final class BenchMain {
  private static final List<Bench> BENCHES =
      List.of(new DeployBench(), new UpgradeBench(), new ReplaceBench(), new SnapshotBench());

  private BenchMain() {}

  public static void main(String[] arguments) {
    List<String> names = List.of(arguments);
    List<Bench> chosen =
        names.equals(List.of("all"))
            ? BENCHES
            : BENCHES.stream().filter(bench -> names.contains(bench.name())).toList();
    if (chosen.isEmpty() || (chosen.size() != names.size() && chosen.size() != BENCHES.size())) {
      System.out.println("usage: bin/bench NAME… | all");
      BENCHES.forEach(bench -> System.out.printf("  %-10s %s%n", bench.name(), bench.meaning()));
      System.exit(64);
    }
    boolean met = true;
    for (Bench bench : chosen) {
      System.out.printf("== %s, on %s%n", bench.name(), machine());
      Figures figures = new Figures(System.out);
      bench.run(figures);
      figures.printTable();
      met &= figures.met();
    }
    System.exit(met ? 0 : 1);
  }

  /** Figures mean nothing without it; a high load means that others were at work, too. */
  private static String machine() {
    return "%d cores, Java %s, kernel %s, load %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            Runtime.version().feature(),
            System.getProperty("os.version"),
            load());
  }

  private static String load() {
    try {
      String averages = Files.readString(Path.of("/proc/loadavg"));
      return averages.substring(0, averages.indexOf(' '));
    } catch (java.io.IOException e) {
      return "unknown";
    }
  }
}
