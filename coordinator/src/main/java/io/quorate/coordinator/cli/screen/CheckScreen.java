package io.quorate.coordinator.cli.screen;

import io.quorate.coordinator.api.v1.CheckReport;
import io.quorate.coordinator.api.v1.CheckReport.Result;

/** The preflight: an ordered list of named checks. */
public final class CheckScreen {
  private CheckScreen() {}

  public static void draw(Paper paper, CheckReport report) {
    Table table = Table.of("HOST", "CHECK", "RESULT", "DETAIL");
    for (CheckReport.Check each : report.checks()) {
      table
          .cell(each.host().isEmpty() ? "(cluster)" : each.host())
          .cell(each.name())
          .cell(each.result().name(), ink(each.result()))
          .cell(each.detail())
          .end();
    }
    table.draw(paper);
    report.checks().stream()
        .filter(each -> each.result() == Result.FAIL || each.result() == Result.WARN)
        .filter(each -> !each.remedy().isEmpty())
        .forEach(
            each ->
                paper.line(
                    "%s %s %s: %s"
                        .formatted(
                            paper.ink(ink(each.result()), "!"),
                            Paper.clean(each.host()),
                            Paper.clean(each.name()),
                            Paper.clean(each.remedy()))));
    paper.line(
        "%d passed, %d to look at, %d failed, %d ignored"
            .formatted(
                count(report, Result.PASS),
                count(report, Result.WARN),
                count(report, Result.FAIL),
                count(report, Result.IGNORED)));
  }

  private static long count(CheckReport report, Result result) {
    return report.checks().stream().filter(each -> each.result() == result).count();
  }

  private static Paper.Ink ink(Result result) {
    return switch (result) {
      case PASS -> Paper.Ink.GOOD;
      case WARN -> Paper.Ink.CAREFUL;
      case FAIL -> Paper.Ink.BAD;
      case IGNORED -> Paper.Ink.FAINT;
    };
  }
}
