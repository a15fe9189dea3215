package io.quorate.coordinator.api.route;

import io.quorate.coordinator.pki.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * One thing that can be asked: where, by whom at least, what for, and how it is answered. The table
 * of routes is made of these; the router, the roles, the audit and the OpenAPI document all read
 * it.
 */
public record Route(String method, String path, Access access, Description description, Work work) {
  private static final Pattern SEGMENT = Pattern.compile("\\{([a-z]+)}");

  /**
   * {@code role} empty means that anybody may ask, even without a certificate. {@code auditedAs}
   * empty means that it changes nothing.
   */
  public record Access(Optional<Role> role, String auditedAs) {
    public boolean audited() {
      return !auditedAs.isEmpty();
    }
  }

  /** For people and for the OpenAPI document. */
  public record Description(
      String summary,
      List<Parameter> query,
      Optional<Class<? extends Record>> request,
      Reply reply) {
    public Description {
      query = List.copyOf(query);
    }
  }

  public record Parameter(String name, String type, String summary) {}

  /** Either a record as JSON or something else under a content type. */
  public record Reply(Optional<Class<? extends Record>> view, String contentType) {}

  /** How it is answered, on a virtual thread. */
  public sealed interface Work {}

  public record Call(Function<Ask, Answer> answer) implements Work {}

  /** The body goes to a file in {@code folder} first, whatever its size up to {@code limit}. */
  public record Upload(Path folder, long limit, Receiver receiver) implements Work {}

  /** Takes what was uploaded; the file is deleted afterwards if it is still there. */
  @FunctionalInterface
  public interface Receiver {
    Answer receive(Ask ask, Path file);
  }

  public List<String> segments() {
    return SEGMENT.matcher(path).results().map(found -> found.group(1)).toList();
  }

  /** The path as vertx-web writes it. */
  public String pattern() {
    return SEGMENT.matcher(path).replaceAll((MatchResult found) -> ":" + found.group(1));
  }

  public static Builder get(String path) {
    return new Builder("GET", path);
  }

  public static Builder post(String path) {
    return new Builder("POST", path);
  }

  public static Builder delete(String path) {
    return new Builder("DELETE", path);
  }

  /** Says a route in the order in which one thinks of it. */
  public static final class Builder {
    private final String method;
    private final String path;
    private final List<Parameter> query = new ArrayList<>();
    private Optional<Role> role = Optional.empty();
    private String auditedAs = "";
    private String summary = "";
    private Optional<Class<? extends Record>> request = Optional.empty();
    private Reply reply = new Reply(Optional.empty(), Answer.TEXT);

    private Builder(String method, String path) {
      this.method = method;
      this.path = path;
    }

    public Builder role(Role least) {
      role = Optional.of(least);
      return this;
    }

    public Builder audited(String as) {
      auditedAs = as;
      return this;
    }

    public Builder summary(String text) {
      summary = text;
      return this;
    }

    public Builder query(String name, String type, String text) {
      query.add(new Parameter(name, type, text));
      return this;
    }

    public Builder takes(Class<? extends Record> type) {
      request = Optional.of(type);
      return this;
    }

    public Builder gives(Class<? extends Record> type) {
      reply = new Reply(Optional.of(type), Answer.JSON);
      return this;
    }

    public Builder givesText(String contentType) {
      reply = new Reply(Optional.empty(), contentType);
      return this;
    }

    public Route answers(Function<Ask, Answer> answer) {
      return with(new Call(answer));
    }

    public Route receives(Path folder, long limit, Receiver receiver) {
      return with(new Upload(folder, limit, receiver));
    }

    private Route with(Work work) {
      return new Route(
          method,
          path,
          new Access(role, auditedAs),
          new Description(summary, query, request, reply),
          work);
    }
  }
}
