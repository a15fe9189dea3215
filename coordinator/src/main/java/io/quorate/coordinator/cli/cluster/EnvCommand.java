package io.quorate.coordinator.cli.cluster;

import io.quorate.coordinator.api.v1.AccessView;
import io.quorate.coordinator.cli.core.Api;
import io.quorate.coordinator.cli.core.ExitCode;
import io.quorate.coordinator.cli.core.Session;
import io.quorate.coordinator.cli.screen.Paper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "env", description = "The exports with which etcdctl speaks to a cluster")
public final class EnvCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "CLUSTER")
  private String cluster = "";

  @Option(
      names = "--certs",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "where client-cert has written its files; here unless told")
  private Path folder = Path.of(".");

  public EnvCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    AccessView access =
        session.api().get("/v1/clusters/" + Api.encoded(cluster) + "/access", AccessView.class);
    Path certs = folder.toAbsolutePath().normalize();
    session.output().one(access, access.cluster(), paper -> draw(paper, access, certs));
    if (!Files.exists(certs.resolve("client.crt"))) {
      session.say(
          "note: there is no %s yet; make it: quorate client-cert %s --cn NAME --out %s"
              .formatted(certs.resolve("client.crt"), cluster, folder));
    }
    return ExitCode.DONE.number();
  }

  private static void draw(Paper paper, AccessView access, Path certs) {
    paper.line("export ETCDCTL_API=3");
    paper.line("export ETCDCTL_ENDPOINTS=" + quoted(String.join(",", access.clientUrls())));
    paper.line("export ETCDCTL_CACERT=" + quoted(certs.resolve("ca.crt").toString()));
    paper.line("export ETCDCTL_CERT=" + quoted(certs.resolve("client.crt").toString()));
    paper.line("export ETCDCTL_KEY=" + quoted(certs.resolve("client.key").toString()));
  }

  /** For a shell that evaluates it: nothing in it can be anything but text. */
  private static String quoted(String text) {
    return "'" + Paper.clean(text).replace("'", "'\\''") + "'";
  }
}
