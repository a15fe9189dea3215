package io.quorate.agent.host;

/** One machine: the seam between the agent's decisions and what they touch. */
public interface Host extends HostFiles, HostProcesses {
  /** Where a test may end this process; see {@link CrashPoints}. */
  CrashPoints crashPoints();
}
