package io.quorate.coordinator.etcd.model;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Who reaches whom. Places are host addresses; everyone reaches everyone unless cut. */
public final class Network {
  private final VirtualTime time;
  private final Set<Pair> cut = new HashSet<>();
  private final Map<Pair, Instant> changed = new HashMap<>();
  private final Runnable onChange;

  Network(VirtualTime time, Runnable onChange) {
    this.time = time;
    this.onChange = onChange;
  }

  public boolean connects(String a, String b) {
    return a.equals(b) || !cut.contains(Pair.of(a, b));
  }

  /** The last time that this changed; long ago when it never did. */
  Instant since(String a, String b) {
    return changed.getOrDefault(Pair.of(a, b), Instant.EPOCH);
  }

  public void cut(String a, String b) {
    if (cut.add(Pair.of(a, b))) {
      changed.put(Pair.of(a, b), time.instant());
      onChange.run();
    }
  }

  public void mend(String a, String b) {
    if (cut.remove(Pair.of(a, b))) {
      changed.put(Pair.of(a, b), time.instant());
      onChange.run();
    }
  }

  public void mendAll() {
    cut.forEach(pair -> changed.put(pair, time.instant()));
    cut.clear();
    onChange.run();
  }

  private record Pair(String one, String other) {
    static Pair of(String a, String b) {
      return a.compareTo(b) < 0 ? new Pair(a, b) : new Pair(b, a);
    }
  }
}
