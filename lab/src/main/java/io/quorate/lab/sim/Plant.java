package io.quorate.lab.sim;

/**
 * A bug that is planted to see that it is found. With any of them, agents do not ask for the quorum
 * themselves either: their floor would catch most of it.
 */
enum Plant {
  NONE,
  /** The coordinator believes that every host has done what it was told. */
  HOSTS_ARE_DONE,
  /** The coordinator believes that every member is well. */
  MEMBERS_ARE_WELL,
  /** The coordinator believes both. */
  ALL_IS_WELL;

  boolean blindToHosts() {
    return this == HOSTS_ARE_DONE || this == ALL_IS_WELL;
  }

  boolean blindToMembers() {
    return this == MEMBERS_ARE_WELL || this == ALL_IS_WELL;
  }
}
