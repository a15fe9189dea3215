package io.quorate.lab.sim;

import io.quorate.common.model.HostConfig;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.Operation;
import io.quorate.coordinator.etcd.model.ModelProcess;
import java.util.List;
import java.util.Optional;

/** An agent and what it keeps on its host's disk, which outlives it. */
interface SimAgent {
  /** Which one a history has. */
  enum Kind {
    /** A few words about what an agent promises: fast, for very many histories. */
    PLAIN,
    /** The agent's own reconciler, journal and executor, over a host in memory. */
    REAL
  }

  void start();

  void die();

  void losePower();

  void boot();

  void desired(HostConfig document);

  void operation(Operation operation);

  /** Kills its etcd, as a fault. */
  void killProcess();

  Optional<ModelProcess> process();

  HostReport report();

  /** After a boot, and nobody has said yet what members are to do. */
  boolean waitsToBeTold();

  /** What data in use, or to be used, says of itself. */
  List<String> data();

  /** The same of what was set aside, or copied there. */
  List<String> aside();

  /** Whether data of the same member of the same cluster lies here, in use or not. */
  default boolean holdsDataLike(String data) {
    String identity = data.substring(0, data.lastIndexOf(' ') + 1);
    return data().stream().anyMatch(held -> held.startsWith(identity));
  }
}
