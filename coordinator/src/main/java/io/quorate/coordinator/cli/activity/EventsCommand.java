package io.quorate.coordinator.cli.activity;

import io.quorate.coordinator.api.v1.ActivityView;
import io.quorate.coordinator.api.v1.codec.JsonWriter;
import io.quorate.coordinator.api.v1.codec.Records;
import io.quorate.coordinator.cli.core.Api;
import io.quorate.coordinator.cli.core.ExitCode;
import io.quorate.coordinator.cli.core.Session;
import io.quorate.coordinator.cli.screen.Paper;
import io.quorate.coordinator.cli.screen.Words;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "events", description = "What happened, of one cluster or of all")
public final class EventsCommand implements Callable<Integer> {
  private static final int WAIT_SECONDS = 20;

  private final Session session;

  @Parameters(arity = "0..1", paramLabel = "CLUSTER")
  private Optional<String> cluster = Optional.empty();

  @Option(
      names = {"-f", "--follow"},
      description = "go on as they happen, until Ctrl-C")
  private boolean follow;

  @Option(names = "-n", paramLabel = "N", defaultValue = "100", description = "the last so many")
  private int limit = 100;

  public EventsCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    ActivityView.Events first = fetch(0, 0);
    if (!follow) {
      session
          .output()
          .list(
              first,
              first.events(),
              each -> Long.toString(each.id()),
              paper -> first.events().forEach(each -> paper.line(line(paper, each))));
      return ExitCode.DONE.number();
    }
    ActivityView.Events events = first;
    long last = 0;
    while (true) {
      for (ActivityView.Event each : events.events()) {
        session.output().text(followed(each) + "\n");
        last = Math.max(last, each.id());
      }
      events = fetch(last, WAIT_SECONDS);
    }
  }

  private ActivityView.Events fetch(long after, int wait) {
    String query = cluster.map(name -> "&cluster=" + Api.encoded(name)).orElse("");
    return session
        .api()
        .patient(Duration.ofSeconds(WAIT_SECONDS + 10L))
        .get(
            "/v1/events?afterId=%d&limit=%d&wait=%d%s".formatted(after, limit, wait, query),
            ActivityView.Events.class);
  }

  private String followed(ActivityView.Event event) {
    if (!session.globals().format().table()) {
      return JsonWriter.compact(Records.document(event));
    }
    boolean colours = session.terminal().colours(session.terminal().connected().out());
    return line(new Paper(colours, false, session.clock().instant()), event);
  }

  private static String line(Paper paper, ActivityView.Event event) {
    Paper.Ink ink =
        switch (event.severity()) {
          case INFO -> Paper.Ink.PLAIN;
          case WARNING -> Paper.Ink.CAREFUL;
          case ERROR -> Paper.Ink.BAD;
        };
    String severity = event.severity().name().toLowerCase(Locale.ROOT);
    return "%s  %s  %-12s %s%s"
        .formatted(
            Words.time(event.at()),
            paper.ink(ink, "%-7s".formatted(severity)),
            Paper.clean(event.cluster().isEmpty() ? event.subject() : event.cluster()),
            event.code().isEmpty() ? "" : Paper.clean(event.code()) + " ",
            Paper.clean(event.text()));
  }
}
