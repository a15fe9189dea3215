package io.quorate.coordinator.cli.backup;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.api.v1.Changed;
import io.quorate.coordinator.api.v1.ErrorView;
import io.quorate.coordinator.api.v1.Finding;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.api.v1.SnapshotView;
import io.quorate.coordinator.cli.change.WaitOptions;
import io.quorate.coordinator.cli.change.Waiter;
import io.quorate.coordinator.cli.core.Api;
import io.quorate.coordinator.cli.core.Confirmation;
import io.quorate.coordinator.cli.core.Refused;
import io.quorate.coordinator.cli.core.Session;
import io.quorate.coordinator.cli.screen.Paper;
import io.quorate.coordinator.cli.screen.Table;
import io.quorate.coordinator.cli.screen.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows who still has data and whose would be used, says what may be lost, asks, and does it. */
@Command(
    name = "recover",
    description = "Bring a cluster back that has lost its quorum, from the data of one survivor")
public final class RecoverCommand implements Callable<Integer> {
  private final Session session;
  @Mixin private final WaitOptions wait = new WaitOptions();

  @Parameters(paramLabel = "CLUSTER")
  private String cluster = "";

  @Option(
      names = "--from",
      paramLabel = "MEMBER",
      description = "use this survivor's data; the one with the newest log unless told")
  private Optional<String> survivor = Optional.empty();

  @Option(
      names = "--confirm",
      paramLabel = "CLUSTER",
      description = "the cluster's name once more, instead of typing it")
  private Optional<String> confirm = Optional.empty();

  @Option(
      names = "--accept",
      paramLabel = "HAZARD",
      split = ",",
      description = "what a refusal named: old-etcd-recovery")
  private List<String> accept = new ArrayList<>();

  public RecoverCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    String path = "/v1/clusters/" + Api.encoded(cluster);
    SnapshotView.Recovery recovery =
        session.api().get(path + "/recovery", SnapshotView.Recovery.class);
    boolean colours = session.terminal().colours(session.terminal().connected().err());
    Paper paper = new Paper(colours, false, session.clock().instant());
    draw(paper, recovery);
    session.terminal().err().print(paper.text());
    refuseWhatCannotBe(recovery);
    String name =
        new Confirmation(session.terminal())
            .destructive(Paper.clean(recovery.loss()), cluster, confirm);
    Changed changed =
        session
            .api()
            .post(path + "/recover", new Requests.Recover(survivor, name, accept), Changed.class);
    return new Waiter(session, wait).settle(changed);
  }

  private void draw(Paper paper, SnapshotView.Recovery recovery) {
    String chosen = survivor.orElse(recovery.chosen());
    Table table = Table.of("MEMBER", "HOST", "REACHABLE", ">TERM", ">INDEX", "SEEN", "USED");
    for (SnapshotView.Survivor each : recovery.survivors()) {
      table
          .cell(each.member())
          .cell(each.host())
          .cell(each.reachable() ? "yes" : "no")
          .cell(each.reachable() ? Long.toString(each.term()) : "-")
          .cell(each.reachable() ? Long.toString(each.index()) : "-")
          .cell(Words.ago(each.seen(), paper.now()))
          .cell(each.member().equals(chosen) ? "the cluster is made from this one" : "")
          .end();
    }
    table.draw(paper);
    for (int step = 0; step < recovery.steps().size(); step++) {
      paper.line("%d. %s".formatted(step + 1, recovery.steps().get(step)));
    }
  }

  private static void refuseWhatCannotBe(SnapshotView.Recovery recovery) {
    if (recovery.stops().isEmpty()) {
      return;
    }
    Finding first = recovery.stops().getFirst();
    Problem problem = Problem.of(Code.Q3507, first.sentence()).withState("nothing was changed");
    throw new Refused(
        new ErrorView(
            first.code(),
            problem.sentence(),
            recovery.stops().stream().skip(1).map(Finding::sentence).toList(),
            problem.state(),
            first.remedies()));
  }
}
