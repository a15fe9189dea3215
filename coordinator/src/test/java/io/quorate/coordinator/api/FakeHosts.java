package io.quorate.coordinator.api;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.api.control.Caller;
import io.quorate.coordinator.api.control.HostDesk;
import io.quorate.coordinator.api.v1.HostView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Two hosts: node-1, and node-2, which carries members. */
final class FakeHosts implements HostDesk {
  private final Told told;

  FakeHosts(Told told) {
    this.told = told;
  }

  @Override
  public List<HostView> all() {
    return told.answer("hosts", List.of(Samples.host("node-1"), Samples.host("node-2")));
  }

  @Override
  public HostView host(String name) {
    return told.answer("host " + name, Samples.host(name));
  }

  @Override
  public HostView.Token token(Optional<String> host, Optional<Duration> ttl, Caller by) {
    return told.answer(
        "token " + host.orElse("any"),
        new HostView.Token(
            "secret",
            host,
            Samples.NOW.plus(ttl.orElse(Duration.ofMinutes(10))),
            "coordinator.example:7443",
            "sha256:" + Samples.DIGEST,
            "quorate-agent join --coordinator coordinator.example:7443 --token secret"));
  }

  @Override
  public HostView revoke(String name, boolean withMembers, Caller by) {
    if (name.equals("node-2") && !withMembers) {
      throw Problem.of(Code.Q1211, "host node-2 carries members of prod")
          .withState("nothing was changed")
          .asException();
    }
    return told.answer("revoke " + name + (withMembers ? " with members" : ""), Samples.host(name));
  }

  @Override
  public HostView.Stage drain(String name, List<String> to, Caller by) {
    return told.answer(
        "drain " + name + " " + to,
        new HostView.Stage(
            name, Optional.of(FakeControl.begun()), List.of("prod"), "etcd-1 moves to node-4"));
  }

  @Override
  public HostView.Stage readdress(String name, String address, Caller by) {
    return told.answer(
        "readdress " + name + " " + address,
        new HostView.Stage(name, Optional.of(FakeControl.begun()), List.of("prod"), ""));
  }
}
