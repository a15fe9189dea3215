package io.quorate.coordinator.desk;

import io.quorate.common.model.Setting;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.spec.ClusterSpec;

/**
 * The quota of a member's database: what etcd itself says (3.6 and later), else what the file sets,
 * else etcd's own default.
 */
final class Quotas {
  static final String SETTING = "quota-backend-bytes";
  private static final long DEFAULT_OF_ETCD = 2L << 30;

  private Quotas() {}

  static long of(EtcdView.Database database, ClusterSpec wanted) {
    if (database.quotaBytes() > 0) {
      return database.quotaBytes();
    }
    return wanted.settings().get(SETTING) instanceof Setting.Whole(long bytes) && bytes > 0
        ? bytes
        : DEFAULT_OF_ETCD;
  }
}
