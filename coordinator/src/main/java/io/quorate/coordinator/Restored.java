package io.quorate.coordinator;

import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Intents;
import io.quorate.coordinator.store.Clusters.Cluster;
import io.quorate.coordinator.store.Store;
import io.quorate.coordinator.store.sqlite.SqliteStore;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * {@code quorate-coordinator restored}: makes a data directory that came back from a backup fit to
 * act again. What happened since the backup is lost to it, but not to the hosts.
 *
 * <ol>
 *   <li>Every cluster is paused, at a new revision of its old file: what the file says may have
 *       been overtaken, and only people know by what.
 *   <li>The epoch leaps, so that agents obey this coordinator and never again the lost one, should
 *       that come back.
 *   <li>No host is told anything until it has told its own document, which is then taken for what
 *       was last issued.
 * </ol>
 *
 * Twice does no harm. In this order, because a crash in between leaves clusters paused and agents
 * refusing: nothing happens until it is run again.
 */
final class Restored {
  private static final String WHO = "coordinator restored";
  private static final String WHY = "the coordinator came back from a backup";

  private Restored() {}

  static void mark(Path data, PrintStream out) {
    Instant now = InstantSource.system().instant();
    try (Store store = SqliteStore.open(data)) {
      List<Cluster> clusters = store.clusters().list();
      clusters.forEach(
          cluster ->
              store.clusters().update(cluster.name(), c -> c.withIntent(paused(c.intent(), now))));
      store
          .audit()
          .append(
              now, WHO, "restored", data.toString(), "ok", clusters.size() + " clusters paused");
      store.restored();
      out.println("The epoch was raised; agents obey this coordinator and no older one.");
      out.println("Start it; hosts tell what they have in force as they connect.");
      for (Cluster cluster : clusters) {
        out.println(
            "%s is paused: look at  quorate plan -f FILE  with its present file, then"
                    .formatted(cluster.name())
                + "  quorate apply -f FILE");
      }
    }
  }

  private static Intent paused(Intent intent, Instant now) {
    Intent anew = Intents.revised(intent, intent.previous(), List.of(), WHO, now);
    if (intent.control().mode() == Intent.Mode.DELETING) {
      return intent; // somebody asked for its end by its name
    }
    return Intents.withControl(
        anew, new Intent.Control(Intent.Mode.PAUSED, WHO, WHY, List.of(), false, now));
  }
}
