package io.quorate.coordinator.cli.change;

import io.quorate.coordinator.cli.core.Api;
import io.quorate.coordinator.cli.core.ExitCode;
import io.quorate.coordinator.cli.core.Session;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that change members edit the cluster's file; this is how its owner gets it back. */
@Command(name = "file", description = "A cluster's file as it is now, as it was written")
public final class FileCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "CLUSTER")
  private String cluster = "";

  @Option(names = "--revision", paramLabel = "N", description = "as it was then")
  private Optional<Long> revision = Optional.empty();

  public FileCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    String path = "/v1/clusters/" + Api.encoded(cluster) + "/file";
    String text = session.api().text(path + revision.map(r -> "?revision=" + r).orElse(""));
    session.output().text(text.endsWith("\n") ? text : text + "\n");
    return ExitCode.DONE.number();
  }
}
