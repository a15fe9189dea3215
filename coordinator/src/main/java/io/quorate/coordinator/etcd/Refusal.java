package io.quorate.coordinator.etcd;

import java.util.Arrays;

/**
 * Why etcd refused. Told apart by the text, because several of them reach the wire under a code
 * that says nothing (UNKNOWN), or under one that promises that a retry helps (UNAVAILABLE).
 */
public enum Refusal {
  NOT_ENOUGH_STARTED("not enough started members"),
  UNHEALTHY("unhealthy cluster"),
  TOO_MANY_LEARNERS("too many learner members"),
  LEARNER_NOT_READY("can only promote a learner member which is in sync with leader"),
  NOT_A_LEARNER("can only promote a learner member"),
  MEMBER_NOT_FOUND("member not found"),
  /** A second addition within the same second makes the same id, and meets that first. */
  PEER_URL_EXISTS("Peer URLs already exists", "peerURL exists", "member ID already exist"),
  NOT_LEADER("not leader"),
  NO_LEADER("no leader"),
  BAD_TRANSFEREE("bad leader transferee"),
  DOWNGRADE_IN_PROGRESS("cluster has a downgrade job in progress"),
  NO_DOWNGRADE("no inflight downgrade"),
  INVALID_DOWNGRADE_TARGET(
      "invalid downgrade target version", "wrong downgrade target version format"),
  NO_CLUSTER_VERSION("cluster version not found"),
  COMPACTED("required revision has been compacted"),
  FUTURE_REVISION("required revision is a future revision"),
  TOO_MANY_REQUESTS("too many requests"),
  NOT_PERMITTED(
      "permission denied",
      "user name is empty",
      "user name not found",
      "auth: user not found",
      "invalid auth token"),
  NOT_SUPPORTED("unknown method", "unknown service", "rpc not supported for learner"),
  UNREACHABLE(),
  OTHER();

  private final String texts;

  Refusal(String... texts) {
    this.texts = String.join("|", texts);
  }

  /** The first kind with one of its texts inside what etcd said. */
  public static Refusal of(String said) {
    for (Refusal kind : values()) {
      if (!kind.texts.isEmpty()
          && Arrays.stream(kind.texts.split("\\|")).anyMatch(said::contains)) {
        return kind;
      }
    }
    return OTHER;
  }
}
