package io.quorate.coordinator.etcd.live;

import io.quorate.coordinator.etcd.EtcdAdminContract;
import io.quorate.coordinator.etcd.EtcdFixture;

/** The contract on real etcd in plaintext. */
final class LiveEtcdPlainTest extends EtcdAdminContract {
  @Override
  protected EtcdFixture open() {
    return new LoopbackFixture(Deadlines.DEFAULT, null);
  }
}
