package io.quorate.coordinator.etcd.live;

import io.quorate.common.model.MemberName;
import io.quorate.coordinator.etcd.Access;
import io.quorate.coordinator.etcd.Databases;
import io.quorate.coordinator.etcd.EtcdResult;
import io.quorate.coordinator.etcd.Refusal;
import io.quorate.coordinator.etcd.rpc.HashKVResponse;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Of real etcd, over a connection of its own each time: bulk does not hold up questions. */
public final class LiveDatabases implements Databases {
  private static final Duration COUNTING = Duration.ofSeconds(60);

  private final Vertx vertx;
  private final Duration silence;

  /**
   * The Vert.x stays its owner's.
   *
   * @param silence after which a stream that brings nothing is broken off
   */
  public LiveDatabases(Vertx vertx, Duration silence) {
    this.vertx = vertx;
    this.silence = silence;
  }

  @Override
  public void read(Access access, MemberName member, Sink sink) throws IOException {
    Access.Target target =
        access
            .target(member)
            .orElseThrow(() -> new IOException("no endpoint is known for " + member));
    try (MemberConnection connection =
        MemberConnection.forBulk(vertx, target.clientUrl(), access.tls())) {
      Pieces pieces = new Pieces(silence);
      connection.snapshot(pieces);
      pieces.drain(sink);
    }
  }

  @Override
  public EtcdResult<Live> live(Access access, MemberName member, long revision) {
    Optional<Access.Target> target = access.target(member);
    if (target.isEmpty()) {
      return new EtcdResult.Refused<>(Refusal.MEMBER_NOT_FOUND, "no endpoint for " + member);
    }
    Deadline deadline = Deadline.in(COUNTING);
    try (MemberConnection connection =
        MemberConnection.forBulk(vertx, target.get().clientUrl(), access.tls())) {
      HashKVResponse hash = connection.hash(revision, deadline);
      return new EtcdResult.Ok<>(
          new Live(
              connection.keys(revision, deadline),
              Integer.toUnsignedLong(hash.getHash()),
              hash.getCompactRevision()));
    } catch (CallFailed e) {
      return e.asResult();
    }
  }
}
