package io.quorate.coordinator.cli.change;

import io.quorate.coordinator.api.v1.Changed;
import io.quorate.coordinator.cli.core.Api;
import io.quorate.coordinator.cli.core.Confirmation;
import io.quorate.coordinator.cli.core.Session;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "delete",
    description = "Stop a cluster and forget it; its data stays on the hosts, renamed")
public final class DeleteCommand implements Callable<Integer> {
  private final Session session;
  @Mixin private final WaitOptions wait = new WaitOptions();

  @Parameters(paramLabel = "CLUSTER")
  private String cluster = "";

  @Option(
      names = "--confirm",
      paramLabel = "CLUSTER",
      description = "the cluster's name once more, instead of typing it")
  private Optional<String> confirm = Optional.empty();

  public DeleteCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    String name =
        new Confirmation(session.terminal())
            .destructive(
                ("This stops every member of %s and forgets the cluster."
                        + " Data directories stay on the hosts, renamed.")
                    .formatted(cluster),
                cluster,
                confirm);
    Changed changed =
        session
            .api()
            .delete(
                "/v1/clusters/" + Api.encoded(cluster) + "?confirm=" + Api.encoded(name),
                Changed.class);
    return new Waiter(session, wait).settle(changed);
  }
}
