package io.quorate.common.model;

import java.util.List;
import java.util.Optional;

/**
 * The complete desired state of one host. Epoch names the coordinator's reign, generation counts
 * the documents of this host; an agent never obeys a lower pair than the highest it has durably
 * seen.
 */
public record HostConfig(
    long epoch, long generation, List<MemberConfig> members, int keepReleases) {
  public HostConfig {
    members = List.copyOf(members);
  }

  public static HostConfig empty(long epoch) {
    return new HostConfig(epoch, 0, List.of(), 3);
  }

  public Optional<MemberConfig> member(MemberConfig.Id id) {
    return members.stream().filter(member -> member.id().equals(id)).findFirst();
  }
}
