package io.quorate.coordinator.cli.core;

import io.quorate.coordinator.api.v1.codec.JsonWriter;
import io.quorate.coordinator.api.v1.codec.Records;
import io.quorate.coordinator.api.v1.codec.YamlWriter;
import io.quorate.coordinator.cli.screen.Paper;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Data to stdout, in the format that was asked for. */
public final class Output {
  private final Terminal terminal;
  private final Globals.Format format;
  private final Instant now;

  Output(Terminal terminal, Globals.Format format, Instant now) {
    this.terminal = terminal;
    this.format = format;
    this.now = now;
  }

  /** One thing. */
  public void one(Record view, String name, Consumer<Paper> table) {
    list(view, List.of(view), each -> name, table);
  }

  /** A list, and the document that holds it. */
  public <T extends Record> void list(
      Record document, List<T> items, Function<T, String> name, Consumer<Paper> table) {
    switch (format) {
      case TABLE, WIDE -> terminal.out().print(drawn(table));
      case JSON -> terminal.out().println(JsonWriter.indented(Records.document(document)));
      case YAML -> terminal.out().print(YamlWriter.write(Records.document(document)));
      case JSONL ->
          items.forEach(each -> terminal.out().println(JsonWriter.compact(Records.document(each))));
      case NAME -> items.forEach(each -> terminal.out().println(name.apply(each)));
    }
    terminal.out().flush();
  }

  /** Text that is the same in every format. */
  public void text(String text) {
    terminal.out().print(text);
    terminal.out().flush();
  }

  private String drawn(Consumer<Paper> table) {
    Paper paper =
        new Paper(terminal.colours(terminal.connected().out()), format == Globals.Format.WIDE, now);
    table.accept(paper);
    return paper.text();
  }
}
