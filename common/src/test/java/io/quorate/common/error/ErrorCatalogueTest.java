package io.quorate.common.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page is read as it is packaged; a section that is wrong fails while it is read. */
class ErrorCatalogueTest {
  private final ErrorCatalogue catalogue = ErrorCatalogue.load();

  @Test
  void everyCodeHasASection() {
    List<Code> missing =
        Arrays.stream(Code.values()).filter(code -> catalogue.find(code).isEmpty()).toList();
    assertEquals(List.of(), missing, "codes without a section '## CODE title' in docs/errors.md");
  }

  @Test
  void everySectionHasTheTitleOfItsCode() {
    List<String> different =
        catalogue.entries().stream()
            .filter(entry -> !entry.title().equals(entry.code().title()))
            .map(entry -> "%s: '%s'".formatted(entry.code(), entry.title()))
            .toList();
    assertEquals(List.of(), different);
  }

  @Test
  void aSectionIsReadIntoItsParts() {
    ErrorCatalogue read =
        ErrorCatalogue.parse(
            """
            # Errors
            Words before.

            # Group

            ## Q1002 unknown key
            One.

            Two.

            **What to do:**
            - `quorate validate`
            - Ask.

            # Another group
            Words between.

            ## Q1001 the file cannot be read as YAML
            Text.

            **What to do:**
            - Look.
            """);
    assertEquals(
        Optional.of(
            new ErrorCatalogue.Entry(
                Code.Q1002, "unknown key", "One.\n\nTwo.", List.of("`quorate validate`", "Ask."))),
        read.find(Code.Q1002));
    assertEquals(
        List.of(Code.Q1001, Code.Q1002),
        read.entries().stream().map(ErrorCatalogue.Entry::code).toList());
  }

  @Test
  void aPageThatIsWrongIsNotRead() {
    Stream.of(
            "## Q9999 no such code\nText.\n\n**What to do:**\n- Do.\n",
            "## Q1001 title\nText.\n",
            "## Q1001 title\n**What to do:**\n- Do.\n",
            "## Q1001 title\nText.\n\n**What to do:**\n",
            "## Q1001 title\nText.\n\n**What to do:**\nprose\n",
            "## Something else\nText.\n\n**What to do:**\n- Do.\n",
            "## Q1001 a\nText.\n\n**What to do:**\n- Do.\n\n## Q1001 b\nText.\n\n**What to do:**\n- Do.\n")
        .forEach(
            page ->
                assertThrows(
                    IllegalArgumentException.class, () -> ErrorCatalogue.parse(page), page));
  }

  @Test
  void sectionsStandInTheOrderOfTheirNumbers() throws Exception {
    try (var page = ErrorCatalogue.class.getResourceAsStream("errors.md")) {
      assertTrue(page != null);
      List<String> headings =
          new String(page.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
              .lines()
              .filter(line -> line.startsWith("## "))
              .toList();
      assertEquals(headings.stream().sorted().toList(), headings);
    }
  }
}
