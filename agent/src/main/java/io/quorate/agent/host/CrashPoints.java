package io.quorate.agent.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Places at which a test ends the agent as a kill would, to prove that it converges from anywhere.
 * In ordinary life they do nothing.
 */
public interface CrashPoints {
  CrashPoints NONE = name -> {};

  /** The environment variable that names where to end. */
  String VARIABLE = "QUORATE_CRASH_AT";

  void reach(String name);

  /** Everything durable that the agent does. */
  enum DurableStep {
    JOURNAL,
    DIRECTORIES,
    DOWNLOAD,
    UNPACK,
    PLACE_RELEASE,
    MAKE_KEYS,
    SWITCH_CERTIFICATES,
    DEFINE_SERVICE,
    WRITE_CONFIGURATION,
    SWITCH_RELEASE,
    WRITE_ENVIRONMENT,
    SET_ASIDE_WAL,
    SET_ASIDE_DATA,
    COPY_SURVIVOR,
    SEED,
    PLACE_DATA,
    PLACE_WAL,
    STAMP,
    REMEMBER,
    START,
    STOP,
    RESTART,
    ENABLE,
    DISABLE,
    FORGET,
    PRUNE,
    SAVE_SNAPSHOT,
    PACK_DATA,
    UPLOAD,
    OUTCOME;

    String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  default void before(DurableStep step) {
    reach("before-" + step.label());
  }

  default void after(DurableStep step) {
    reach("after-" + step.label());
  }

  /** Every name that {@link #VARIABLE} understands. */
  static List<String> names() {
    List<String> names = new ArrayList<>();
    for (DurableStep step : DurableStep.values()) {
      names.add("before-" + step.label());
      names.add("after-" + step.label());
    }
    return List.copyOf(names);
  }

  /**
   * Ends the process at each of the points that the environment names, with commas, and at each of
   * them once; the marker file that makes it once is written before.
   */
  static CrashPoints from(Map<String, String> environment, Path state) {
    List<String> wanted =
        Pattern.compile(",")
            .splitAsStream(environment.getOrDefault(VARIABLE, ""))
            .filter(name -> !name.isEmpty())
            .toList();
    for (String name : wanted) {
      if (!names().contains(name)) {
        throw new IllegalArgumentException(
            VARIABLE + "=" + name + " is none of " + String.join(" ", names()));
      }
    }
    if (wanted.isEmpty()) {
      return NONE;
    }
    return name -> {
      if (wanted.contains(name) && once(state.resolve("crashed-at-" + name))) {
        Runtime.getRuntime().halt(137);
      }
    };
  }

  private static boolean once(Path marker) {
    try {
      if (Files.exists(marker)) {
        return false;
      }
      Files.createDirectories(marker.toAbsolutePath().getParent());
      Files.createFile(marker);
      return true;
    } catch (IOException e) {
      throw new IllegalStateException("cannot write " + marker, e);
    }
  }
}
