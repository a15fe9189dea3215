package io.quorate.coordinator.cli.change;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.coordinator.cli.core.Terminal;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A cluster's file as text; {@code -} is standard input. */
record SpecText(String name, String text) {
  private static final int LARGEST = 1024 * 1024;

  static SpecText read(String file, Terminal terminal) {
    try {
      String text = file.equals("-") ? piped(terminal) : stored(file);
      return new SpecText(file.equals("-") ? "(stdin)" : file, text);
    } catch (NoSuchFileException e) {
      throw unreadable(file, "there is no such file", e);
    } catch (CharacterCodingException e) {
      throw unreadable(file, "it is not UTF-8 text", e);
    } catch (IOException e) {
      throw unreadable(file, String.valueOf(e.getMessage()), e);
    }
  }

  private static String stored(String file) throws IOException {
    Path path = Path.of(file);
    if (Files.size(path) > LARGEST) {
      throw new IOException("it is larger than 1 MiB");
    }
    return Files.readString(path);
  }

  private static String piped(Terminal terminal) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int c = terminal.in().read(); c >= 0; c = terminal.in().read()) {
      text.append((char) c);
      if (text.length() > LARGEST) {
        throw new IOException("it is larger than 1 MiB");
      }
    }
    return text.toString();
  }

  private static QuorateException unreadable(String file, String why, IOException cause) {
    return new QuorateException(
        Problem.of(Code.Q1404, "the file %s cannot be read".formatted(file)).withCause(why), cause);
  }
}
