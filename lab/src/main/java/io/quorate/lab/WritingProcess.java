package io.quorate.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A {@link WritingClient} that runs in a lab's network while the test does other things. */
public final class WritingProcess implements AutoCloseable {
  private static final Duration TO_FINISH = Duration.ofMinutes(4);

  private final Process process;
  private final BufferedReader output;
  private final Writer input;

  private WritingProcess(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.input = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
  }

  /** Begins to write; what is slow or fails shows on this process's standard error. */
  public static WritingProcess start(Lab lab, WritingClient.Settings settings) {
    try {
      List<String> command = new ArrayList<>();
      // It measures: a build beside it must not show in what it sees. The hosts have the same.
      command.addAll(List.of("nice", "-n", "-10"));
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("-Dlogback.configurationFile=writing-logback.xml");
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.add(WritingMain.class.getName());
      command.add("endpoints=" + join(settings.endpoints()));
      command.add("rate=" + settings.writesPerSecond());
      command.add("retry=" + settings.retry());
      command.add("prefix=" + settings.prefix());
      settings
          .tls()
          .ifPresent(
              tls -> {
                command.add("authority=" + tls.authority());
                command.add("certificate=" + tls.certificate());
                command.add("key=" + tls.key());
              });
      WritingProcess writing =
          new WritingProcess(
              lab.clientProcess(command.toArray(String[]::new))
                  .redirectError(ProcessBuilder.Redirect.INHERIT)
                  .start());
      if (!"writing".equals(writing.output.readLine())) {
        writing.close();
        throw new IllegalStateException("the writing client did not start; see standard error");
      }
      return writing;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes go to these members from here on. */
  public void changeEndpoints(List<URI> endpoints) {
    try {
      input.write("endpoints " + join(endpoints) + "\n");
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the writing, reads everything back, and tells. */
  public WritingSummary finish() {
    try {
      input.close();
      String json = output.readLine();
      if (json == null || !process.waitFor(TO_FINISH.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("the writing client ended without a summary");
      }
      return WritingSummary.parse(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      close();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private static String join(List<URI> endpoints) {
    return endpoints.stream().map(URI::toString).collect(Collectors.joining(","));
  }
}
