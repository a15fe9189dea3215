package io.quorate.agent.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.agent.host.Host;
import io.quorate.agent.host.HostProcesses.ProcessFacts;
import io.quorate.agent.host.Layout;
import io.quorate.agent.host.MemoryHost;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

class FakeServiceManagerTest extends ServiceContract {
  private final MemoryHost host = new MemoryHost(() -> Instant.EPOCH);
  private final FakeServiceManager services = new FakeServiceManager(host);

  @Override
  Host host() {
    return host;
  }

  @Override
  Layout layout() {
    return Layout.under(Path.of("/srv"));
  }

  @Override
  ServiceManager services() {
    return services;
  }

  @Override
  void awaitEnd(ProcessFacts process) throws IOException {
    services.turn();
  }

  @Override
  byte[] program() {
    return "etcd".getBytes(UTF_8);
  }
}
