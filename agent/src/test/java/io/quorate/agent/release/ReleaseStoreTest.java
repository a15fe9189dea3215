package io.quorate.agent.release;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.agent.host.Access;
import io.quorate.agent.host.Layout;
import io.quorate.agent.host.MemoryHost;
import io.quorate.agent.host.SetClock;
import io.quorate.common.error.Code;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.Release;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReleaseStoreTest {
  private final SetClock clock = new SetClock(Instant.EPOCH);
  private final MemoryHost host =
      new MemoryHost(clock).withProgram("etcd", command -> MemoryEtcd.answer(host(), command));
  private final Layout layout = Layout.under(Path.of("/q"));
  private final Archives.MemorySource source = new Archives.MemorySource();

  private MemoryHost host() {
    return host;
  }

  private ReleaseStore store() {
    return new ReleaseStore(host, layout, new Downloads(host, layout, source), clock);
  }

  private static Code code(QuorateException e) {
    return e.problem().code();
  }

  @Test
  void placesAReleaseAndLeavesNothingElse() throws IOException {
    Release release = source.add("3.5.30", Archives.release("3.5.30"));
    InstalledRelease installed = store().ensure(release);
    assertEquals(layout.releases().resolve("etcd-v3.5.30-linux-amd64"), installed.directory());
    assertEquals(Set.of("etcd", "etcdctl", "etcdutl"), installed.programs().keySet());
    assertEquals(List.of("etcd-v3.5.30-linux-amd64"), host.list(layout.releases()));
    assertEquals(List.of(), host.list(layout.blobs()));
    assertEquals(List.of(installed), store().installed());
    store().ensure(release);
    assertEquals(1, source.fetches());
  }

  @Test
  void goesOnWhereADownloadBroke() throws IOException {
    Release release = source.add("3.5.30", Archives.release("3.5.30"));
    source.breakAfter(200);
    assertThrows(IOException.class, () -> store().ensure(release));
    assertEquals(200, host.stat(layout.blobs().resolve(release.sha256() + ".part")).size());
    source.breakAfter(Integer.MAX_VALUE);
    store().ensure(release);
    assertEquals(2, source.fetches());
  }

  @Test
  void refusesAnotherDigestBeforeUnpacking() {
    Release release = source.add("3.5.30", Archives.release("3.5.30"));
    byte[] other = Archives.release("3.5.30");
    other[other.length / 2] ^= 1;
    source.put(release.sha256(), other);
    QuorateException e = assertThrows(QuorateException.class, () -> store().ensure(release));
    assertEquals(Code.Q2015, code(e));
    assertEquals(List.of(), host.list(layout.blobs()));
    assertEquals(List.of(), host.list(layout.releases()));
  }

  @Test
  void capsAnEndlessDownload() {
    Release release = source.add("3.5.30", Archives.release("3.5.30"));
    source.put(release.sha256(), new byte[100_000]);
    assertEquals(
        Code.Q2015, code(assertThrows(QuorateException.class, () -> store().ensure(release))));
  }

  @Test
  void refusesTheRightDigestOfTheWrongThing() {
    Release version = source.add("3.5.30", Archives.release("3.5.16"));
    Release claimed =
        new Release(EtcdVersion.parse("3.5.16"), "arm64", version.sha256(), version.size());
    assertEquals(
        Code.Q1101, code(assertThrows(QuorateException.class, () -> store().ensure(version))));
    assertEquals(
        Code.Q1101, code(assertThrows(QuorateException.class, () -> store().ensure(claimed))));
    String top = "etcd-v3.5.30-linux-amd64/";
    Release machine =
        source.add(
            "3.5.30",
            Archives.begin().file(top + "etcd", 0755, Archives.elf(0xb7, "etcd 3.5.30")).end());
    assertEquals(
        Code.Q2015, code(assertThrows(QuorateException.class, () -> store().ensure(machine))));
    Release liar =
        source.add(
            "3.5.30",
            Archives.begin().file(top + "etcd", 0755, Archives.elf(0x3e, "etcd 3.4.0")).end());
    assertEquals(
        Code.Q2015, code(assertThrows(QuorateException.class, () -> store().ensure(liar))));
    assertEquals(List.of(), host.list(layout.releases()));
  }

  @Test
  void refusesWhatDoesNotFitOnTheDisk() {
    Release release = source.add("3.5.30", Archives.release("3.5.30"));
    host.setFreeBytes(1000);
    assertEquals(
        Code.Q2014, code(assertThrows(QuorateException.class, () -> store().ensure(release))));
    assertEquals(0, source.fetches());
  }

  @Test
  void neverWritesIntoADirectoryThatIsThere() throws IOException {
    Path byHand = layout.releases().resolve("etcd-v3.5.30-linux-amd64");
    host.makeDirectory(byHand, Access.PUBLIC_DIRECTORY);
    host.write(byHand.resolve("etcd"), "by hand".getBytes(UTF_8), Access.PUBLIC);
    Release release = source.add("3.5.30", Archives.release("3.5.30"));
    InstalledRelease installed = store().ensure(release);
    assertEquals(
        "etcd-v3.5.30-linux-amd64-" + release.sha256().substring(0, 8),
        installed.directory().getFileName().toString());
    assertEquals("by hand", new String(host.read(byHand.resolve("etcd")), UTF_8));
  }

  @Test
  void replacesADamagedReleaseAndKeepsWhatWasThere() throws IOException {
    Release release = source.add("3.5.30", Archives.release("3.5.30"));
    ReleaseStore store = store();
    InstalledRelease installed = store.ensure(release);
    clock.pass(Duration.ofSeconds(1));
    host.edit(installed.etcd(), "bit rot");
    assertFalse(store.intact(installed));
    assertTrue(store.find(release).isEmpty());
    InstalledRelease again = store.ensure(release);
    assertTrue(store.intact(again));
    assertEquals(installed.directory(), again.directory());
    assertTrue(host.list(layout.releases()).contains("damaged-etcd-v3.5.30-linux-amd64.1"));
  }

  @Test
  void prunesTheOldestButNeverOneInUse() throws IOException {
    ReleaseStore store = store();
    Release first = source.add("3.5.10", Archives.release("3.5.10"));
    for (String version : List.of("3.5.10", "3.5.11", "3.5.12", "3.5.13")) {
      store.ensure(source.add(version, Archives.release(version)));
      clock.pass(Duration.ofMinutes(1));
    }
    store.prune(Set.of(first.sha256()), 1);
    assertEquals(
        List.of("etcd-v3.5.10-linux-amd64", "etcd-v3.5.13-linux-amd64"),
        host.list(layout.releases()));
  }

  @Test
  void convergesFromAKillAtAnyChange() throws IOException {
    Release release = source.add("3.5.30", Archives.release("3.5.30"));
    for (int change = 1; ; change++) {
      host.removeTree(Path.of("/q"));
      host.crashAt(host.mutations() + change);
      try {
        store().ensure(release);
        host.reviveAfterCrash();
        assertTrue(change > 10, "it changed so little: " + change);
        return;
      } catch (MemoryHost.Crash e) {
        host.reviveAfterCrash();
      }
      InstalledRelease installed = store().ensure(release);
      assertTrue(store().intactNow(installed), "after change " + change);
      store().prune(Set.of(), 1);
      assertEquals(List.of(), host.list(layout.blobs()), "after change " + change);
      assertEquals(
          List.of("etcd-v3.5.30-linux-amd64"),
          host.list(layout.releases()),
          "after change " + change);
    }
  }
}
