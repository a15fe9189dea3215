package io.quorate.lab.bench;

import io.quorate.lab.Lab;
import io.quorate.lab.LabHost;
import io.quorate.lab.Ran;
import io.quorate.lab.Releases;
import io.quorate.lab.WritingProcess;
import io.quorate.lab.WritingSummary;
import io.quorate.lab.bench.Figures.Figure;
import io.quorate.lab.bench.Figures.Reference;
import io.quorate.lab.bench.Figures.Wanted;
import io.quorate.lab.fleet.Await;
import io.quorate.lab.fleet.ClusterFile;
import io.quorate.lab.fleet.Fleet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A live cluster of three is brought to another release while a client writes to it 100 times a
 * second, in three ways, again and again in turn:
 *
 * <ol>
 *   <li>The floor: the three restarts alone, by hand, one after the other: {@code systemctl
 *       restart}, then {@code etcdctl endpoint health} until it says yes.
 *   <li>Quorate: {@code quorate apply} from its start to its end, without soak. Once with the
 *       release still to be fetched, once, on the way back, with the release on the hosts.
 *   <li>An Ansible playbook of the usual tasks over ssh, on the same members, without agents.
 * </ol>
 */
final class UpgradeBench implements Bench {
  private static final String OLD = "3.5.16";
  private static final String NEW = "3.5.30";
  private static final int ROUNDS = Integer.getInteger("quorate.bench.rounds", 3);
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** No round is begun after that long, so that it ends in time also where all is slow. */
  private static final Duration LAST_ROUND = Duration.ofMinutes(4);

  @Override
  public String name() {
    return "upgrade";
  }

  @Override
  public String meaning() {
    return "a rolling upgrade under a writing client, beside restarts by hand and a playbook";
  }

  @Override
  public void run(Figures figures) {
    try (Lab lab = Lab.up(3);
        Fleet fleet = Fleet.start(lab)) {
      fleet.join(lab.hosts());
      fleet.addRelease(OLD);
      fleet.addRelease(NEW);
      ClusterFile file = ClusterFile.of("bench", OLD, lab.hosts());
      fleet.apply(file).orThrow();
      new Run(lab, fleet, figures, file).all();
    }
  }

  /** How long it took, and what the client saw meanwhile. */
  private record Change(double seconds, WritingSummary client) {}

  private record Run(Lab lab, Fleet fleet, Figures figures, ClusterFile file) {

    void all() {
      List<Change> byHand = new ArrayList<>();
      List<Change> fetching = new ArrayList<>();
      List<Change> ready = new ArrayList<>();
      List<Change> playbook = new ArrayList<>();
      figures.say("  Ansible and sshd are being installed");
      bench(PATIENCE, "prepare").orThrow();
      // What has never run is slow: everybody once without counting.
      apply(NEW);
      apply(OLD);
      long began = System.nanoTime();
      for (int round = 0; round < ROUNDS; round++) {
        if (round > 0 && System.nanoTime() - began > LAST_ROUND.toNanos()) {
          figures.say("  no further round: %d of %d are done".formatted(round, ROUNDS));
          break;
        }
        byHand.add(changed(this::restartByHand));
        forget(NEW);
        fetching.add(changed(() -> apply(NEW)));
        Timeline.print(figures, fleet, file);
        ready.add(changed(() -> apply(OLD)));
        Timeline.print(figures, fleet, file);
        agents(false);
        playbook.add(changed(this::play));
        back();
        agents(true);
      }
      Reference floor = reference("restarts by hand", byHand);
      double least = Figures.median(seconds(byHand));
      Wanted twice = Wanted.most(2 * least);
      figures.add(new Figure("upgrade, release on hosts", seconds(ready), "s", twice, floor));
      figures.add(new Figure("upgrade, release to fetch", seconds(fetching), "s", twice, floor));
      Wanted third = Wanted.most(Figures.median(seconds(playbook)) / 3);
      Reference ansible = reference("playbook", playbook);
      figures.add(
          new Figure("the same, beside a playbook", seconds(fetching), "s", third, ansible));
      client("by hand", byHand, Wanted.nothing());
      client("upgrade", fetching, Wanted.most(1000));
      client("upgrade, release on hosts", ready, Wanted.most(1000));
      client("playbook", playbook, Wanted.nothing());
    }

    private void client(String what, List<Change> changes, Wanted worst) {
      figures.add(
          new Figure(
              what + ": worst write",
              each(changes, c -> c.client.worstMillis()),
              "ms",
              worst,
              Reference.none()));
      figures.add(
          new Figure(
              what + ": failed or lost writes",
              each(changes, c -> c.client.failed() + c.client.lost()),
              "",
              worst.named() ? Wanted.most(0) : worst,
              Reference.none()));
    }

    private Change changed(Runnable change) {
      try (WritingProcess writing = fleet.startWriting(file, true)) {
        double seconds = Figures.seconds(change);
        return new Change(seconds, writing.finish());
      }
    }

    private void apply(String version) {
      fleet.apply(file.withVersion(version)).orThrow();
    }

    private void restartByHand() {
      for (LabHost host : lab.hosts()) {
        host.run("systemctl", "restart", unit()).orThrow();
        awaitHealthy(host);
      }
    }

    private void awaitHealthy(LabHost host) {
      ClusterFile one = file.withHosts(List.of(host));
      Await.until(
          host + " is healthy",
          PATIENCE,
          () -> fleet.etcdctl(one, "endpoint", "health").succeeded(),
          () -> "");
    }

    /** Takes the release off the hosts. */
    private void forget(String version) {
      agents(false);
      for (LabHost host : lab.hosts()) {
        host.run(
                "sh",
                "-c",
                "rm -rf /usr/local/etcd-v%s-* /opt/etcd-v* /var/lib/quorate-agent/blobs"
                    .formatted(version))
            .orThrow();
      }
      agents(true);
    }

    private void agents(boolean run) {
      for (LabHost host : lab.hosts()) {
        if (run) {
          fleet.agent(host).start();
        } else {
          fleet.agent(host).stop();
        }
      }
      if (run) {
        fleet.awaitConnected(lab.hosts());
      }
    }

    private void play() {
      bench(PATIENCE, "play", Releases.require(NEW).path().toString(), file.cluster()).orThrow();
    }

    /** To what Quorate had laid down, so that the agents find everything as they left it. */
    private void back() {
      for (LabHost host : lab.hosts()) {
        host.run(
                "sh",
                "-c",
                "ln -sfn /usr/local/etcd-v%s-* /etc/etcd/%s/release".formatted(OLD, file.cluster()))
            .orThrow();
      }
      restartByHand();
    }

    private String unit() {
      return "etcd@" + file.cluster();
    }

    private Ran bench(Duration limit, String... words) {
      return lab.bench(limit, "ansible", words);
    }

    private static Reference reference(String what, List<Change> changes) {
      return new Reference(what, seconds(changes));
    }

    private static List<Double> seconds(List<Change> changes) {
      return each(changes, Change::seconds);
    }

    private static List<Double> each(List<Change> changes, ToDoubleFunction<Change> figure) {
      List<Double> all = new ArrayList<>();
      changes.forEach(change -> all.add(figure.applyAsDouble(change)));
      return Collections.unmodifiableList(all);
    }
  }
}
