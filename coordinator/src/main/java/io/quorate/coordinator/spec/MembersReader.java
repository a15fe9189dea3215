package io.quorate.coordinator.spec;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.spec.ClusterSpec.Member;
import io.quorate.coordinator.spec.yaml.Findings;
import io.quorate.coordinator.spec.yaml.Section;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads the members and finds those that are in each other's way. */
final class MembersReader {
  private static final List<String> KEYS = List.of("name", "host", "address", "ports");
  private static final List<String> PORTS = List.of("client", "peer");
  private static final int MANY = 7;
  private static final int MOST = 15;

  private final Findings findings;
  private final Map<String, String> taken = new HashMap<>();
  private final List<Member> members = new ArrayList<>();

  MembersReader(Findings findings) {
    this.findings = findings;
  }

  /** The two ports, each from the file or from {@code otherwise}. */
  record Ports(int client, int peer) {}

  Ports ports(Section owner, Ports otherwise) {
    Section section = owner.section("ports", PORTS);
    int client = section.whole("client", 1, 65535).map(Long::intValue).orElse(otherwise.client());
    int peer = section.whole("peer", 1, 65535).map(Long::intValue).orElse(otherwise.peer());
    if (client == peer && !section.present().isEmpty()) {
      findings.add(
          section.node(), Code.Q1008, "clients and peers share port %d".formatted(client), "");
    }
    return new Ports(client, peer);
  }

  List<Member> read(Section root, Ports ports, boolean allowEven) {
    Optional<Node> node = root.value("members");
    if (node.isEmpty()) {
      return List.of();
    }
    List<Node> entries = root.list("members");
    checkCount(node.get(), entries.size(), allowEven);
    entries.forEach(entry -> readOne(entry, ports));
    return members;
  }

  private void checkCount(Node node, int count, boolean allowEven) {
    if (!(node instanceof SequenceNode)) {
      return;
    }
    if (count == 0) {
      findings.add(node, Code.Q1005, "a cluster needs at least one member", "");
    } else if (count > MOST) {
      findings.add(
          node, Code.Q1004, "%d members; at most %d".formatted(count, MOST), "use 3, 5 or 7");
    } else if (count % 2 == 0 && !allowEven) {
      findings.add(
          node,
          Code.Q1009,
          "%d members can lose no more than %d could".formatted(count, count - 1),
          "use %d or %d members, or accept it with 'allowEvenMembers: true'"
              .formatted(Math.max(1, count - 1), count + 1));
    }
    warnCount(node, count);
  }

  private void warnCount(Node node, int count) {
    if (count == 1 || count == 2) {
      findings.warn(
          node,
          Code.Q3103,
          "%s can lose none, and cannot change without downtime"
              .formatted(count == 1 ? "one member" : "two members"),
          "use 3 members; or permit downtime with 'allowDowntime: true'");
    } else if (count > MANY && count <= MOST) {
      findings.warn(
          node, Code.Q1009, "%d members make every write slow".formatted(count), "use 3, 5 or 7");
    }
  }

  private void readOne(Node entry, Ports ports) {
    Section section = Section.open(entry, "a member", KEYS, findings);
    section.require("name", "host", "address");
    Optional<MemberName> name = section.checked("name", MemberName::of);
    Optional<HostName> host = section.checked("host", HostName::of);
    Optional<String> address = section.checked("address", Addresses::check);
    Ports own = ports(section, ports);
    name.ifPresent(n -> claim(section.at("name"), "member " + n, "the name '%s'".formatted(n), n));
    host.ifPresent(h -> claim(section.at("host"), "host " + h, "host '%s'".formatted(h), name));
    address.ifPresent(
        a -> {
          claimPort(section, a, own.client(), name);
          if (own.peer() != own.client()) {
            claimPort(section, a, own.peer(), name);
          }
        });
    if (name.isPresent() && host.isPresent() && address.isPresent()) {
      members.add(new Member(name.get(), host.get(), address.get(), own.client(), own.peer()));
    }
  }

  private void claimPort(Section section, String address, int port, Optional<MemberName> name) {
    String place = Addresses.canonical(address) + " port " + port;
    claim(section.at("address"), place, "address " + place, name);
  }

  private void claim(Node where, String key, String what, Optional<MemberName> by) {
    claim(where, key, what, by.map(MemberName::value).orElse("(unnamed)"));
  }

  private void claim(Node where, String key, String what, MemberName by) {
    claim(where, key, what, by.value());
  }

  private void claim(Node where, String key, String what, String by) {
    String before = taken.putIfAbsent(key, by);
    if (before != null) {
      findings.add(
          where,
          Code.Q1008,
          before.equals(by)
              ? "two members have %s".formatted(what)
              : "'%s' and '%s' have both %s".formatted(before, by, what),
          "each member needs a name, a host and an address of its own");
    }
  }
}
