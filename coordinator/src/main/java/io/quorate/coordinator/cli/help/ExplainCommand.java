package io.quorate.coordinator.cli.help;

import io.quorate.common.error.Code;
import io.quorate.common.error.ErrorCatalogue;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.cli.core.ExitCode;
import io.quorate.coordinator.cli.core.Session;
import io.quorate.coordinator.cli.screen.Paper;
import io.quorate.coordinator.cli.screen.Table;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "explain", description = "What a code means and what to do; all codes without one")
public final class ExplainCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(arity = "0..1", paramLabel = "CODE")
  private Optional<String> code = Optional.empty();

  /** One code. */
  public record Explanation(String code, String title, String text, List<String> remedies) {
    public Explanation {
      remedies = List.copyOf(remedies);
    }

    static Explanation of(ErrorCatalogue.Entry entry) {
      return new Explanation(entry.code().name(), entry.title(), entry.text(), entry.remedies());
    }
  }

  /** All of them. */
  public record All(List<Explanation> codes) {
    public All {
      codes = List.copyOf(codes);
    }
  }

  public ExplainCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    ErrorCatalogue catalogue = ErrorCatalogue.load();
    if (code.isPresent()) {
      Explanation one = Explanation.of(find(catalogue, code.get()));
      session.output().one(one, one.code(), paper -> draw(paper, one));
      return ExitCode.DONE.number();
    }
    All all = new All(catalogue.entries().stream().map(Explanation::of).toList());
    session
        .output()
        .list(
            all,
            all.codes(),
            Explanation::code,
            paper -> {
              Table table = Table.of("CODE", "MEANS");
              all.codes().forEach(each -> table.cell(each.code()).cell(each.title()).end());
              table.draw(paper);
            });
    return ExitCode.DONE.number();
  }

  private static ErrorCatalogue.Entry find(ErrorCatalogue catalogue, String code) {
    String wanted = code.toUpperCase(Locale.ROOT);
    return Stream.of(Code.values())
        .filter(each -> each.name().equals(wanted))
        .findFirst()
        .flatMap(catalogue::find)
        .orElseThrow(
            () ->
                Problem.of(Code.Q1404, "there is no code %s".formatted(wanted))
                    .withRemedy("quorate explain")
                    .asException());
  }

  private static void draw(Paper paper, Explanation entry) {
    paper.line(paper.ink(Paper.Ink.BOLD, entry.code() + "  " + entry.title()));
    paper.line("");
    entry.text().lines().forEach(paper::line);
    paper.line("");
    paper.line("What to do:");
    entry.remedies().forEach(remedy -> paper.line("  - " + remedy));
  }
}
