package io.quorate.coordinator.etcd.model;

import static org.junit.jupiter.api.Assertions.fail;

import io.quorate.common.model.ClusterName;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.etcd.Access;
import io.quorate.coordinator.etcd.EtcdAdmin;
import io.quorate.coordinator.etcd.EtcdFixture;
import io.quorate.coordinator.plan.EtcdView;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The model, with time that passes when somebody waits. */
final class ModelFixture implements EtcdFixture {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final VirtualTime time = new VirtualTime(Instant.parse("2026-01-01T00:00:00Z"));
  private final ModelEtcd etcd = new ModelEtcd(time, new Random(1));
  private final EtcdAdmin admin = etcd.admin("coordinator");
  private final Map<String, ModelProcess> processes = new LinkedHashMap<>();

  @Override
  public EtcdAdmin admin() {
    return admin;
  }

  @Override
  public Access access() {
    return new Access(
        ClusterName.of("test"),
        processes.keySet().stream()
            .map(name -> new Access.Target(MemberName.of(name), clientUrl(name)))
            .toList(),
        Optional.empty());
  }

  @Override
  public Instant now() {
    return time.instant();
  }

  @Override
  public void found(String version, List<String> members) {
    TreeMap<String, String> initial = new TreeMap<>();
    members.forEach(name -> initial.put(name, peerUrl(name)));
    members.forEach(name -> start(version, name, initial, false));
    await(
        "the cluster to form",
        view -> view.endpoints().stream().allMatch(e -> e.status().isPresent()));
  }

  @Override
  public String peerUrl(String member) {
    return "http://host-" + member + ":2380";
  }

  private static String clientUrl(String member) {
    return "http://host-" + member + ":2379";
  }

  @Override
  public void join(String version, String member) {
    TreeMap<String, String> initial = new TreeMap<>();
    observe().members().orElseThrow().members().stream()
        .filter(m -> !m.name().isEmpty())
        .forEach(m -> initial.put(m.name(), m.peerUrls().getFirst()));
    initial.put(member, peerUrl(member));
    start(version, member, initial, true);
  }

  private void start(
      String version, String name, SortedMap<String, String> initial, boolean existing) {
    StringBuilder data = new StringBuilder();
    launch(
        name,
        new StartConfig(
            EtcdVersion.parse(version),
            name,
            peerUrl(name),
            clientUrl(name),
            initial,
            existing ? StartConfig.Way.JOIN : StartConfig.Way.FOUND,
            "token",
            new StartConfig.DataDirectory() {
              @Override
              public String read() {
                return data.toString();
              }

              @Override
              public void write(String text) {
                data.setLength(0);
                data.append(text);
              }
            }));
  }

  private void launch(String name, StartConfig config) {
    processes.put(name, etcd.start(config, (code, words) -> {}));
  }

  @Override
  public void stop(String member) {
    etcd.kill(process(member));
  }

  @Override
  public void restart(String member) {
    launch(member, process(member).config);
  }

  private ModelProcess process(String member) {
    return Objects.requireNonNull(processes.get(member), member);
  }

  @Override
  public EtcdView await(String what, Predicate<EtcdView> so) {
    Instant end = time.instant().plus(PATIENCE);
    while (true) {
      EtcdView view = observe();
      if (so.test(view)) {
        return view;
      }
      if (time.instant().isAfter(end)) {
        return fail("waited in vain for: " + what + " in " + view);
      }
      time.pass(Duration.ofMillis(50));
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
