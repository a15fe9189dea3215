package io.quorate.lab.bench;

import io.quorate.lab.bench.Figures.Figure;
import io.quorate.lab.bench.Figures.Reference;
import io.quorate.lab.bench.Figures.Wanted;
import io.quorate.lab.fleet.ClusterFile;
import io.quorate.lab.fleet.Fleet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A snapshot of a database of about 1 GiB: {@code quorate snapshot save}, with everything that it
 * proves about the file, beside {@code etcdctl snapshot save} to the same disk, by turns.
 */
final class SnapshotBench implements Bench {
  private static final String VERSION = "3.5.30";
  private static final int MEBIBYTES = 1000;
  private static final int ROUNDS = 5;

  /** At least 0.8 of etcdctl's throughput. */
  private static final double SLOWER = 1 / 0.8;

  @Override
  public String name() {
    return "snapshot";
  }

  @Override
  public String meaning() {
    return "saving a snapshot of about 1 GiB, beside etcdctl";
  }

  @Override
  public void run(Figures figures) {
    Fleet fleet = Fleet.up(3, VERSION);
    try {
      measure(fleet, figures);
    } finally {
      fleet.down();
    }
  }

  private static void measure(Fleet fleet, Figures figures) {
    ClusterFile file =
        ClusterFile.of("prod", VERSION, fleet.lab().hosts()).with("backup", "{every: never}");
    fleet.apply(file).orThrow();
    fleet.fill(file, MEBIBYTES);
    ClusterFile one = file.withHosts(fleet.lab().hosts().subList(0, 1));
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      Path target = fleet.data().resolveSibling("by-hand-" + round);
      theirs.add(Figures.seconds(() -> byHand(fleet, one, target)));
      fleet.lab().run(Duration.ofMinutes(1), "rm", target.toString()).orThrow();
      ours.add(Figures.seconds(() -> fleet.quorate("snapshot", "save", "prod").orThrow()));
    }
    figures.add(
        new Figure(
            "snapshot save, verified and readable",
            ours,
            "s",
            Wanted.most(Figures.median(theirs) * SLOWER),
            new Reference("etcdctl snapshot save", theirs)));
  }

  private static void byHand(Fleet fleet, ClusterFile one, Path target) {
    fleet.etcdctl(one, "--command-timeout=120s", "snapshot", "save", target.toString()).orThrow();
  }
}
