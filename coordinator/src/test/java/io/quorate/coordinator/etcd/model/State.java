package io.quorate.coordinator.etcd.model;

import io.quorate.common.model.EtcdVersion;
import io.quorate.coordinator.plan.EtcdView.Member;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a prefix of the log comes to. */
record State(
    SortedMap<Long, Member> members,
    Set<Long> removed,
    Optional<EtcdVersion> version,
    Optional<EtcdVersion> downgradeTo) {
  State {
    members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
    removed = Set.copyOf(removed);
  }

  List<Member> voters() {
    return members.values().stream().filter(member -> !member.learner()).toList();
  }

  List<Member> learners() {
    return members.values().stream().filter(Member::learner).toList();
  }

  int quorum() {
    return voters().size() / 2 + 1;
  }

  boolean votes(long id) {
    Member member = members.get(id);
    return member != null && !member.learner();
  }

  State with(Member member) {
    TreeMap<Long, Member> more = new TreeMap<>(members);
    more.put(member.id(), member);
    return new State(more, removed, version, downgradeTo);
  }

  State without(long id) {
    TreeMap<Long, Member> fewer = new TreeMap<>(members);
    fewer.remove(id);
    Set<Long> gone = new HashSet<>(removed);
    gone.add(id);
    return new State(fewer, gone, version, downgradeTo);
  }

  State withVersion(EtcdVersion other) {
    return new State(members, removed, Optional.of(other), downgradeTo);
  }

  State withDowngrade(Optional<EtcdVersion> target) {
    return new State(members, removed, version, target);
  }
}
