package io.quorate.coordinator;

import io.quorate.common.model.HostName;
import io.quorate.coordinator.api.v1.HostView;
import io.quorate.coordinator.desk.HostsDesk;
import io.quorate.coordinator.pki.Authorities;
import io.quorate.coordinator.session.AgentGateway;
import io.quorate.coordinator.session.AgentLinks;
import io.quorate.coordinator.session.Enrolment;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Enrolment, as the desk for hosts asks for it. */
final class PkiAdmission implements HostsDesk.Admission {
  private final AgentGateway.Admission admission;
  private final AgentLinks links;
  private final Authorities authorities;
  private final Supplier<String> address;

  PkiAdmission(
      AgentGateway.Admission admission,
      AgentLinks links,
      Authorities authorities,
      Supplier<String> address) {
    this.admission = admission;
    this.links = links;
    this.authorities = authorities;
    this.address = address;
  }

  @Override
  public HostView.Token token(Optional<HostName> host, Duration ttl, String by) {
    Enrolment.Invitation invitation = admission.enrolment().invite(host, ttl, by);
    String pin = authorities.pin().toString();
    return new HostView.Token(
        invitation.token(),
        host.map(HostName::value),
        invitation.expires(),
        address.get(),
        pin,
        "quorate-agent join --coordinator %s --pin %s --token %s%s"
            .formatted(
                address.get(), pin, invitation.token(), host.isEmpty() ? " --host NAME" : ""));
  }

  @Override
  public void revoke(HostName host, String by, String detail) {
    admission.identities().revoke(host, by, detail);
  }

  @Override
  public Optional<Instant> certificateNotAfter(HostName host) {
    return links.latest(host).map(link -> link.greeting().certificateNotAfter());
  }
}
