package io.quorate.agent.converge;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What a failed etcd said last, without what only its authors can read: after a panic the stack of
 * every goroutine follows, hundreds of lines long, and the reason stands before them.
 */
final class LastWords {
  /** Of the log, so that the reason is still among them. */
  static final int READ = 400;

  private static final int TOLD = 20;
  private static final Pattern FRAME = Pattern.compile("[A-Za-z0-9_.\\-/*()\\[\\]]+\\(.*\\)");

  private LastWords() {}

  static List<String> of(List<String> lines) {
    List<String> telling = lines.stream().filter(line -> !trace(line)).toList();
    return telling.subList(Math.max(0, telling.size() - TOLD), telling.size());
  }

  private static boolean trace(String line) {
    return line.isBlank()
        || (line.startsWith("\t") && !line.startsWith("\tpanic:"))
        || line.startsWith("goroutine ")
        || line.startsWith("created by ")
        || FRAME.matcher(line).matches();
  }
}
