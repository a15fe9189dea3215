package io.quorate.coordinator.session;

import io.quorate.common.model.HostName;
import io.quorate.common.model.HostReport;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The last that each host said, and those who want to know. */
final class HostReports {
  private final Map<HostName, HostLink> links = new ConcurrentHashMap<>();
  private final List<Consumer<HostName>> listeners = new CopyOnWriteArrayList<>();

  Optional<HostLink> latest(HostName host) {
    return Optional.ofNullable(links.get(host));
  }

  List<HostLink> all() {
    return links.values().stream()
        .sorted((one, other) -> one.host().compareTo(other.host()))
        .toList();
  }

  void onReport(Consumer<HostName> listener) {
    listeners.add(listener);
  }

  void connected(HostName host, HostLink.Greeting greeting, Instant at) {
    links.compute(
        host,
        (name, before) ->
            new HostLink(
                name,
                true,
                at,
                greeting,
                before == null ? Optional.empty() : before.report(),
                before == null ? Instant.EPOCH : before.received()));
    tell(host);
  }

  void reported(HostName host, HostReport report, Instant at) {
    links.computeIfPresent(host, (name, before) -> before.withReport(report, at));
    tell(host);
  }

  void disconnected(HostName host, Instant at) {
    links.computeIfPresent(host, (name, before) -> before.disconnected(at));
    tell(host);
  }

  private void tell(HostName host) {
    listeners.forEach(listener -> listener.accept(host));
  }
}
