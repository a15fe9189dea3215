package io.quorate.common.error;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code docs/errors.md} says about each code. The page itself is packaged, so that what
 * people read and what {@code quorate explain} prints are one text.
 *
 * <p>A section begins with {@code ## Q1234 title}; its text goes on to {@value #REMEDIES}, after
 * which each item of the list is one remedy. A heading of the first level ends a section.
 */
public final class ErrorCatalogue {
  static final String REMEDIES = "**What to do:**";
  private static final String RESOURCE = "errors.md";
  private static final Pattern HEADING = Pattern.compile("## (Q\\d{4}) (.+)");

  private final Map<Code, Entry> entries;

  /** The text is Markdown of one or more paragraphs; remedies are Markdown of one line each. */
  public record Entry(Code code, String title, String text, List<String> remedies) {
    public Entry {
      remedies = List.copyOf(remedies);
    }
  }

  private ErrorCatalogue(Map<Code, Entry> entries) {
    this.entries = entries;
  }

  /** The packaged page. */
  public static ErrorCatalogue load() {
    try (InputStream page = ErrorCatalogue.class.getResourceAsStream(RESOURCE)) {
      if (page == null) {
        throw new IllegalStateException(RESOURCE + " is not packaged");
      }
      return parse(new String(page.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @throws IllegalArgumentException when the page does not keep to its format or names a code that
   *     does not exist, or one twice
   */
  public static ErrorCatalogue parse(String page) {
    Map<Code, Entry> entries = new EnumMap<>(Code.class);
    List<String> section = new ArrayList<>();
    for (String line : page.lines().toList()) {
      if (line.startsWith("# ") || line.startsWith("## ")) {
        add(section, entries);
        section.clear();
      }
      section.add(line);
    }
    add(section, entries);
    return new ErrorCatalogue(entries);
  }

  public Optional<Entry> find(Code code) {
    return Optional.ofNullable(entries.get(code));
  }

  /** In the order of the codes. */
  public List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  private static void add(List<String> section, Map<Code, Entry> entries) {
    if (section.isEmpty() || !section.getFirst().startsWith("## ")) {
      return;
    }
    Entry entry = entry(section);
    if (entries.put(entry.code(), entry) != null) {
      throw new IllegalArgumentException(entry.code() + " has two sections");
    }
  }

  private static Entry entry(List<String> section) {
    Matcher heading = HEADING.matcher(section.getFirst());
    if (!heading.matches()) {
      throw new IllegalArgumentException("not a code's heading: " + section.getFirst());
    }
    Code code = Code.valueOf(heading.group(1));
    int remedies = section.indexOf(REMEDIES);
    if (remedies < 0) {
      throw new IllegalArgumentException(code + " has no '" + REMEDIES + "'");
    }
    String text = String.join("\n", section.subList(1, remedies)).strip();
    List<String> items =
        section.subList(remedies + 1, section.size()).stream()
            .filter(line -> !line.isBlank())
            .map(line -> item(code, line))
            .toList();
    if (text.isEmpty() || items.isEmpty()) {
      throw new IllegalArgumentException(code + " says nothing, or nothing to do");
    }
    return new Entry(code, heading.group(2), text, items);
  }

  private static String item(Code code, String line) {
    if (!line.startsWith("- ")) {
      throw new IllegalArgumentException(code + ": a remedy is one list item: " + line);
    }
    return line.substring(2);
  }
}
