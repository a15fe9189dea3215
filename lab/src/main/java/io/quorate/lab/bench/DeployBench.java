package io.quorate.lab.bench;

import io.quorate.lab.Lab;
import io.quorate.lab.LabHost;
import io.quorate.lab.Ran;
import io.quorate.lab.bench.Figures.Figure;
import io.quorate.lab.bench.Figures.Reference;
import io.quorate.lab.bench.Figures.Wanted;
import io.quorate.lab.fleet.Await;
import io.quorate.lab.fleet.ClusterFile;
import io.quorate.lab.fleet.Fleet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * How long an operator waits for a cluster, and what Quorate costs a host afterwards.
 *
 * <ol>
 *   <li>With the release still to be fetched: {@code quorate apply} from its start to its end,
 *       which comes when all three members are healthy. The releases are taken off the hosts
 *       before.
 *   <li>With the release on the hosts: the same.
 *   <li>The same file again, nothing to do.
 *   <li>The agents that did all this, left alone for a while: resident memory, then what they use
 *       of a core.
 *   <li>The floor: the members that were just deployed, agents stopped, data taken away, started by
 *       hand with systemctl until {@code etcdctl endpoint health} says yes. Nothing that deploys
 *       etcd can be faster.
 * </ol>
 */
final class DeployBench implements Bench {
  private static final String VERSION = "3.5.30";
  private static final int ROUNDS = 3;

  /** Agents give memory back after 20 s of quiet. */
  private static final Duration TO_SETTLE = Duration.ofSeconds(40);

  private static final Duration IDLE = Duration.ofSeconds(40);

  @Override
  public String name() {
    return "deploy";
  }

  @Override
  public String meaning() {
    return "from nothing to a healthy cluster; applying nothing; what an idle agent costs";
  }

  @Override
  public void run(Figures figures) {
    try (Lab lab = Lab.up(3);
        Fleet fleet = Fleet.start(lab)) {
      fleet.join(lab.hosts());
      fleet.addRelease(VERSION);
      new Run(lab, fleet, figures).all();
    }
  }

  private record Run(Lab lab, Fleet fleet, Figures figures) {

    void all() {
      List<Double> fetching = new ArrayList<>();
      List<Double> ready = new ArrayList<>();
      List<Double> byHand = new ArrayList<>();
      int number = 0;
      for (int i = 0; i < ROUNDS; i++) {
        forgetReleases();
        ClusterFile file = file(++number);
        fetching.add(deploy("release to fetch", file));
        fleet.delete(file.cluster()).orThrow();
      }
      ClusterFile last = file(++number);
      for (int i = 0; i < ROUNDS; i++) {
        ready.add(deploy("release on hosts", last));
        if (i < ROUNDS - 1) {
          fleet.delete(last.cluster()).orThrow();
          last = file(++number);
        }
      }
      ClusterFile same = last;
      List<Double> nothing =
          Figures.times(5, () -> Figures.seconds(() -> succeed(fleet.apply(same))));
      idle();
      lab.hosts().forEach(host -> fleet.agent(host).stop());
      for (int i = 0; i < ROUNDS; i++) {
        byHand.add(startByHand(last));
      }
      Reference floor = new Reference("systemctl start", byHand);
      figures.add(
          new Figure("apply to healthy, release on hosts", ready, "s", Wanted.most(5), floor));
      figures.add(
          new Figure("apply to healthy, release to fetch", fetching, "s", Wanted.most(8), floor));
      figures.add(
          new Figure("apply with nothing to do", nothing, "s", Wanted.most(1), Reference.none()));
    }

    private ClusterFile file(int number) {
      return ClusterFile.of("bench" + number, VERSION, lab.hosts());
    }

    private double deploy(String how, ClusterFile file) {
      double seconds = Figures.seconds(() -> succeed(fleet.apply(file)));
      fleet.etcdctl(file, "endpoint", "health").orThrow();
      figures.say(String.format(Locale.ROOT, "  %s: %.2f s, of which", how, seconds));
      Timeline.print(figures, fleet, file);
      return seconds;
    }

    private void forgetReleases() {
      for (LabHost host : lab.hosts()) {
        fleet.agent(host).stop();
        host.run("sh", "-c", "rm -rf /usr/local/etcd-v* /var/lib/quorate-agent/blobs").orThrow();
        fleet.agent(host).start();
      }
      fleet.awaitConnected(lab.hosts());
    }

    /** The deployed members, without their data and without agents, until all serve. */
    private double startByHand(ClusterFile file) {
      String unit = "etcd@" + file.cluster();
      for (LabHost host : lab.hosts()) {
        host.run("systemctl", "kill", "--signal=KILL", unit);
        host.run("systemctl", "stop", unit).orThrow();
        host.run("sh", "-c", forgetData(file.cluster())).orThrow();
      }
      return Figures.seconds(
          () -> {
            lab.hosts().forEach(host -> host.run("systemctl", "start", "--no-block", unit));
            Await.until(
                "etcd serves",
                Duration.ofMinutes(1),
                () -> fleet.etcdctl(file, "endpoint", "health").succeeded(),
                () ->
                    lab.host(1)
                        .run("journalctl", "--no-pager", "--lines=20", "--unit=" + unit)
                        .out());
          });
    }

    /** etcd's own file says where it keeps them; by now it may say that the cluster is there. */
    private static String forgetData(String cluster) {
      return """
          cd /etc/etcd/%s
          rm -rf $(sed -n 's,^data-dir: *\\(.*\\),\\1/member,p; s,^wal-dir: *,,p' etcd.yaml | tr -d '"')
          sed -i 's,^\\(initial-cluster-state:\\).*,\\1 new,' etcd.yaml
          """
          .formatted(cluster);
    }

    private void idle() {
      Duration settled = TO_SETTLE;
      figures.say("  agents are left alone for %s".formatted(settled.plus(IDLE)));
      LockSupport.parkNanos(settled.toNanos());
      List<AgentProcess> agents = lab.hosts().stream().map(AgentProcess::of).toList();
      List<Double> before = agents.stream().map(AgentProcess::processorSeconds).toList();
      LockSupport.parkNanos(IDLE.toNanos());
      List<Double> shares = new ArrayList<>();
      for (int i = 0; i < agents.size(); i++) {
        double used = agents.get(i).processorSeconds() - before.get(i);
        shares.add(100 * used / Figures.seconds(IDLE));
      }
      figures.add(
          new Figure(
              "agent's resident memory, idle after rollouts",
              agents.stream().map(AgentProcess::residentMebibytes).toList(),
              "MiB",
              Wanted.most(96),
              Reference.none()));
      figures.add(
          new Figure(
              "agent's share of a core, idle", shares, "%", Wanted.most(1), Reference.none()));
    }

    private static void succeed(Ran ran) {
      ran.orThrow();
    }
  }
}
