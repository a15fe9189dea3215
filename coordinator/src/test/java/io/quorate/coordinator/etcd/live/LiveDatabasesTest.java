package io.quorate.coordinator.etcd.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.PutOption;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.catalogue.Blob;
import io.quorate.coordinator.catalogue.BlobStore;
import io.quorate.coordinator.catalogue.IncomingSnapshot;
import io.quorate.coordinator.catalogue.SnapshotShelf;
import io.quorate.coordinator.etcd.Databases;
import io.quorate.coordinator.etcd.EtcdResult;
import io.quorate.coordinator.store.MemoryStore;
import io.quorate.coordinator.store.Snapshots;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real databases, streamed and read: what is told of them is what etcd's own tool tells. */
final class LiveDatabasesTest {
  private static final MemberName MEMBER = MemberName.of("a");
  private static final String WITH_TOOLS = "3.5.30";

  @TempDir private Path temporary;

  @ParameterizedTest
  @ValueSource(strings = {"3.4", "3.5", "3.6", "3.7"})
  void whatIsReadIsWhatEtcdsOwnToolReads(String minor) throws Exception {
    String version = Archives.newest(minor).orElse("");
    assumeTrue(!version.isEmpty(), "no etcd of " + minor + " (lab/releases)");
    Optional<Path> etcdutl = Archives.etcd(WITH_TOOLS).map(etcd -> etcd.resolveSibling("etcdutl"));
    assumeTrue(etcdutl.isPresent(), "no etcdutl of " + WITH_TOOLS + " (lab/releases)");
    BlobStore blobs = BlobStore.open(temporary.resolve("blobs"));
    SnapshotShelf shelf =
        new SnapshotShelf(temporary.resolve("kept"), blobs, new MemoryStore().snapshots());
    try (LoopbackFixture etcd = new LoopbackFixture(Deadlines.DEFAULT, new TestAuthority("etcd"))) {
      etcd.found(version, List.of("a"));
      fill(etcd);
      Snapshots.Content content;
      Blob blob;
      try (IncomingSnapshot incoming = shelf.receive()) {
        etcd.databases().read(etcd.access(), MEMBER, incoming::take);
        content = incoming.content();
        blob = shelf.keep(incoming);
      }
      JsonObject told = status(etcdutl.get(), blobs.path(blob.sha256()).orElseThrow());
      assertEquals(told.getLong("revision"), content.revision());
      assertEquals(told.getLong("totalKey"), content.keys());
      assertEquals(told.getLong("hash"), content.hash());
      // 600 small ones, three large ones, and two hundred were deleted; each batch is a revision.
      Databases.Live live = live(etcd, content.revision());
      assertEquals(403, live.keys());
      assertTrue(live.compacted() > 5, live::toString);
      assertEquals(live, live(etcd, content.revision()));
      assertNotEquals(live.hash(), live(etcd, content.revision() - 1).hash());
    }
  }

  @Test
  void aMemberThatDiesMeanwhileBreaksTheStream() throws Exception {
    try (LoopbackFixture etcd = new LoopbackFixture(Deadlines.DEFAULT, null)) {
      etcd.found(WITH_TOOLS, List.of("a"));
      fill(etcd);
      IOException broken =
          assertThrows(
              IOException.class,
              () -> etcd.databases().read(etcd.access(), MEMBER, piece -> etcd.stop("a")));
      assertTrue(String.valueOf(broken.getMessage()).contains("broke off"), broken::getMessage);
      IOException away =
          assertThrows(
              IOException.class, () -> etcd.databases().read(etcd.access(), MEMBER, piece -> {}));
      assertTrue(String.valueOf(away.getMessage()).contains("broke off"), away::getMessage);
    }
  }

  private static Databases.Live live(LoopbackFixture etcd, long revision) {
    return switch (etcd.databases().live(etcd.access(), MEMBER, revision)) {
      case EtcdResult.Ok<Databases.Live>(Databases.Live live) -> live;
      case EtcdResult.Refused<Databases.Live> refused -> fail(refused.toString());
      case EtcdResult.Unknown<Databases.Live> unknown -> fail(unknown.toString());
    };
  }

  private static JsonObject status(Path etcdutl, Path file) throws Exception {
    Process process =
        new ProcessBuilder(
                etcdutl.toString(), "snapshot", "status", file.toString(), "--write-out=json")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor());
    return new JsonObject(said);
  }

  /** Small and large values, deleted, rewritten and compacted ones, leases. */
  private static void fill(LoopbackFixture etcd) throws Exception {
    var access = etcd.access();
    var builder = Client.builder().endpoints(access.targets().get(0).clientUrl());
    if (access.tls().isPresent()) {
      builder.sslContext(TlsOptions.context(access.tls().get()));
    }
    try (Client client = builder.build()) {
      KV kv = client.getKVClient();
      long lease = client.getLeaseClient().grant(600).get(10, TimeUnit.SECONDS).getID();
      for (int batch = 0; batch < 6; batch++) {
        Op[] puts = new Op[100];
        for (int i = 0; i < puts.length; i++) {
          puts[i] =
              Op.put(
                  bytes("key-%04d".formatted(batch * 100 + i)),
                  bytes("value ".repeat(1 + i)),
                  PutOption.builder().withLeaseId(lease).build());
        }
        kv.txn().Then(puts).commit().get(10, TimeUnit.SECONDS);
      }
      for (int i = 0; i < 3; i++) {
        kv.put(bytes("large-" + i), bytes("x".repeat(1_000_000 + i))).get(10, TimeUnit.SECONDS);
      }
      long now =
          kv.delete(bytes("key-0100"), DeleteOption.builder().withRange(bytes("key-0300")).build())
              .get(10, TimeUnit.SECONDS)
              .getHeader()
              .getRevision();
      kv.compact(now - 2).get(10, TimeUnit.SECONDS);
      kv.put(bytes("key-0001"), bytes("again")).get(10, TimeUnit.SECONDS);
    }
  }

  private static ByteSequence bytes(String text) {
    return ByteSequence.from(text, StandardCharsets.UTF_8);
  }
}
