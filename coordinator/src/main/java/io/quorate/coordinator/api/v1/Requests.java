package io.quorate.coordinator.api.v1;

import java.util.List;
import java.util.Optional;

/** What clients send. A field that is not named here is refused. */
public final class Requests {
  private Requests() {}

  /** A cluster's file, as its owner wrote it; {@code accept} is added to what it accepts. */
  public record Spec(String text, Optional<String> fileName, List<String> accept) {
    public Spec {
      accept = List.copyOf(accept);
    }
  }

  /**
   * {@code ignore} skips checks by name; {@code limit} keeps the rollout to these members. {@code
   * basedOn} makes it refuse when the cluster's revision is another one.
   */
  public record Apply(
      String text,
      Optional<String> fileName,
      Optional<Long> basedOn,
      List<String> ignore,
      List<String> limit) {
    public Apply {
      ignore = List.copyOf(ignore);
      limit = List.copyOf(limit);
    }
  }

  /** A seed is the id of the snapshot that a new cluster is to begin with. */
  public record ApplyPlan(
      List<String> ignore, List<String> limit, List<String> accept, Optional<String> seed) {
    public ApplyPlan {
      accept = List.copyOf(accept);
      ignore = List.copyOf(ignore);
      limit = List.copyOf(limit);
    }
  }

  /** A data directory on a host; the log's is named where it has one of its own. */
  public record Salvage(String host, String data, Optional<String> wal, Optional<String> version) {}

  /** Either the text of a file or the name of a cluster as it is. */
  public record Check(
      Optional<String> text,
      Optional<String> fileName,
      Optional<String> cluster,
      Optional<String> operation,
      List<String> ignore) {
    public Check {
      ignore = List.copyOf(ignore);
    }
  }

  public record Reason(Optional<String> reason) {}

  /** Back means: return to the revision that was last reached. */
  public record Abort(Optional<String> reason, boolean back) {}

  /** Where to; an empty list means the clusters' spare hosts. */
  public record Drain(List<String> to) {
    public Drain {
      to = List.copyOf(to);
    }
  }

  /** The address defaults to what the host's agent tells. */
  public record Replace(String with, Optional<String> address) {}

  /**
   * How: {@code copy} keeps id and data, {@code learner} is a replacement. Unless told, a copy,
   * except where a learner is the better way.
   */
  public record Move(String to, Optional<String> address, Optional<String> how) {}

  /** The host's new address, for its members in every cluster. */
  public record Readdress(String address) {}

  /** An empty list means every member, one after the other. */
  public record Restart(List<String> members) {
    public Restart {
      members = List.copyOf(members);
    }
  }

  public record RotateCertificates(List<String> members) {
    public RotateCertificates {
      members = List.copyOf(members);
    }
  }

  public record Restore(
      String snapshot, String confirm, boolean skipHashCheck, List<String> accept) {
    public Restore {
      accept = List.copyOf(accept);
    }
  }

  public record Recover(Optional<String> survivor, String confirm, List<String> accept) {
    public Recover {
      accept = List.copyOf(accept);
    }
  }

  public record Token(Optional<String> host, Optional<Long> ttlSeconds) {}

  /** The role is viewer, operator or admin. */
  public record Operator(String name, String role, String csrPem, Optional<Long> ttlSeconds) {}

  public record Credential(String commonName, String csrPem, Optional<Long> ttlSeconds) {}
}
