package io.quorate.coordinator.desk;

import io.quorate.common.model.Setting;
import io.quorate.coordinator.api.v1.PlanView;
import io.quorate.coordinator.api.v1.PlanView.Change;
import io.quorate.coordinator.api.v1.PlanView.Kind;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a new file says differently, in the owner's words. */
final class SpecChanges {
  private final List<Change> changes = new ArrayList<>();

  private SpecChanges() {}

  static List<Change> between(Optional<ClusterSpec> before, ClusterSpec now) {
    SpecChanges found = new SpecChanges();
    if (before.isEmpty()) {
      found.add(Kind.ADD, now.cluster().value(), "cluster", "", now.version().toString(), "new");
      now.members().forEach(m -> found.memberAdded(m, "founding member"));
      return found.changes;
    }
    found.compare(before.get(), now);
    return found.changes;
  }

  private void compare(ClusterSpec before, ClusterSpec now) {
    String cluster = now.cluster().value();
    change(cluster, "version", before.version(), now.version(), "online, rolling");
    settings(cluster, before.settings(), now.settings());
    members(before, now);
    section(cluster, "paths", before.layout(), now.layout(), "restart");
    section(cluster, "certificates", before.certificates(), now.certificates(), "online");
    section(cluster, "rollout", before.rollout(), now.rollout(), "at once, nothing restarts");
    section(cluster, "backup", before.backup(), now.backup(), "at once, nothing restarts");
    section(cluster, "policy", before.policies(), now.policies(), "at once, nothing restarts");
  }

  private void settings(
      String cluster, SortedMap<String, Setting> before, SortedMap<String, Setting> now) {
    TreeSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(now.keySet());
    for (String name : names) {
      change(
          cluster,
          name,
          Optional.ofNullable(before.get(name)).map(s -> worded(name, s)).orElse("default"),
          Optional.ofNullable(now.get(name)).map(s -> worded(name, s)).orElse("default"),
          "restart");
    }
  }

  private void members(ClusterSpec before, ClusterSpec now) {
    SortedMap<String, ClusterSpec.Member> old = new TreeMap<>();
    before.members().forEach(m -> old.put(m.name().value(), m));
    for (ClusterSpec.Member member : now.members()) {
      ClusterSpec.Member was = old.remove(member.name().value());
      if (was == null) {
        memberAdded(member, "add as learner, promote");
        continue;
      }
      String name = member.name().value();
      change(name, "host", was.host(), member.host(), "move, keeps id and data");
      change(name, "address", was.address(), member.address(), "restart");
      change(name, "client port", was.clientPort(), member.clientPort(), "restart");
      change(name, "peer port", was.peerPort(), member.peerPort(), "restart");
    }
    old.values()
        .forEach(
            m ->
                add(
                    Kind.REMOVE,
                    m.name().value(),
                    "member",
                    m.host().value(),
                    "",
                    "its data directory is kept aside"));
  }

  private void memberAdded(ClusterSpec.Member member, String effect) {
    add(Kind.ADD, member.name().value(), "member", "", member.host().value(), effect);
  }

  private void change(String subject, String what, Object from, Object to, String effect) {
    if (!Objects.equals(from, to)) {
      add(Kind.CHANGE, subject, what, Spoken.value(from), Spoken.value(to), effect);
    }
  }

  /** Each value of a section that differs, under its own name. */
  private void section(String subject, String what, Record from, Record to, String effect) {
    Spoken.differences(from, to)
        .forEach(d -> add(Kind.CHANGE, subject, what + " " + d.name(), d.from(), d.to(), effect));
  }

  private static String worded(String name, Setting setting) {
    return name.equals(Quotas.SETTING) && setting instanceof Setting.Whole(long bytes)
        ? Spoken.bytes(bytes)
        : setting.toString();
  }

  private void add(Kind kind, String subject, String what, String from, String to, String effect) {
    changes.add(new PlanView.Change(kind, subject, what, from, to, effect));
  }
}
