package io.quorate.lab.sim;

import io.quorate.coordinator.etcd.Access;
import io.quorate.coordinator.etcd.EtcdAdmin;
import io.quorate.coordinator.etcd.EtcdResult;
import io.quorate.coordinator.etcd.EtcdResult.Nothing;
import io.quorate.coordinator.etcd.EtcdResult.Unknown;
import io.quorate.coordinator.plan.EtcdView;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * Etcd over a network and under a moving world: calls take time, in which everything else goes on;
 * of a change the answer may be lost, whether it was done or not; and the leader may change between
 * a question and what is done about the answer.
 */
final class ShakyEtcd implements EtcdAdmin {
  private final EtcdAdmin etcd;
  private final World world;

  ShakyEtcd(EtcdAdmin etcd, World world) {
    this.etcd = etcd;
    this.world = world;
  }

  @Override
  public EtcdView observe(Access access, Instant now) {
    EtcdView view = etcd.observe(access, now);
    world.takeTime(Duration.ofMillis(1 + world.random().nextInt(5)));
    if (world.plant() == Plant.RECOVERS_REGARDLESS && world.recovers()) {
      return Lies.lost(view);
    }
    return world.plant().blindToMembers() ? Lies.well(view, now) : view;
  }

  private <T> EtcdResult<T> shaken(Supplier<EtcdResult<T>> call) {
    world.takeTime(Duration.ofMillis(1 + world.random().nextInt(20)));
    if (world.happens(world.weather().lostAnswer() / 3)) {
      world.etcd().disturbLeaders();
    }
    if (world.happens(world.weather().lostAnswer() / 2)) {
      return new Unknown<>("lost on the way there");
    }
    EtcdResult<T> result = call.get();
    world.takeTime(Duration.ofMillis(1 + world.random().nextInt(20)));
    return world.happens(world.weather().lostAnswer() / 2)
        ? new Unknown<>("lost on the way back")
        : result;
  }

  @Override
  public EtcdResult<Long> addLearner(Access access, String peerUrl) {
    return shaken(() -> etcd.addLearner(access, peerUrl));
  }

  @Override
  public EtcdResult<Nothing> promote(Access access, long id) {
    return shaken(() -> etcd.promote(access, id));
  }

  @Override
  public EtcdResult<Nothing> removeMember(Access access, long id) {
    return shaken(
        () -> {
          EtcdResult<Nothing> result = etcd.removeMember(access, id);
          world.checks().afterRemoval(result.ok());
          return result;
        });
  }

  @Override
  public EtcdResult<Nothing> updatePeerUrl(Access access, long id, String peerUrl) {
    return shaken(() -> etcd.updatePeerUrl(access, id, peerUrl));
  }

  @Override
  public EtcdResult<Nothing> moveLeader(Access access, long toId) {
    return shaken(() -> etcd.moveLeader(access, toId));
  }

  @Override
  public EtcdResult<Nothing> disarm(Access access, EtcdView.Alarm alarm) {
    return shaken(() -> etcd.disarm(access, alarm));
  }

  @Override
  public EtcdResult<String> validateDowngrade(Access access, String minor) {
    return shaken(() -> etcd.validateDowngrade(access, minor));
  }

  @Override
  public EtcdResult<String> enableDowngrade(Access access, String minor) {
    return shaken(() -> etcd.enableDowngrade(access, minor));
  }

  @Override
  public EtcdResult<String> cancelDowngrade(Access access) {
    return shaken(() -> etcd.cancelDowngrade(access));
  }

  @Override
  public void close() {
    etcd.close();
  }
}
