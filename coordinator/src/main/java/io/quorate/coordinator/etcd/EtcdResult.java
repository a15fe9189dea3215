package io.quorate.coordinator.etcd;

/**
 * What became of a call that changes a cluster. Only {@link Ok} and {@link Refused} are knowledge;
 * after {@link Unknown} the next observation tells.
 */
public sealed interface EtcdResult<T> {
  record Ok<T>(T value) implements EtcdResult<T> {}

  /** It did not happen, and etcd said why. */
  record Refused<T>(Refusal kind, String text) implements EtcdResult<T> {}

  /** It may have happened, or may still happen: the deadline passed or the connection broke. */
  record Unknown<T>(String text) implements EtcdResult<T> {}

  /** The value of a call that only succeeds. */
  record Nothing() {
    public static final Nothing NOTHING = new Nothing();
  }

  default boolean ok() {
    return this instanceof Ok;
  }
}
