package io.quorate.agent.service;

import io.quorate.agent.host.HostProcesses.ProcessFacts;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostReport.UnitState;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Runs etcd, one service a cluster, and keeps it running whatever becomes of the agent. Nothing
 * here waits: start, stop and restart begin something that {@link #state} shows the end of.
 *
 * <p>What every implementation promises: a process that ends by itself with exit code 0 stays down
 * (that is how a removed member ends); one that fails is started again, until it has failed too
 * often, and then counts as failed until the next start that is meant; a service that is enabled
 * comes back after a reboot.
 */
public interface ServiceManager {
  /** {@code systemd} or {@code supervised}. */
  String kind();

  /** Makes sure that the service is defined like this; a running one is not touched. */
  void define(ServiceDefinition definition) throws IOException;

  Definedness definedness(ServiceDefinition wanted) throws IOException;

  /** Begins to start it, with a clean count of failures; nothing when it runs. */
  void start(ClusterName cluster) throws IOException;

  /** Begins to stop it: politely, then by force. It stays down until started, or until a reboot. */
  void stop(ClusterName cluster) throws IOException;

  /** Begins to stop it and start it again as it is defined by then; starts it when it is down. */
  void restart(ClusterName cluster) throws IOException;

  void enable(ClusterName cluster) throws IOException;

  void disable(ClusterName cluster) throws IOException;

  /** Removes the definition of a stopped service. */
  void forget(ClusterName cluster) throws IOException;

  ServiceState state(ClusterName cluster) throws IOException;

  /**
   * The end of its log, oldest line first: what its last process said, or, when it said nothing,
   * what there is.
   */
  List<String> lastLines(ClusterName cluster, int lines) throws IOException;

  /** Does what is due by now; called often, and never from two threads at once. */
  void turn() throws IOException;

  /** Calls the listener, from any thread, when a service's process has ended. */
  void onEnd(Runnable listener);

  /** Whether a definition is there, is as wanted, and who else adds to it. */
  record Definedness(boolean present, boolean asWanted, List<String> additions) {
    public Definedness {
      additions = List.copyOf(additions);
    }
  }

  /** What a service is doing; the exit code is that of its last end, 0 when it never ended. */
  record ServiceState(
      UnitState state,
      boolean enabled,
      int restarts,
      Optional<ProcessFacts> process,
      int exitCode) {
    public static ServiceState absent() {
      return new ServiceState(UnitState.ABSENT, false, 0, Optional.empty(), 0);
    }
  }
}
