package io.quorate.coordinator.store.sqlite;

import io.quorate.common.error.QuorateException;
import io.quorate.coordinator.store.Samples;
import io.quorate.coordinator.store.Store;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A store in a process of its own, which writes as fast as it can and prints what was acknowledged,
 * until it is killed.
 */
final class OtherProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private OtherProcess(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static OtherProcess start(Path data) throws IOException {
    String classPath =
        System.getProperty(
            "surefire.test.class.path", System.getProperty("java.class.path", "missing"));
    return new OtherProcess(
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    classPath,
                    OtherProcess.class.getName(),
                    data.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  @Nullable String readLine() throws IOException {
    return output.readLine();
  }

  /** SIGKILL; what it has printed can still be read. */
  void kill() {
    process.toHandle().destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    kill();
  }

  public static void main(String[] arguments) {
    PrintStream acknowledged = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (Store store = SqliteStore.open(Path.of(arguments[0]))) {
      acknowledged.println("epoch " + store.raiseEpoch());
      for (int i = 0; ; i++) {
        store.journal().add(Samples.event(Optional.empty(), "event-" + i));
        acknowledged.println("event event-" + i);
        acknowledged.println(
            "audit "
                + store.audit().append(Samples.NOW, "child", "write", "", "done", "" + i).hash());
      }
    } catch (QuorateException e) {
      acknowledged.println(e.problem().code());
    }
  }
}
