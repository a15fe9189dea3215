package io.quorate.coordinator.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quorate.common.error.Code;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import io.quorate.coordinator.files.Digests;
import io.quorate.coordinator.store.MemoryStore;
import io.quorate.coordinator.store.Operations.Sent;
import io.quorate.coordinator.store.Samples;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * What hosts upload: resumed where it ended, kept when it is right, and only while it is wanted.
 */
class UploadsTest {
  private static final byte[] CONTENT = "what a host has made".getBytes(UTF_8);

  @TempDir private Path temporary;
  private final MemoryStore store = new MemoryStore();
  private UploadArea area;

  @BeforeEach
  void open() throws IOException {
    area = new UploadArea(temporary.resolve("uploads"), 100);
  }

  private static ByteBuffer bytes(int from, int to) {
    return ByteBuffer.wrap(CONTENT, from, to - from);
  }

  private static String digest() {
    MessageDigest digest = Digests.sha256();
    digest.update(CONTENT);
    return Digests.hex(digest);
  }

  private static Code refusal(Executable call) {
    return assertThrows(QuorateException.class, call).problem().code();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(temporary.resolve("uploads"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void goesOnWhereItEndedAlsoAfterARestart() throws IOException {
    area.append("op-1", 0, bytes(0, 5));
    assertEquals(Code.Q1306, refusal(() -> area.append("op-1", 7, bytes(7, 9))));
    open();
    assertEquals(5, area.status("op-1").received());
    area.append("op-1", 5, bytes(5, CONTENT.length));
    assertEquals(Optional.empty(), area.complete("op-1"));
    assertEquals(Optional.of(digest()), area.finish("op-1", digest()).sha256());
    assertEquals(digest(), Digests.of(area.complete("op-1").orElseThrow()));
    assertEquals(List.of("op-1"), files());
  }

  @Test
  void whatIsNotWhatItShouldBeLeavesNothing() throws IOException {
    area.append("op-1", 0, bytes(0, 5));
    assertEquals(Code.Q1306, refusal(() -> area.finish("op-1", digest())));
    assertEquals(Code.Q1306, refusal(() -> area.append("op-2", 99, bytes(0, 5))));
    assertEquals(Code.Q1306, refusal(() -> area.append("../op", 0, bytes(0, 5))));
    assertEquals(List.of(), files());
  }

  @Test
  void onlyWhatBelongsToAnOpenOperationIsKept() throws IOException {
    for (String id : List.of("open", "over", "whole", "gone")) {
      area.append(id, 0, bytes(0, CONTENT.length));
    }
    area.finish("whole", digest());
    area.finish("gone", digest());
    open();
    area.keepOnly(Set.of("open", "whole"));
    assertEquals(List.of("open.part", "whole"), files());
  }

  @Test
  void nothingIsTakenForAnOperationThatHasAnOutcome() {
    MemberConfig.Id id = new MemberConfig.Id(Samples.PROD, MemberName.of("etcd-1"));
    Operation operation = new Operation("snap-1", 1, Samples.NOW, new Operation.SaveSnapshot(id));
    store
        .operations()
        .add(
            new Sent(
                operation,
                Samples.HOST,
                Optional.of(Samples.PROD),
                Optional.of(id.member()),
                Samples.NOW,
                Optional.empty(),
                Optional.empty()));
    UploadReceiver receiver = new UploadReceiver(store, area);
    assertEquals(0, receiver.status(Samples.HOST, "snap-1").getReceived());
    assertEquals(Code.Q1207, refusal(() -> receiver.status(HostName.of("another"), "snap-1")));
    store
        .operations()
        .finish(
            new OperationOutcome("snap-1", 1, Optional.empty(), "fetched", new TreeMap<>()),
            Samples.NOW);
    assertEquals(Code.Q1207, refusal(() -> receiver.status(Samples.HOST, "snap-1")));
  }
}
