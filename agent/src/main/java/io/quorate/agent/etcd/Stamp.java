package io.quorate.agent.etcd;

import io.quorate.common.model.MemberConfig;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * The identity of a data directory: whose it is, and of which lineage.
 *
 * @param phase how far its making has got
 */
public record Stamp(String lineage, String cluster, String member, Phase phase) {
  /** Only {@code READY} is for starting; {@code FORCING} is for one start that is special. */
  public enum Phase {
    SEEDING,
    FORCING,
    READY
  }

  static Stamp of(MemberConfig member, Phase phase) {
    return new Stamp(
        member.data().lineage(),
        member.id().cluster().value(),
        member.id().member().value(),
        phase);
  }

  Stamp with(Phase newPhase) {
    return new Stamp(lineage, cluster, member, newPhase);
  }

  String toJson() {
    return new JsonObject()
        .put("lineage", lineage)
        .put("cluster", cluster)
        .put("member", member)
        .put("phase", phase.name())
        .encodePrettily();
  }

  /** Empty for a text that no agent has written whole. */
  static Optional<Stamp> fromJson(String text) {
    try {
      JsonObject json = new JsonObject(text);
      return Optional.of(
          new Stamp(
              json.getString("lineage"),
              json.getString("cluster"),
              json.getString("member"),
              Phase.valueOf(json.getString("phase"))));
    } catch (DecodeException
        | IllegalArgumentException
        | ClassCastException
        | NullPointerException e) {
      return Optional.empty();
    }
  }
}
