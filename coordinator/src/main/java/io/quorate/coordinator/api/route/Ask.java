package io.quorate.coordinator.api.route;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.api.control.Caller;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One request that was let in: who, and what with. Names are checked before anything sees them. */
public record Ask(
    Caller caller, Map<String, String> path, Map<String, String> query, Optional<Record> body) {
  public Ask {
    path = Collections.unmodifiableMap(new TreeMap<>(path));
    query = Collections.unmodifiableMap(new TreeMap<>(query));
  }

  public String cluster() {
    return ClusterName.of(segment("cluster")).value();
  }

  public String member() {
    return MemberName.of(segment("member")).value();
  }

  public String host() {
    return HostName.of(segment("host")).value();
  }

  /** Ids are hex or dotted words; anything else cannot be one. */
  public String id() {
    String id = segment("id");
    if (!id.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,127}")) {
      throw bad("that is not an id").asException();
    }
    return id;
  }

  public long number() {
    return whole("the number in the path", segment("number"), 1, Long.MAX_VALUE);
  }

  public Optional<String> text(String name) {
    return Optional.ofNullable(query.get(name));
  }

  public Optional<String> clusterFilter() {
    return text("cluster").map(name -> ClusterName.of(name).value());
  }

  public boolean flag(String name) {
    return switch (query.getOrDefault(name, "false")) {
      case "true" -> true;
      case "false" -> false;
      default -> throw bad("'%s' must be true or false".formatted(name)).asException();
    };
  }

  public long number(String name, long otherwise, long least, long most) {
    return text(name).map(value -> whole("'" + name + "'", value, least, most)).orElse(otherwise);
  }

  public <T extends Record> T body(Class<T> type) {
    return type.cast(body.orElseThrow(() -> new IllegalStateException("the route takes no body")));
  }

  /** The owner's own word for a destruction: the name of what is destroyed. */
  public void confirm(String given) {
    confirm("cluster", cluster(), given);
  }

  public void confirmHost(String given) {
    confirm("host", host(), given);
  }

  private static void confirm(String kind, String name, String given) {
    if (!given.equals(name)) {
      throw Problem.of(Code.Q1312, "the confirmation does not name the %s %s".formatted(kind, name))
          .withState("nothing was changed")
          .withRemedy("give the %s's name: --confirm=%s".formatted(kind, name))
          .asException();
    }
  }

  private String segment(String name) {
    String value = path.get(name);
    if (value == null) {
      throw new IllegalStateException("the route has no {" + name + "}");
    }
    return value;
  }

  private static long whole(String what, String value, long least, long most) {
    QuorateException refusal =
        bad("%s must be a whole number from %d to %d".formatted(what, least, most)).asException();
    try {
      long number = Long.parseLong(value);
      if (number < least || number > most) {
        throw refusal;
      }
      return number;
    } catch (NumberFormatException e) {
      throw refusal;
    }
  }

  private static Problem bad(String sentence) {
    return Problem.of(Code.Q1306, sentence);
  }
}
