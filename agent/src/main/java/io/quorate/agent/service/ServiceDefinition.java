package io.quorate.agent.service;

import io.quorate.common.model.ClusterName;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One etcd as a service: what to run, with which files, and what it may write.
 *
 * @param unit limits and priorities, by systemd's names; see {@link UnitSettings}
 */
public record ServiceDefinition(
    ClusterName cluster,
    Path executable,
    Path configuration,
    Path environment,
    List<Path> writable,
    SortedMap<String, String> unit) {
  public ServiceDefinition {
    writable = List.copyOf(writable);
    unit = Collections.unmodifiableSortedMap(new TreeMap<>(unit));
  }
}
