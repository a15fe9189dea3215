package io.quorate.coordinator.cli.activity;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.api.v1.ActivityView;
import io.quorate.coordinator.cli.core.ExitCode;
import io.quorate.coordinator.cli.core.Session;
import io.quorate.coordinator.cli.screen.Table;
import io.quorate.coordinator.cli.screen.Words;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "audit", description = "Who did what, when, with what outcome")
public final class AuditCommand implements Callable<Integer> {
  private final Session session;

  @Option(names = "-n", paramLabel = "N", defaultValue = "50", description = "the last so many")
  private int usual = 50;

  public AuditCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    return list(usual);
  }

  @Command(name = "list", description = "The last entries, oldest first")
  int list(
      @Option(names = "-n", paramLabel = "N", defaultValue = "50", description = "so many")
          int limit) {
    ActivityView.AuditEntries all =
        session.api().get("/v1/audit?limit=" + limit, ActivityView.AuditEntries.class);
    session
        .output()
        .list(
            all,
            all.entries(),
            each -> Long.toString(each.index()),
            paper -> {
              Table table = Table.of(">INDEX", "AT", "WHO", "WHAT", "SUBJECT", "OUTCOME", "DETAIL");
              for (ActivityView.AuditEntry each : all.entries()) {
                table
                    .cell(Long.toString(each.index()))
                    .cell(Words.time(each.at()))
                    .cell(each.who())
                    .cell(each.what())
                    .cell(each.subject())
                    .cell(each.outcome())
                    .cell(each.detail())
                    .end();
              }
              table.draw(paper);
            });
    return ExitCode.DONE.number();
  }

  @Command(name = "verify", description = "Whether every entry follows from the one before")
  int verify() {
    ActivityView.AuditVerdict verdict =
        session.api().get("/v1/audit/verdict", ActivityView.AuditVerdict.class);
    session
        .output()
        .one(
            verdict,
            verdict.headHash(),
            paper -> {
              if (verdict.intact()) {
                paper.line("intact: %d entries".formatted(verdict.entries()));
                paper.line("head:   " + verdict.headHash());
              }
            });
    if (!verdict.intact()) {
      throw Problem.of(
              Code.Q1309,
              "the audit trail does not verify: entry %d".formatted(verdict.brokenAt().orElse(0L)))
          .withCause(verdict.why())
          .withRemedy("compare with the head that you keep elsewhere, and with backups")
          .asException();
    }
    return ExitCode.DONE.number();
  }
}
