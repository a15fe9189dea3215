package io.quorate.coordinator.etcd.model;

import io.quorate.coordinator.etcd.EtcdAdminContract;
import io.quorate.coordinator.etcd.EtcdFixture;

/** The contract on the model. */
final class ModelEtcdTest extends EtcdAdminContract {
  @Override
  protected EtcdFixture open() {
    return new ModelFixture();
  }
}
