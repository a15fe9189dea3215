package io.quorate.agent;

import io.quorate.agent.host.Layout;
import io.quorate.agent.session.Endpoint;
import io.quorate.common.config.Configuration;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What an agent is started with, checked. */
record Setup(Layout layout, boolean systemd, List<Endpoint> coordinators) {

  static Setup of(Configuration configuration) {
    Layout layout =
        configuration
            .find("root")
            .map(root -> Layout.under(Path.of(root).toAbsolutePath().normalize()))
            .orElseGet(Layout::system);
    String service =
        configuration
            .find("service")
            .orElseGet(
                () ->
                    configuration.find("root").isEmpty()
                            && Files.isDirectory(Path.of("/run/systemd/system"))
                        ? "systemd"
                        : "supervised");
    if (!List.of("systemd", "supervised").contains(service)) {
      throw Problem.of(Code.Q1301, "'%s' is not a service manager".formatted(service))
          .withRemedy("service: systemd, or service: supervised")
          .asException();
    }
    return new Setup(
        layout,
        service.equals("systemd"),
        configuration.list("coordinator").stream().map(Endpoint::parse).toList());
  }

  Path identity() {
    return layout.state().resolve("identity");
  }
}
