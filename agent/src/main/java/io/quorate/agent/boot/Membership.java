package io.quorate.agent.boot;

import io.quorate.common.model.MemberConfig;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A cluster's members as one of them lists them.
 *
 * @param clusterId in hex; empty when it is not known
 */
public record Membership(String clusterId, List<Listed> members) {
  public Membership {
    members = List.copyOf(members);
  }

  /**
   * @param id in hex; empty when it is not known
   */
  public record Listed(
      String id, String name, boolean learner, List<String> peerUrls, List<String> clientUrls) {
    public Listed {
      peerUrls = List.copyOf(peerUrls);
      clientUrls = List.copyOf(clientUrls);
    }

    boolean isAt(String peerUrl) {
      return peerUrls.contains(peerUrl);
    }
  }

  /** As the document has it: all that is known of a member that was never seen to run. */
  static Membership planned(MemberConfig member) {
    List<Listed> members = new ArrayList<>();
    member
        .formation()
        .initialMembers()
        .forEach((name, url) -> members.add(new Listed("", name, false, List.of(url), List.of())));
    return new Membership("", members);
  }

  /** With those that somebody else knows of in addition. */
  Membership and(Collection<Membership> others) {
    List<Listed> all = new ArrayList<>(members);
    for (Membership other : others) {
      for (Listed listed : other.members) {
        if (all.stream().noneMatch(m -> listed.peerUrls.stream().anyMatch(m::isAt))) {
          all.add(listed);
        }
      }
    }
    return new Membership(clusterId, all);
  }

  Optional<Listed> at(String peerUrl) {
    return members.stream().filter(m -> m.isAt(peerUrl)).findFirst();
  }

  /** In etcd's own form at its peer port; throws a decoding failure for anything else. */
  static Membership fromJson(String clusterId, String body) {
    List<Listed> members = new ArrayList<>();
    try {
      JsonArray entries = new JsonArray(body);
      for (int i = 0; i < entries.size(); i++) {
        JsonObject entry = entries.getJsonObject(i);
        members.add(
            new Listed(
                hex(entry.getValue("id")),
                entry.getString("name", ""),
                Boolean.TRUE.equals(entry.getBoolean("isLearner")),
                texts(entry.getJsonArray("peerURLs")),
                texts(entry.getJsonArray("clientURLs"))));
      }
    } catch (ClassCastException | NumberFormatException e) {
      throw new DecodeException("no list of members", e);
    }
    return new Membership(clusterId, members);
  }

  String toJson() {
    JsonArray entries = new JsonArray();
    for (Listed member : members) {
      JsonObject entry =
          new JsonObject()
              .put("name", member.name())
              .put("isLearner", member.learner())
              .put("peerURLs", new JsonArray(member.peerUrls()))
              .put("clientURLs", new JsonArray(member.clientUrls()));
      if (!member.id().isEmpty()) {
        entry.put("id", new BigInteger(member.id(), 16));
      }
      entries.add(entry);
    }
    return entries.encode();
  }

  /** etcd writes ids as numbers of 64 bits without a sign. */
  private static String hex(Object number) {
    return number == null ? "" : new BigInteger(number.toString()).toString(16);
  }

  private static List<String> texts(JsonArray array) {
    return array == null ? List.of() : array.stream().map(Object::toString).toList();
  }
}
