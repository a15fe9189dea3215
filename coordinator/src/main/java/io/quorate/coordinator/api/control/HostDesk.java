package io.quorate.coordinator.api.control;

import io.quorate.coordinator.api.v1.HostView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The hosts: who may join, who has, who no longer may. */
public interface HostDesk {
  List<HostView> all();

  HostView host(String name);

  HostView.Token token(Optional<String> host, Optional<Duration> ttl, Caller by);

  /**
   * Closes its live connection as well. Refuses with Q1211 while clusters use it, unless told that
   * this is meant: their members there run on, but nobody takes care of them any more.
   */
  HostView revoke(String name, boolean withMembers, Caller by);

  /**
   * Moves the next cluster's member off it, to the named hosts or else to spares; to be asked again
   * until none is left.
   */
  HostView.Stage drain(String name, List<String> to, Caller by);

  /** Gives the next cluster's member on it the new address; to be asked again likewise. */
  HostView.Stage readdress(String name, String address, Caller by);
}
