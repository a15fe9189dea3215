package io.quorate.coordinator.observe;

import io.quorate.common.model.ClusterName;
import io.quorate.coordinator.etcd.Access;
import java.util.Optional;

/** The coordinator's own credentials as a client of its clusters. */
@FunctionalInterface
public interface Accesses {
  /** Empty before the cluster has authorities. */
  Optional<Access.Tls> of(ClusterName cluster);
}
