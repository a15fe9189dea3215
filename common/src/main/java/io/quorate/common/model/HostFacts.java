package io.quorate.common.model;

import java.util.List;

/** What does not change while an agent runs. */
public record HostFacts(
    String os,
    String kernel,
    String architecture,
    int cpus,
    long memoryBytes,
    String serviceManager,
    List<String> addresses) {
  public HostFacts {
    addresses = List.copyOf(addresses);
  }
}
