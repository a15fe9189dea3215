package io.quorate.coordinator.cli.fleet;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.pki.CertificateRequest;
import io.quorate.common.pki.KeyAlgorithm;
import io.quorate.common.pki.Keys;
import io.quorate.common.pki.SecretFiles;
import io.quorate.coordinator.api.v1.OperatorView;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.cli.context.ContextFile;
import io.quorate.coordinator.cli.context.ServerContext;
import io.quorate.coordinator.cli.core.Api;
import io.quorate.coordinator.cli.core.Confirmation;
import io.quorate.coordinator.cli.core.ExitCode;
import io.quorate.coordinator.cli.core.Session;
import io.quorate.coordinator.cli.screen.Paper;
import io.quorate.coordinator.cli.screen.Table;
import io.quorate.coordinator.cli.screen.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * People and programs that may speak to the coordinator. A new one gets a directory: key and
 * certificate, the coordinator's authority, and a file of contexts that names them, so that the
 * directory is all there is to hand over.
 */
@Command(name = "operator", description = "Who may speak to the coordinator, and in which role")
public final class OperatorCommand {
  private final Session session;

  public OperatorCommand(Session session) {
    this.session = session;
  }

  @Command(
      name = "add",
      description = "Make the directory that lets somebody in: key, certificate, context")
  int add(
      @Parameters(paramLabel = "NAME") String name,
      @Option(
              names = "--role",
              required = true,
              paramLabel = "ROLE",
              description =
                  "viewer looks, operator changes clusters, admin also lets in, deletes and restores")
          String role,
      @Option(
              names = "--out",
              required = true,
              paramLabel = "DIR",
              description = "where the directory is made")
          Path folder,
      @Option(
              names = "--ttl",
              paramLabel = "TIME",
              description = "how long it is good; 365d unless told")
          Optional<Duration> ttl) {
    if (Files.exists(folder.resolve("operator.key"))) {
      throw Problem.of(Code.Q1404, "%s has a key already".formatted(folder))
          .withState("nothing was changed")
          .withRemedy("choose another --out")
          .asException();
    }
    KeyPair keys = Keys.generate(KeyAlgorithm.ECDSA_P256);
    OperatorView.Credential credential =
        session
            .api()
            .post(
                "/v1/operators",
                new Requests.Operator(
                    name, role, CertificateRequest.makePem(keys), ttl.map(Duration::toSeconds)),
                OperatorView.Credential.class);
    write(folder, credential, Keys.toPem(keys.getPrivate()));
    session
        .output()
        .one(
            credential,
            name,
            paper -> {
              paper.line(
                  "%s is %s until %s"
                      .formatted(name, role, Words.time(credential.operator().notAfter())));
              paper.line("hand over the directory %s; there:".formatted(folder));
              paper.line("  export QUORATE_CONTEXT_FILE=DIRECTORY/contexts.yaml");
            });
    return ExitCode.DONE.number();
  }

  @Command(name = "list", description = "Every certificate that was given, and whether it counts")
  int list() {
    return show(session.api().get("/v1/operators", OperatorView.All.class));
  }

  @Command(name = "revoke", description = "End every certificate of that name, at once")
  int revoke(
      @Parameters(paramLabel = "NAME") String name,
      @Option(
              names = {"-y", "--yes"},
              description = "do not ask")
          boolean yes) {
    if (!new Confirmation(session.terminal())
        .ordinary("Revoke %s for good?".formatted(name), yes)) {
      return ExitCode.FAILED.number();
    }
    return show(
        session
            .api()
            .post("/v1/operators/" + Api.encoded(name) + "/revoke", OperatorView.All.class));
  }

  private int show(OperatorView.All all) {
    session
        .output()
        .list(all, all.operators(), OperatorView::name, paper -> draw(paper, all.operators()));
    return ExitCode.DONE.number();
  }

  private static void draw(Paper paper, List<OperatorView> operators) {
    Table table = Table.of("OPERATOR", "ROLE", "STATE", "ENDS", "SERIAL", "ADDED", "BY");
    for (OperatorView each : operators) {
      boolean over = each.notAfter().isBefore(paper.now());
      table
          .cell(each.name())
          .cell(each.role())
          .cell(each.revoked().isPresent() ? "revoked" : over ? "expired" : "valid")
          .cell(Words.left(Optional.of(each.notAfter()), paper.now()))
          .cell(each.serial())
          .cell(Words.time(each.added()))
          .cell(each.by())
          .end();
    }
    table.draw(paper);
  }

  private static void write(Path folder, OperatorView.Credential credential, String key) {
    try {
      SecretFiles.makeDirectory(folder);
      SecretFiles.write(folder.resolve("operator.key"), key);
      SecretFiles.write(folder.resolve("operator.crt"), credential.certificatePem());
      SecretFiles.write(folder.resolve("ca.crt"), credential.authorityPem());
      // Beside the file, so that the directory can be carried anywhere.
      new ContextFile(folder.resolve("contexts.yaml"), "", List.of())
          .with(
              new ServerContext(
                  "quorate",
                  credential.address(),
                  Path.of("ca.crt"),
                  Path.of("operator.crt"),
                  Path.of("operator.key")))
          .save();
    } catch (IOException e) {
      throw new QuorateException(
          Problem.of(Code.Q1404, "%s cannot be written".formatted(folder))
              .withCause(String.valueOf(e.getMessage()))
              .withRemedy("quorate operator revoke " + credential.operator().name()),
          e);
    }
  }
}
