package io.quorate.coordinator.cli.cluster;

import io.quorate.coordinator.api.v1.Changed;
import io.quorate.coordinator.api.v1.ClusterStatus;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.cli.change.WaitOptions;
import io.quorate.coordinator.cli.change.Waiter;
import io.quorate.coordinator.cli.core.Api;
import io.quorate.coordinator.cli.core.Confirmation;
import io.quorate.coordinator.cli.core.ExitCode;
import io.quorate.coordinator.cli.core.Session;
import io.quorate.coordinator.cli.screen.Table;
import io.quorate.coordinator.cli.screen.Words;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "certs", description = "The certificates of a cluster's members")
public final class CertsCommand {
  private final Session session;

  public CertsCommand(Session session) {
    this.session = session;
  }

  @Command(name = "list", description = "When they end")
  int list(@Parameters(paramLabel = "CLUSTER") String cluster) {
    ClusterStatus status =
        session.api().get("/v1/clusters/" + Api.encoded(cluster), ClusterStatus.class);
    session
        .output()
        .list(
            status,
            status.members(),
            ClusterStatus.Member::name,
            paper -> {
              Table table = Table.of("MEMBER", "HOST", "ENDS", "LEFT");
              for (ClusterStatus.Member each : status.members()) {
                table
                    .cell(each.name())
                    .cell(each.host())
                    .cell(each.certificateNotAfter().map(Object::toString).orElse(""))
                    .cell(Words.left(each.certificateNotAfter(), paper.now()))
                    .end();
              }
              table.draw(paper);
            });
    return ExitCode.DONE.number();
  }

  @Command(name = "rotate", description = "New certificates; members are not restarted for it")
  int rotate(
      @Parameters(paramLabel = "CLUSTER") String cluster,
      @Option(names = "--member", paramLabel = "MEMBER", description = "only this one")
          Optional<String> member,
      @Option(
              names = {"-y", "--yes"},
              description = "do not ask")
          boolean yes,
      @Mixin WaitOptions wait) {
    String question =
        "Make new certificates for %s of %s?".formatted(member.orElse("every member"), cluster);
    if (!new Confirmation(session.terminal()).ordinary(question, yes)) {
      return ExitCode.FAILED.number();
    }
    Changed changed =
        session
            .api()
            .post(
                "/v1/clusters/" + Api.encoded(cluster) + "/certificates/rotate",
                new Requests.RotateCertificates(member.map(List::of).orElse(List.of())),
                Changed.class);
    return new Waiter(session, wait).settle(changed);
  }
}
