package io.quorate.coordinator.plan;

import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberConfig.Conduct;
import io.quorate.common.model.MemberConfig.Run;
import io.quorate.common.model.Seed;
import io.quorate.coordinator.plan.ClusterView.Placement;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What documents say while a cluster that there was begins anew, from a snapshot or a survivor's
 * data: its owner has accepted by its name that what runs is replaced.
 *
 * <p>A recovery was accepted because the quorum was gone, and until the survivor is told to become
 * a cluster of its own, hosts keep a quorum that they see nevertheless. From then on it is the
 * survivor that counts; so it is from the beginning where there is nothing to go back to, because
 * the cluster had not formed.
 */
public final class Anew {
  private static final String REPLACED = "restore";

  private Anew() {}

  /** Whether the survivor was told to begin, done or not: there is no way back from that. */
  public static boolean isForced(Situation situation) {
    return situation.seen().placements().stream()
        .filter(p -> p.issued().isPresent())
        .map(Situation::document)
        .anyMatch(
            d ->
                d.data().seed() instanceof Seed.Forced
                    && d.data().lineage().equals(situation.intent().foundation().token())
                    && d.conduct().run() == Run.RUNNING);
  }

  public static MemberConfig accepting(MemberConfig document, Situation situation) {
    Intent.Foundation foundation = situation.intent().foundation();
    if (foundation.formed() || foundation.seed() instanceof Seed.Empty) {
      return document;
    }
    boolean minding =
        foundation.seed() instanceof Seed.Forced
            && foundation.clusterId() != 0
            && !isForced(situation);
    return accepting(document, Optional.of(minding ? Conduct.RECOVERY : REPLACED));
  }

  /** Whatever quorum its host sees. */
  public static MemberConfig replacing(MemberConfig document) {
    return accepting(document, Optional.of(REPLACED));
  }

  /** Nothing is accepted any more. */
  public static MemberConfig keeping(MemberConfig document) {
    return accepting(document, Optional.empty());
  }

  private static MemberConfig accepting(MemberConfig document, Optional<String> acceptance) {
    Conduct conduct = document.conduct();
    return document.withConduct(
        new Conduct(
            conduct.run(), conduct.restartSerial(), conduct.drift(), conduct.unit(), acceptance));
  }

  /**
   * Those that must not run beside the ones that begin, and have not been told so. A host that is
   * away is told when it is back.
   */
  public static SortedMap<HostName, MemberConfig> toFence(Situation situation) {
    SortedMap<HostName, MemberConfig> fenced = new TreeMap<>();
    for (Placement placement : situation.seen().placements()) {
      boolean begins =
          Documents.founders(situation).stream()
              .anyMatch(
                  f -> f.name().equals(placement.member()) && f.host().equals(placement.host()));
      if (!begins
          && placement.issued().isPresent()
          && Situation.document(placement).conduct().run() == Run.RUNNING) {
        fenced.put(
            placement.host(),
            accepting(Situation.document(placement), situation).withRun(Run.STOPPED));
      }
    }
    return fenced;
  }

  /** Those that were, and would keep a quorum yet. */
  public static SortedMap<HostName, MemberConfig> fencedForARecovery(Situation situation) {
    SortedMap<HostName, MemberConfig> fenced = new TreeMap<>();
    for (Placement placement : situation.seen().placements()) {
      if (placement.issued().isPresent()
          && Situation.document(placement).conduct().mindsRecovery()) {
        fenced.put(placement.host(), Situation.document(placement));
      }
    }
    return fenced;
  }
}
