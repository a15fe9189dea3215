package io.quorate.coordinator.cli.fleet;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.coordinator.api.v1.ReleaseView;
import io.quorate.coordinator.cli.core.Api;
import io.quorate.coordinator.cli.core.Confirmation;
import io.quorate.coordinator.cli.core.ExitCode;
import io.quorate.coordinator.cli.core.Session;
import io.quorate.coordinator.cli.screen.Table;
import io.quorate.coordinator.cli.screen.Words;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "release", description = "The releases of etcd that hosts may run")
public final class ReleaseCommand {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Session session;

  public ReleaseCommand(Session session) {
    this.session = session;
  }

  @Command(
      name = "add",
      description =
          "Take a release tarball in upstream's layout; version and architecture are read from it")
  int add(
      @Parameters(paramLabel = "FILE") Path file,
      @Option(names = "--sha256", paramLabel = "HEX", description = "refuse any other archive")
          Optional<String> sha256) {
    FileBody body;
    try {
      body = FileBody.of(file);
    } catch (IOException e) {
      throw new QuorateException(
          Problem.of(Code.Q1404, "the file %s cannot be read".formatted(file))
              .withCause(String.valueOf(e.getMessage())),
          e);
    }
    String query = sha256.map(digest -> "?sha256=" + Api.encoded(digest)).orElse("");
    ReleaseView release =
        session.api().patient(PATIENCE).upload("/v1/releases" + query, body, ReleaseView.class);
    return show(release);
  }

  @Command(name = "list", description = "The releases in the catalogue")
  int list() {
    ReleaseView.All all = session.api().get("/v1/releases", ReleaseView.All.class);
    session
        .output()
        .list(all, all.releases(), ReleaseView::sha256, paper -> table(all.releases()).draw(paper));
    return ExitCode.DONE.number();
  }

  @Command(name = "remove", description = "Remove one, by version or digest; not while in use")
  int remove(
      @Parameters(paramLabel = "RELEASE") String release,
      @Option(
              names = {"-y", "--yes"},
              description = "do not ask")
          boolean yes) {
    String question = "Remove the release %s from the catalogue?".formatted(release);
    if (!new Confirmation(session.terminal()).ordinary(question, yes)) {
      return ExitCode.FAILED.number();
    }
    return show(session.api().delete("/v1/releases/" + Api.encoded(release), ReleaseView.class));
  }

  private int show(ReleaseView release) {
    session.output().one(release, release.sha256(), paper -> table(List.of(release)).draw(paper));
    return ExitCode.DONE.number();
  }

  private static Table table(List<ReleaseView> releases) {
    Table table = Table.of("VERSION", "ARCH", ">SIZE", "SHA-256", "ADDED", "BY", "USED BY");
    for (ReleaseView each : releases) {
      table
          .cell(each.etcdVersion())
          .cell(each.architecture())
          .cell(Words.size(each.sizeBytes()))
          .cell(each.sha256())
          .cell(Words.time(each.added()))
          .cell(each.by())
          .cell(String.join(",", each.usedBy()))
          .end();
    }
    return table;
  }
}
