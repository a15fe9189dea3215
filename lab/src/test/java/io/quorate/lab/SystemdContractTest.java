package io.quorate.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.agent.service.SystemdContract;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The real systemd does what the fake and the supervised manager do. */
@Tag("lab")
class SystemdContractTest {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @Test
  void systemdKeepsTheContractOfServiceManagers() throws IOException {
    try (Lab lab = Lab.up(1)) {
      LabHost host = lab.host(1);
      host.run("mkdir", "-p", "/opt/contract").orThrow();
      List<String> classPath = new ArrayList<>();
      int number = 0;
      for (String entry :
          Pattern.compile(Pattern.quote(File.pathSeparator))
              .splitAsStream(System.getProperty("java.class.path"))
              .toList()) {
        String there = "/opt/contract/" + number++ + "-" + Path.of(entry).getFileName();
        classPath.add(there);
        Commands.run(List.of("cp", "-rL", entry, host.file(there).toString()), Map.of(), PATIENCE)
            .orThrow();
      }
      Ran ran =
          host.run(
              PATIENCE,
              "/opt/jdk/bin/java",
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-cp",
              String.join(":", classPath),
              SystemdContract.class.getName());
      assertEquals(0, ran.exit(), ran.out() + ran.err());
      assertTrue(ran.out().contains("kept: stopsAndStaysDown"), ran.out());
    }
  }
}
