package io.quorate.lab.bench;

import io.quorate.lab.Lab;
import io.quorate.lab.LabHost;
import io.quorate.lab.WritingProcess;
import io.quorate.lab.WritingSummary;
import io.quorate.lab.bench.Figures.Figure;
import io.quorate.lab.bench.Figures.Reference;
import io.quorate.lab.bench.Figures.Wanted;
import io.quorate.lab.fleet.Await;
import io.quorate.lab.fleet.ClusterFile;
import io.quorate.lab.fleet.Fleet;
import io.vertx.core.json.JsonArray;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * How long a member's replacement takes, and what a client that writes 100 times a second notices.
 *
 * <ol>
 *   <li>Alive: {@code quorate member replace} from its start to its end, which comes when the new
 *       member votes, the old one is retired and its data is set aside.
 *   <li>Dead: the host loses its power, and the command is given at once. It waits ten seconds to
 *       be sure and saves a snapshot before it takes the member out.
 *   <li>The floor: the same by hand, with etcdctl and systemctl, on prepared hosts, without TLS,
 *       without a wait and without looking at anything twice.
 * </ol>
 */
final class ReplaceBench implements Bench {
  private static final String VERSION = "3.5.30";
  private static final int ALIVE = 3;
  private static final int DEAD = 2;

  @Override
  public String name() {
    return "replace";
  }

  @Override
  public String meaning() {
    return "a live and a dead member replaced, and what a writing client notices";
  }

  @Override
  public void run(Figures figures) {
    try (Lab lab = Lab.up(4);
        Fleet fleet = Fleet.start(lab)) {
      fleet.join(lab.hosts());
      fleet.addRelease(VERSION);
      new Run(lab, fleet, figures).all();
    }
  }

  /** Seconds that replacements took, and what was seen while they went on. */
  private record Taken(List<Double> seconds, List<WritingSummary> writes) {
    static Taken none() {
      return new Taken(new ArrayList<>(), new ArrayList<>());
    }

    List<Double> worst() {
      return writes.stream().map(WritingSummary::worstMillis).toList();
    }

    double failed() {
      return writes.stream().mapToLong(WritingSummary::failed).sum();
    }
  }

  /** Three of four hosts carry the cluster; the fourth is free. */
  interface Cluster {
    List<LabHost> hosts();

    LabHost leader();

    List<URI> endpoints(List<LabHost> hosts);

    WritingProcess write();

    void replace(LabHost old, LabHost with);

    /** A host that was dead is up again. */
    void returned(LabHost host);
  }

  private record Run(Lab lab, Fleet fleet, Figures figures) {

    void all() {
      ClusterFile file =
          ClusterFile.of("bench", VERSION, lab.hosts().subList(0, 3))
              .with("rollout", "{soak: 0s, deadAfter: 10s}");
      fleet.apply(file).orThrow();
      Cluster quorate = new ByQuorate(fleet, file, new ArrayList<>(file.hosts()));
      Taken live = times(ALIVE, quorate, host -> {});
      Taken dead = times(DEAD, quorate, LabHost::kill);
      fleet.delete(file.cluster()).orThrow();
      lab.hosts().forEach(host -> fleet.agent(host).stop());
      Cluster hand = HandMade.start(lab, VERSION);
      Taken liveByHand = times(ALIVE, hand, host -> {});
      Taken deadByHand = times(DEAD, hand, LabHost::kill);
      tell("a live member", live, liveByHand);
      tell("a dead member (10 s to be sure, and a snapshot)", dead, deadByHand);
    }

    private void tell(String what, Taken quorate, Taken hand) {
      figures.add(
          new Figure(
              "replace " + what,
              quorate.seconds,
              "s",
              Wanted.nothing(),
              new Reference("etcdctl and systemctl", hand.seconds)));
      figures.add(
          new Figure(
              "worst write meanwhile",
              quorate.worst(),
              "ms",
              Wanted.nothing(),
              new Reference("etcdctl and systemctl", hand.worst())));
      figures.add(
          new Figure(
              "failed writes", List.of(quorate.failed()), "", Wanted.most(0), Reference.none()));
    }

    /** A follower goes first, then the leader, and so on: for both the same. */
    private Taken times(int count, Cluster cluster, Consumer<LabHost> fate) {
      Taken taken = Taken.none();
      for (int i = 0; i < count; i++) {
        LabHost leader = cluster.leader();
        boolean follower = i % 2 == 0;
        LabHost old =
            cluster.hosts().stream()
                .filter(h -> follower != h.equals(leader))
                .findFirst()
                .orElseThrow();
        LabHost free =
            lab.hosts().stream()
                .filter(h -> !cluster.hosts().contains(h))
                .findFirst()
                .orElseThrow();
        List<LabHost> staying = new ArrayList<>(cluster.hosts());
        staying.remove(old);
        WritingProcess writing = cluster.write();
        writing.changeEndpoints(cluster.endpoints(staying));
        fate.accept(old);
        taken.seconds.add(Figures.seconds(() -> cluster.replace(old, free)));
        taken.writes.add(writing.finish());
        cluster.hosts().remove(old);
        cluster.hosts().add(free);
        if (!old.run("true").succeeded()) {
          old.boot();
          cluster.returned(old);
        }
      }
      return taken;
    }
  }

  private record ByQuorate(Fleet fleet, ClusterFile file, List<LabHost> hosts) implements Cluster {
    @Override
    public LabHost leader() {
      JsonArray members = fleet.status(file.cluster()).getJsonArray("members");
      List<String> lead =
          IntStream.range(0, members.size())
              .mapToObj(members::getJsonObject)
              .filter(m -> m.getString("role").equals("leader"))
              .map(m -> m.getString("host"))
              .toList();
      return hosts.stream().filter(h -> lead.contains(h.name())).findFirst().orElseThrow();
    }

    @Override
    public List<URI> endpoints(List<LabHost> some) {
      return file.withHosts(some).endpoints();
    }

    @Override
    public WritingProcess write() {
      return fleet.startWriting(file.withHosts(hosts), true);
    }

    @Override
    public void replace(LabHost old, LabHost with) {
      String member = fleet.memberOn(file.cluster(), old);
      fleet
          .quorate(
              "member",
              "replace",
              file.cluster(),
              member,
              "--with",
              with.name(),
              "--yes",
              "--timeout",
              "4m")
          .orThrow();
    }

    @Override
    public void returned(LabHost host) {
      fleet.awaitConnected(List.of(host));
      Await.until(
          "the old host is tidied up",
          Duration.ofMinutes(1),
          () -> fleet.json("host", "describe", host.name()).getJsonArray("members").isEmpty(),
          () -> fleet.agent(host).log());
    }
  }
}
