package io.quorate.coordinator.cli.screen;

import java.time.Instant;

/**
 * What a screen is drawn on. Text from elsewhere is stripped of control characters, so that nobody
 * can paint on an operator's terminal.
 */
public final class Paper {
  /** A colour only repeats what the words say. */
  public enum Ink {
    PLAIN(""),
    BOLD("1"),
    FAINT("2"),
    GOOD("32"),
    CAREFUL("33"),
    BAD("1;31"),
    NOTE("36");

    private final String code;

    Ink(String code) {
      this.code = code;
    }
  }

  private final StringBuilder text = new StringBuilder();
  private final boolean colours;
  private final boolean wide;
  private final Instant now;

  public Paper(boolean colours, boolean wide, Instant now) {
    this.colours = colours;
    this.wide = wide;
    this.now = now;
  }

  public boolean wide() {
    return wide;
  }

  public Instant now() {
    return now;
  }

  public Paper line(String line) {
    text.append(line.stripTrailing()).append('\n');
    return this;
  }

  /** Colours a word that has already been cleaned. */
  public String ink(Ink ink, String word) {
    return colours && ink != Ink.PLAIN && !word.isEmpty()
        ? "\u001b[" + ink.code + "m" + word + "\u001b[0m"
        : word;
  }

  /** Text as the coordinator or a file gave it, made harmless. */
  public static String clean(String foreign) {
    boolean harmless = true;
    for (int i = 0; i < foreign.length() && harmless; i++) {
      char c = foreign.charAt(i);
      harmless = c >= ' ' && (c < 0x7f || (c >= 0xa0 && Character.getType(c) != Character.FORMAT));
    }
    return harmless ? foreign : foreign.replaceAll("[\\p{Cntrl}\\p{Cf}\\x80-\\x9f]", "?");
  }

  public String text() {
    return text.toString();
  }
}
