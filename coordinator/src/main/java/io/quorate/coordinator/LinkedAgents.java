package io.quorate.coordinator;

import io.quorate.common.model.HostName;
import io.quorate.common.model.Operation;
import io.quorate.coordinator.observe.Agents;
import io.quorate.coordinator.session.AgentLinks;
import io.quorate.coordinator.session.HostLink;
import java.util.Optional;

/** The sessions as the deciding side wants to see them. */
final class LinkedAgents implements Agents {
  private final AgentLinks links;

  LinkedAgents(AgentLinks links) {
    this.links = links;
  }

  @Override
  public Optional<Seen> seen(HostName host) {
    return links.latest(host).map(LinkedAgents::seen);
  }

  private static Seen seen(HostLink link) {
    return new Seen(
        link.connected(),
        link.received().isAfter(link.since()) ? link.received() : link.since(),
        link.since(),
        link.greeting().agentVersion(),
        link.greeting().facts(),
        link.greeting().clockOffset().toMillis(),
        link.report());
  }

  @Override
  public void push(HostName host) {
    links.push(host);
  }

  @Override
  public void send(HostName host, Operation operation) {
    links.send(host, operation);
  }
}
