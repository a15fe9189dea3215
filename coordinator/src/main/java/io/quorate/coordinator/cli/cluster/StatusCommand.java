package io.quorate.coordinator.cli.cluster;

import io.quorate.coordinator.api.v1.ClusterStatus;
import io.quorate.coordinator.cli.core.Api;
import io.quorate.coordinator.cli.core.ExitCode;
import io.quorate.coordinator.cli.core.Session;
import io.quorate.coordinator.cli.screen.StatusScreen;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "status",
    description =
        "How all clusters are, worst first; or one, with its members. Exits with 3 when"
            + " one is not well")
public final class StatusCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(arity = "0..1", paramLabel = "CLUSTER")
  private Optional<String> cluster = Optional.empty();

  public StatusCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    boolean well = cluster.isPresent() ? one(cluster.get()) : all();
    return (well ? ExitCode.DONE : ExitCode.UNHEALTHY).number();
  }

  private boolean one(String name) {
    ClusterStatus status =
        session.api().get("/v1/clusters/" + Api.encoded(name), ClusterStatus.class);
    session.output().one(status, status.cluster(), paper -> StatusScreen.one(paper, status));
    return status.health().well();
  }

  private boolean all() {
    ClusterStatus.All all = session.api().get("/v1/clusters", ClusterStatus.All.class);
    session
        .output()
        .list(
            all,
            all.clusters(),
            ClusterStatus::cluster,
            paper -> StatusScreen.all(paper, all.clusters()));
    return all.clusters().stream().allMatch(each -> each.health().well());
  }
}
