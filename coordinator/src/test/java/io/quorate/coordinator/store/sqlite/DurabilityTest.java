package io.quorate.coordinator.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.coordinator.store.Audit;
import io.quorate.coordinator.store.Journal;
import io.quorate.coordinator.store.Store;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurabilityTest {
  @TempDir Path temporary;

  /** Whatever was acknowledged before a SIGKILL is there afterwards, again and again. */
  @Test
  void whatWasAcknowledgedSurvivesAKill() throws Exception {
    Path data = temporary.resolve("data");
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<String> acknowledged = new ArrayList<>();
    for (int round = 1; round <= 3; round++) {
      try (OtherProcess writer = OtherProcess.start(data)) {
        int lines = random.nextInt(3, 120);
        for (int i = 0; i < lines; i++) {
          acknowledged.add(String.valueOf(writer.readLine()));
        }
        writer.kill();
        for (String late = writer.readLine(); late != null; late = writer.readLine()) {
          acknowledged.add(late);
        }
      }
      try (Store store = SqliteStore.open(data)) {
        Set<String> found =
            store.journal().events(Optional.empty(), 0, 1_000_000).stream()
                .map(Journal.Event::text)
                .map(text -> "event " + text)
                .collect(Collectors.toSet());
        store.audit().list(0, 1_000_000).stream()
            .map(Audit.Entry::hash)
            .forEach(hash -> found.add("audit " + hash));
        List<String> lost =
            acknowledged.stream()
                .filter(line -> !line.startsWith("epoch ") && !found.contains(line))
                .toList();
        assertEquals(List.of(), lost, "seed " + seed);
        assertEquals(Optional.empty(), store.audit().verify(), "seed " + seed);
      }
    }
    assertTrue(acknowledged.containsAll(List.of("epoch 1", "epoch 2", "epoch 3")), "seed " + seed);
  }
}
