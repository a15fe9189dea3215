package io.quorate.coordinator.cli.screen;

import java.util.ArrayList;
import java.util.List;

/** Columns as wide as their widest cell, two blanks between. */
public final class Table {
  private record Cell(String text, Paper.Ink ink) {}

  private final List<List<Cell>> rows = new ArrayList<>();
  private final List<Boolean> right = new ArrayList<>();
  private List<Cell> row = new ArrayList<>();

  /** A heading that begins with a greater-than sign is of a column of numbers. */
  public static Table of(String... headings) {
    Table table = new Table();
    for (String heading : headings) {
      boolean number = heading.startsWith(">");
      table.right.add(number);
      table.cell(number ? heading.substring(1) : heading, Paper.Ink.FAINT);
    }
    return table.end();
  }

  public Table cell(String text) {
    return cell(text, Paper.Ink.PLAIN);
  }

  public Table cell(String text, Paper.Ink ink) {
    row.add(new Cell(Paper.clean(text.isEmpty() ? "-" : text), ink));
    return this;
  }

  public Table end() {
    rows.add(row);
    row = new ArrayList<>();
    return this;
  }

  public boolean empty() {
    return rows.size() == 1;
  }

  public void draw(Paper paper) {
    for (List<Cell> each : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < each.size(); column++) {
        Cell cell = each.get(column);
        String blanks = " ".repeat(width(column) - cell.text().length());
        boolean last = column == each.size() - 1;
        if (right.get(column)) {
          line.append(blanks);
        }
        line.append(paper.ink(cell.ink(), cell.text()));
        if (!right.get(column) && !last) {
          line.append(blanks);
        }
        line.append(last ? "" : "  ");
      }
      paper.line(line.toString());
    }
  }

  private int width(int column) {
    return rows.stream()
        .filter(each -> each.size() > column)
        .mapToInt(each -> each.get(column).text().length())
        .max()
        .orElse(0);
  }
}
