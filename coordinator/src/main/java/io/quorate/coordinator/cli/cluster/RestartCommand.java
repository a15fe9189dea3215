package io.quorate.coordinator.cli.cluster;

import io.quorate.coordinator.api.v1.Changed;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.cli.change.WaitOptions;
import io.quorate.coordinator.cli.change.Waiter;
import io.quorate.coordinator.cli.core.Api;
import io.quorate.coordinator.cli.core.Confirmation;
import io.quorate.coordinator.cli.core.ExitCode;
import io.quorate.coordinator.cli.core.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "restart",
    description = "Restart every member of a cluster, one after the other, through the gates")
public final class RestartCommand implements Callable<Integer> {
  private final Session session;
  @Mixin private final WaitOptions wait = new WaitOptions();

  @Parameters(paramLabel = "CLUSTER")
  private String cluster = "";

  @Option(names = "--member", split = ",", paramLabel = "MEMBER", description = "only this one")
  private List<String> members = new ArrayList<>();

  @Option(
      names = {"-y", "--yes"},
      description = "do not ask")
  private boolean yes;

  public RestartCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    String whom = members.isEmpty() ? "every member" : String.join(", ", members);
    String question = "Restart %s of %s, one after the other?".formatted(whom, cluster);
    if (!new Confirmation(session.terminal()).ordinary(question, yes)) {
      return ExitCode.FAILED.number();
    }
    Changed changed =
        session
            .api()
            .post(
                "/v1/clusters/" + Api.encoded(cluster) + "/restart",
                new Requests.Restart(members),
                Changed.class);
    return new Waiter(session, wait).settle(changed);
  }
}
