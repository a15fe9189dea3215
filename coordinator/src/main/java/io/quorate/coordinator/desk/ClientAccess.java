package io.quorate.coordinator.desk;

import io.quorate.coordinator.api.v1.AccessView;
import io.quorate.coordinator.store.Clusters.Cluster;
import java.time.Duration;
import java.util.Optional;

/** Credentials for the clients of a cluster; the authorities are somebody else's. */
public interface ClientAccess {
  AccessView of(Cluster cluster);

  AccessView.Credential issue(
      Cluster cluster, String commonName, String csrPem, Optional<Duration> ttl);
}
