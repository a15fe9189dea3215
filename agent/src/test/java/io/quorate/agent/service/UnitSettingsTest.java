package io.quorate.agent.service;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.QuorateException;
import io.quorate.common.model.ClusterName;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnitSettingsTest {
  @ParameterizedTest
  @ValueSource(strings = {"/var/lib/etcd/prod", "/home/ann/.local/state/q/data", "/srv/..a/b.c"})
  void plainPathsMayBeWritten(String path) {
    assertTrue(UnitSettings.dropIn(writing(path)).contains(path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/var/../etc", "/var/./lib", "/a b", "/a/-x", "relative", "/a\nUser=x"})
  void othersAreRefused(String path) {
    assertThrows(QuorateException.class, () -> UnitSettings.dropIn(writing(path)));
  }

  private static ServiceDefinition writing(String path) {
    Path file = Path.of("/etc/etcd/prod/file");
    return new ServiceDefinition(
        ClusterName.of("prod"), file, file, file, List.of(Path.of(path)), new TreeMap<>());
  }
}
