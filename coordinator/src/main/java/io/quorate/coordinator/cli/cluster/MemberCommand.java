package io.quorate.coordinator.cli.cluster;

import io.quorate.coordinator.api.v1.Changed;
import io.quorate.coordinator.api.v1.ClusterStatus;
import io.quorate.coordinator.api.v1.MoveWay;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.cli.change.WaitOptions;
import io.quorate.coordinator.cli.change.Waiter;
import io.quorate.coordinator.cli.core.Api;
import io.quorate.coordinator.cli.core.Confirmation;
import io.quorate.coordinator.cli.core.ExitCode;
import io.quorate.coordinator.cli.core.Session;
import io.quorate.coordinator.cli.screen.StatusScreen;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "member", description = "Single members of a cluster")
public final class MemberCommand {
  private final Session session;

  public MemberCommand(Session session) {
    this.session = session;
  }

  @Command(name = "list", description = "The members of a cluster")
  int list(@Parameters(paramLabel = "CLUSTER") String cluster) {
    ClusterStatus status =
        session.api().get("/v1/clusters/" + Api.encoded(cluster), ClusterStatus.class);
    session
        .output()
        .list(
            status,
            status.members(),
            ClusterStatus.Member::name,
            paper -> StatusScreen.members(paper, status.members()));
    return ExitCode.DONE.number();
  }

  @Command(
      name = "replace",
      description = "A new member on another host takes its place: new identity, learner first")
  int replace(
      @Parameters(index = "0", paramLabel = "CLUSTER") String cluster,
      @Parameters(index = "1", paramLabel = "MEMBER") String member,
      @Option(
              names = "--with",
              required = true,
              paramLabel = "HOST",
              description = "the host of the new member")
          String host,
      @Option(
              names = "--address",
              paramLabel = "ADDRESS",
              description =
                  "where the others reach it there; the first address that the host tells unless told")
          Optional<String> address,
      @Option(
              names = {"-y", "--yes"},
              description = "do not ask")
          boolean yes,
      @Mixin WaitOptions wait) {
    String question = "Replace %s of %s with a new member on %s?".formatted(member, cluster, host);
    return change(
        question,
        yes,
        wait,
        () ->
            session
                .api()
                .post(
                    path(cluster, member) + "/replace",
                    new Requests.Replace(host, address),
                    Changed.class));
  }

  @Command(
      name = "move",
      description = "The same member on another host, or a new one where that is the better way")
  int move(
      @Parameters(index = "0", paramLabel = "CLUSTER") String cluster,
      @Parameters(index = "1", paramLabel = "MEMBER") String member,
      @Option(
              names = "--to",
              required = true,
              paramLabel = "HOST",
              description = "the host to move to")
          String host,
      @Option(
              names = "--address",
              paramLabel = "ADDRESS",
              description =
                  "where the others reach it there; the first address that the host tells unless told")
          Optional<String> address,
      @Option(
              names = "--how",
              paramLabel = "HOW",
              description =
                  "copy (keeps id and data) or learner (a new id, the cluster stays whole); the"
                      + " better one unless told")
          Optional<String> how,
      @Option(
              names = {"-y", "--yes"},
              description = "do not ask")
          boolean yes,
      @Mixin WaitOptions wait) {
    MoveWay way =
        session
            .api()
            .ask(
                path(cluster, member) + "/move/way",
                new Requests.Move(host, address, how),
                MoveWay.class);
    if (!way.why().isEmpty()) {
      session.say("A learner is the better way: %s.".formatted(way.why()));
    }
    String question =
        way.how().equals("copy")
            ? "Move %s of %s to %s, with its id and data?".formatted(member, cluster, host)
            : "Replace %s of %s with a new member on %s?".formatted(member, cluster, host);
    return change(
        question,
        yes,
        wait,
        () ->
            session
                .api()
                .post(
                    path(cluster, member) + "/move",
                    new Requests.Move(host, address, Optional.of(way.how())),
                    Changed.class));
  }

  @Command(name = "remove", description = "Take it out of the cluster; its data is kept aside")
  int remove(
      @Parameters(index = "0", paramLabel = "CLUSTER") String cluster,
      @Parameters(index = "1", paramLabel = "MEMBER") String member,
      @Option(
              names = {"-y", "--yes"},
              description = "do not ask")
          boolean yes,
      @Mixin WaitOptions wait) {
    String question = "Remove %s from %s?".formatted(member, cluster);
    return change(
        question, yes, wait, () -> session.api().delete(path(cluster, member), Changed.class));
  }

  @Command(name = "restart", description = "Restart it, through the gates")
  int restart(
      @Parameters(index = "0", paramLabel = "CLUSTER") String cluster,
      @Parameters(index = "1", paramLabel = "MEMBER") String member,
      @Option(
              names = {"-y", "--yes"},
              description = "do not ask")
          boolean yes,
      @Mixin WaitOptions wait) {
    String question = "Restart %s of %s?".formatted(member, cluster);
    return change(
        question,
        yes,
        wait,
        () ->
            session
                .api()
                .post(
                    "/v1/clusters/" + Api.encoded(cluster) + "/restart",
                    new Requests.Restart(List.of(member)),
                    Changed.class));
  }

  private int change(
      String question, boolean yes, WaitOptions wait, java.util.function.Supplier<Changed> work) {
    if (!new Confirmation(session.terminal()).ordinary(question, yes)) {
      return ExitCode.FAILED.number();
    }
    return new Waiter(session, wait).settle(work.get());
  }

  private static String path(String cluster, String member) {
    return "/v1/clusters/" + Api.encoded(cluster) + "/members/" + Api.encoded(member);
  }
}
