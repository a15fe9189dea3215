package io.quorate.coordinator.cli.cluster;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.pki.CertificateRequest;
import io.quorate.common.pki.KeyAlgorithm;
import io.quorate.common.pki.Keys;
import io.quorate.common.pki.SecretFiles;
import io.quorate.coordinator.api.v1.AccessView;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.cli.core.Api;
import io.quorate.coordinator.cli.core.ExitCode;
import io.quorate.coordinator.cli.core.Session;
import io.quorate.coordinator.cli.screen.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The key is made here; only a request for its certificate leaves this machine. */
@Command(
    name = "client-cert",
    description = "A certificate for etcdctl, kube-apiserver and other clients of a cluster")
public final class ClientCertCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "CLUSTER")
  private String cluster = "";

  @Option(names = "--cn", required = true, paramLabel = "NAME", description = "the client's name")
  private String name = "";

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "where ca.crt, client.crt and client.key are written")
  private Path folder = Path.of("");

  @Option(names = "--ttl", paramLabel = "TIME", description = "how long it is valid")
  private Optional<Duration> ttl = Optional.empty();

  public ClientCertCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    KeyPair keys = Keys.generate(KeyAlgorithm.ECDSA_P256);
    Requests.Credential request =
        new Requests.Credential(
            name, CertificateRequest.makePem(keys), ttl.map(Duration::toSeconds));
    AccessView.Credential credential =
        session
            .api()
            .post(
                "/v1/clusters/" + Api.encoded(cluster) + "/client-certificates",
                request,
                AccessView.Credential.class);
    write(credential, Keys.toPem(keys.getPrivate()));
    session
        .output()
        .one(
            credential,
            credential.serial(),
            paper -> {
              paper.line(
                  "%s may speak to %s until %s"
                      .formatted(name, cluster, Words.time(credential.notAfter())));
              paper.line("  " + folder.resolve("client.crt"));
              paper.line("  " + folder.resolve("client.key"));
              paper.line("  " + folder.resolve("ca.crt"));
              paper.line(
                  "use it: eval \"$(quorate env %s --certs %s)\"".formatted(cluster, folder));
            });
    return ExitCode.DONE.number();
  }

  private void write(AccessView.Credential credential, String key) {
    try {
      Files.createDirectories(folder);
      SecretFiles.write(folder.resolve("client.key"), key);
      Files.writeString(folder.resolve("client.crt"), credential.certificatePem());
      Files.writeString(folder.resolve("ca.crt"), credential.access().authorityPem());
    } catch (IOException e) {
      throw new QuorateException(
          Problem.of(Code.Q1404, "%s cannot be written".formatted(folder))
              .withCause(String.valueOf(e.getMessage())),
          e);
    }
  }
}
