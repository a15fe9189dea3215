package io.quorate.agent.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MemoryHostTest extends HostContract {
  private final MemoryHost host = new MemoryHost(() -> Instant.EPOCH);

  @BeforeEach
  void makeRoot() throws IOException {
    host.makeDirectory(root(), Access.PUBLIC_DIRECTORY);
  }

  @Override
  Host host() {
    return host;
  }

  @Override
  Path root() {
    return Path.of("/srv/test");
  }

  @Test
  void aCrashLeavesTheOldState() throws IOException {
    Path file = root().resolve("file");
    host.write(file, "old".getBytes(UTF_8), Access.PUBLIC);
    host.crashAt(host.mutations() + 1);
    assertThrows(
        MemoryHost.Crash.class, () -> host.write(file, "new".getBytes(UTF_8), Access.PUBLIC));
    host.reviveAfterCrash();
    assertEquals(Optional.of("old"), host.text(file));
  }
}
