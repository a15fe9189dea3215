package io.quorate.agent.boot;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.agent.host.Access;
import io.quorate.agent.host.Host;
import io.quorate.agent.host.Layout;
import io.quorate.common.model.MemberConfig;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How each member's own etcd last listed its cluster, kept for the next boot. It is of one lineage:
 * what was known of data that is not used any more counts for nothing.
 */
public final class KnownMembers {
  private static final Logger LOG = LoggerFactory.getLogger(KnownMembers.class);

  private final Host host;
  private final Path directory;

  public KnownMembers(Host host, Layout layout) {
    this.host = host;
    this.directory = layout.state().resolve("members");
  }

  /** What was kept, or else what the document says. */
  Membership of(MemberConfig member) {
    Optional<String> text = text(member);
    if (text.isPresent()) {
      try {
        JsonObject json = new JsonObject(text.get());
        if (Objects.equals(json.getString("lineage"), member.data().lineage())) {
          return Membership.fromJson(
              json.getString("clusterId", ""), json.getJsonArray("members").encode());
        }
      } catch (DecodeException | ClassCastException | NullPointerException e) {
        return Membership.planned(member); // cut off by a loss of power; written anew when it runs
      }
    }
    return Membership.planned(member);
  }

  private Optional<String> text(MemberConfig member) {
    try {
      return host.text(file(member));
    } catch (IOException e) {
      LOG.warn("what is known of the members of {} cannot be read", member.id().cluster(), e);
      return Optional.empty();
    }
  }

  void keep(MemberConfig member, Membership list) throws IOException {
    if (!list.equals(of(member))) {
      JsonObject json =
          new JsonObject()
              .put("lineage", member.data().lineage())
              .put("clusterId", list.clusterId())
              .put("members", new JsonArray(list.toJson()));
      host.makeDirectory(directory, Access.closed(""));
      host.write(file(member), json.encodePrettily().getBytes(UTF_8), Access.SECRET);
    }
  }

  private Path file(MemberConfig member) {
    return directory.resolve(member.id().cluster() + ".json");
  }
}
