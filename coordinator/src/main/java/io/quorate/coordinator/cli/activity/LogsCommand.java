package io.quorate.coordinator.cli.activity;

import io.quorate.coordinator.api.v1.ActivityView;
import io.quorate.coordinator.cli.core.Api;
import io.quorate.coordinator.cli.core.ExitCode;
import io.quorate.coordinator.cli.core.Session;
import io.quorate.coordinator.cli.screen.Paper;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "logs", description = "The last lines of members' logs")
public final class LogsCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(index = "0", paramLabel = "CLUSTER")
  private String cluster = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "MEMBER")
  private Optional<String> member = Optional.empty();

  @Option(
      names = {"-f", "--follow"},
      description = "go on as they are written, until Ctrl-C")
  private boolean follow;

  @Option(names = "-n", paramLabel = "N", defaultValue = "100", description = "so many of each")
  private int lines = 100;

  public LogsCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    ActivityView.Logs first = fetch();
    if (!follow) {
      session
          .output()
          .list(first, first.logs(), ActivityView.MemberLog::member, paper -> draw(paper, first));
      return ExitCode.DONE.number();
    }
    ActivityView.Logs logs = first;
    Map<String, List<String>> seen = new HashMap<>();
    while (true) {
      for (ActivityView.MemberLog each : logs.logs()) {
        List<String> before = seen.getOrDefault(each.member(), List.of());
        LogTail.fresh(before, each.lines())
            .forEach(line -> session.output().text(prefixed(each, line) + "\n"));
        seen.put(each.member(), each.lines());
      }
      Patience.second();
      logs = fetch();
    }
  }

  private ActivityView.Logs fetch() {
    String query = member.map(name -> "&member=" + Api.encoded(name)).orElse("");
    return session
        .api()
        .get(
            "/v1/clusters/%s/logs?lines=%d%s".formatted(Api.encoded(cluster), lines, query),
            ActivityView.Logs.class);
  }

  private void draw(Paper paper, ActivityView.Logs logs) {
    for (ActivityView.MemberLog each : logs.logs()) {
      each.lines().forEach(line -> paper.line(prefixed(each, line)));
    }
  }

  private String prefixed(ActivityView.MemberLog log, String line) {
    String clean = Paper.clean(line);
    return member.isPresent() ? clean : log.member() + " | " + clean;
  }
}
