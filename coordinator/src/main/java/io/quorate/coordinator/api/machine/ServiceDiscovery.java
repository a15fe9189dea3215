package io.quorate.coordinator.api.machine;

import io.quorate.coordinator.api.v1.ClusterStatus;
import io.quorate.coordinator.api.v1.codec.Json;
import io.quorate.coordinator.api.v1.codec.JsonWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The full list of members, each time; trouble inside becomes a 5xx, on which Prometheus keeps what
 * it knows, and never an empty list. The labels are those that etcd's public mixin expects.
 */
final class ServiceDiscovery {
  private ServiceDiscovery() {}

  static String page(List<ClusterStatus> clusters) {
    List<Json> targets = new ArrayList<>();
    for (ClusterStatus cluster : clusters) {
      for (ClusterStatus.Member member : cluster.members()) {
        if (!member.clientUrl().isEmpty()) {
          targets.add(target(cluster, member));
        }
      }
    }
    return JsonWriter.indented(new Json.Array(targets)) + "\n";
  }

  private static Json target(ClusterStatus cluster, ClusterStatus.Member member) {
    URI url = URI.create(member.clientUrl());
    Map<String, Json> labels = new LinkedHashMap<>();
    labels.put("__scheme__", new Json.Text(url.getScheme()));
    labels.put("job", new Json.Text("etcd-" + cluster.cluster()));
    labels.put("etcd_cluster", new Json.Text(cluster.cluster()));
    labels.put("etcd_member", new Json.Text(member.name()));
    labels.put("host", new Json.Text(member.host()));
    Map<String, Json> target = new LinkedHashMap<>();
    target.put("targets", new Json.Array(List.of(new Json.Text(url.getAuthority()))));
    target.put("labels", new Json.Dict(labels));
    return new Json.Dict(target);
  }
}
