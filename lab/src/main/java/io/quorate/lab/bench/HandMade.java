package io.quorate.lab.bench;

import io.quorate.lab.Lab;
import io.quorate.lab.LabHost;
import io.quorate.lab.Ran;
import io.quorate.lab.WritingClient;
import io.quorate.lab.WritingProcess;
import io.quorate.lab.fleet.Await;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A cluster as an administrator runs one: a unit, flags, no TLS; and what he does by hand to
 * replace a member. The release lies on every host.
 */
final class HandMade implements ReplaceBench.Cluster {
  private static final String UNIT = "hand.service";
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Lab lab;
  private final String programs;
  private final List<LabHost> hosts;
  private int writers;

  private HandMade(Lab lab, String version, List<LabHost> hosts) {
    this.lab = lab;
    this.programs = "/usr/local/etcd-v%s-linux-amd64/".formatted(version);
    this.hosts = hosts;
  }

  /** On the first three hosts. */
  static HandMade start(Lab lab, String version) {
    HandMade cluster = new HandMade(lab, version, new ArrayList<>(lab.hosts().subList(0, 3)));
    for (LabHost host : lab.hosts()) {
      host.run("install", "-d", "-m", "0700", "/var/lib/hand").orThrow();
    }
    Map<String, String> members = new LinkedHashMap<>();
    cluster.hosts.forEach(host -> members.put(host.name(), peer(host)));
    cluster.hosts.forEach(host -> cluster.define(host, members, "new"));
    cluster.hosts.forEach(host -> host.run("systemctl", "start", "--no-block", UNIT).orThrow());
    cluster.awaitHealthy();
    return cluster;
  }

  @Override
  public List<LabHost> hosts() {
    return hosts;
  }

  @Override
  public LabHost leader() {
    return hosts.stream().filter(this::leads).findFirst().orElseThrow();
  }

  private boolean leads(LabHost host) {
    JsonObject status =
        new JsonArray(etcdctl(host, "endpoint", "status", "-w", "json").orThrow())
            .getJsonObject(0)
            .getJsonObject("Status");
    Number self = status.getJsonObject("header").getNumber("member_id");
    return self.equals(status.getNumber("leader"));
  }

  @Override
  public List<URI> endpoints(List<LabHost> some) {
    return some.stream().map(HandMade::client).toList();
  }

  @Override
  public WritingProcess write() {
    return WritingProcess.start(
        lab,
        new WritingClient.Settings(
            endpoints(hosts), Optional.empty(), 100, true, "hand-" + writers++));
  }

  @Override
  public void replace(LabHost old, LabHost with) {
    boolean alive = old.run("true").succeeded();
    LabHost asked = hosts.stream().filter(host -> !host.equals(old)).findFirst().orElseThrow();
    String oldId = id(asked, peer(old));
    if (!alive) {
      etcdctl(asked, "snapshot", "save", "/var/lib/hand.snapshot").orThrow();
      etcdctl(asked, "member", "remove", oldId).orThrow();
    }
    Await.until(
        "etcd takes the learner",
        PATIENCE,
        () ->
            etcdctl(asked, "member", "add", with.name(), "--learner", "--peer-urls=" + peer(with))
                .succeeded(),
        () -> "");
    Map<String, String> members = new LinkedHashMap<>();
    hosts.stream()
        .filter(host -> alive || !host.equals(old))
        .forEach(host -> members.put(host.name(), peer(host)));
    members.put(with.name(), peer(with));
    define(with, members, "existing");
    with.run("systemctl", "enable", "--now", UNIT).orThrow();
    String newId = id(asked, peer(with));
    Await.until(
        "the learner is promoted",
        PATIENCE,
        () -> etcdctl(asked, "member", "promote", newId).succeeded(),
        () -> "");
    if (alive) {
      // Refused where it does not lead: then there is nothing to move.
      etcdctl(old, "move-leader", newId);
      etcdctl(asked, "member", "remove", oldId).orThrow();
      old.run("systemctl", "disable", "--now", UNIT).orThrow();
      old.run("sh", "-c", "mv /var/lib/hand/data /var/lib/hand/aside.$(date +%s%N)").orThrow();
    }
    etcdctl(with, "endpoint", "health").orThrow();
  }

  /** A host that was dead has its old data still; it is not to start on it. */
  @Override
  public void returned(LabHost host) {
    host.run("systemctl", "disable", "--now", UNIT).orThrow();
    host.run("rm", "-rf", "/var/lib/hand/data").orThrow();
  }

  private void define(LabHost host, Map<String, String> members, String state) {
    String cluster =
        members.entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining(","));
    host.write(
        "/etc/systemd/system/" + UNIT,
        """
        [Service]
        Type=notify
        ExecStart=%setcd --name=%s --data-dir=/var/lib/hand/data --listen-client-urls=%s \
        --advertise-client-urls=%s --listen-peer-urls=%s --initial-advertise-peer-urls=%s \
        --initial-cluster=%s --initial-cluster-state=%s
        Restart=on-failure
        [Install]
        WantedBy=multi-user.target
        """
            .formatted(
                programs,
                host.name(),
                client(host),
                client(host),
                peer(host),
                peer(host),
                cluster,
                state));
    host.run("systemctl", "daemon-reload").orThrow();
  }

  private void awaitHealthy() {
    Await.until(
        "etcd serves",
        PATIENCE,
        () -> hosts.stream().allMatch(h -> etcdctl(h, "endpoint", "health").succeeded()),
        () -> "");
  }

  private String id(LabHost asked, String peerUrl) {
    return etcdctl(asked, "member", "list")
        .orThrow()
        .lines()
        .filter(line -> line.contains(peerUrl))
        .map(line -> line.substring(0, line.indexOf(',')))
        .findFirst()
        .orElseThrow();
  }

  private Ran etcdctl(LabHost host, String... words) {
    List<String> command = new ArrayList<>();
    command.add(programs + "etcdctl");
    command.add("--endpoints=" + client(host));
    command.addAll(List.of(words));
    return host.run(command.toArray(String[]::new));
  }

  private static URI client(LabHost host) {
    return URI.create("http://%s:2379".formatted(host.address()));
  }

  private static String peer(LabHost host) {
    return "http://%s:2380".formatted(host.address());
  }
}
