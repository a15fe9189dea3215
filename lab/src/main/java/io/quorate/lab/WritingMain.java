package io.quorate.lab;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A {@link WritingClient} as a process of its own, to be run in the switch's network.
 *
 * <p>Arguments: {@code endpoints=URL,URL rate=100 prefix=NAME retry=true} and, for TLS, {@code
 * authority=FILE certificate=FILE key=FILE}. Prints {@code writing} when it begins. A line {@code
 * endpoints URL,URL} on standard input moves it; the end of standard input, or SIGTERM, ends the
 * writing, and then it reads everything back and prints a {@link WritingSummary} as one line of
 * JSON. What was slow or failed it says on standard error as it happens.
 */
public final class WritingMain {
  private WritingMain() {}

  public static void main(String[] arguments) throws Exception {
    Map<String, String> given = new HashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("not name=value: " + argument);
      }
      given.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
    WritingClient client = new WritingClient(settings(given));
    client.warmUp();
    Thread writer = Thread.ofPlatform().name("writer").start(() -> run(client));
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(
                    () -> {
                      client.stop();
                      join(writer);
                    }));
    System.out.println("writing");
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      if (line.startsWith("endpoints ")) {
        client.changeEndpoints(endpoints(line.substring("endpoints ".length())));
      }
    }
    client.stop();
    writer.join();
    // jetcd's threads would keep the process.
    Runtime.getRuntime().halt(0);
  }

  private static void run(WritingClient client) {
    client.write();
    System.out.println(client.verify().toJson());
    System.out.flush();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static WritingClient.Settings settings(Map<String, String> given) {
    Optional<WritingClient.Tls> tls =
        given.containsKey("authority")
            ? Optional.of(
                new WritingClient.Tls(
                    Path.of(need(given, "authority")),
                    Path.of(need(given, "certificate")),
                    Path.of(need(given, "key"))))
            : Optional.empty();
    return new WritingClient.Settings(
        endpoints(need(given, "endpoints")),
        tls,
        Integer.parseInt(given.getOrDefault("rate", "100")),
        Boolean.parseBoolean(given.getOrDefault("retry", "true")),
        need(given, "prefix"));
  }

  private static String need(Map<String, String> given, String name) {
    String value = given.get(name);
    if (value == null) {
      throw new IllegalArgumentException("needs " + name + "=");
    }
    return value;
  }

  private static List<URI> endpoints(String text) {
    return Arrays.stream(text.strip().split(",")).map(URI::create).toList();
  }
}
