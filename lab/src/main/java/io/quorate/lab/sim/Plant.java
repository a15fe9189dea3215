package io.quorate.lab.sim;

/** A bug that is planted to see that it is found. */
enum Plant {
  NONE,
  /** The coordinator believes that every host has done what it was told. */
  HOSTS_ARE_DONE,
  /** The coordinator believes that every member is well. */
  MEMBERS_ARE_WELL,
  /** The coordinator believes both. */
  ALL_IS_WELL,
  /** After a boot, agents start what they were last told to run. */
  BOOTS_UNFENCED,
  /** A recovery goes on whatever quorum comes back; neither coordinator nor agents mind it. */
  RECOVERS_REGARDLESS,
  /** Agents throw away what they should set aside. */
  THROWS_AWAY;

  boolean blindToHosts() {
    return this == HOSTS_ARE_DONE || this == ALL_IS_WELL;
  }

  boolean blindToMembers() {
    return this == MEMBERS_ARE_WELL || this == ALL_IS_WELL;
  }

  /**
   * Whether agents ask for the quorum themselves before they stop a voter: that would catch most of
   * what a blind coordinator does.
   */
  boolean leavesTheFloor() {
    return !blindToHosts() && !blindToMembers();
  }

  /** The change in which it shows. */
  Scenario showsIn() {
    return switch (this) {
      case BOOTS_UNFENCED, RECOVERS_REGARDLESS -> Scenario.RECOVER;
      case THROWS_AWAY -> Scenario.RESTORE;
      case NONE, HOSTS_ARE_DONE, MEMBERS_ARE_WELL, ALL_IS_WELL -> Scenario.SETTING;
    };
  }

  /** What is then said of it. */
  String shows() {
    return switch (this) {
      case BOOTS_UNFENCED -> "starts old data";
      case RECOVERS_REGARDLESS -> "acknowledged after the recovery began";
      case THROWS_AWAY -> "are gone from";
      case NONE, HOSTS_ARE_DONE, MEMBERS_ARE_WELL, ALL_IS_WELL -> "loses quorum";
    };
  }
}
