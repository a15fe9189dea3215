package io.quorate.common;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import io.quorate.common.testing.Walls;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The walls of this module; see ARCHITECTURE.md. */
class ArchitectureTest {
  private static final JavaClasses CLASSES = Walls.production();

  @ParameterizedTest
  @MethodSource
  void walls(ArchRule wall) {
    wall.check(CLASSES);
  }

  static Stream<ArchRule> walls() {
    return Stream.of(
        Walls.knowsOnly("io.quorate.common.."),
        Walls.knowsOnly("io.quorate.common.error.."),
        Walls.pure("io.quorate.common.model..", "io.quorate.common..", "java.security"),
        Walls.knowsOnly("io.quorate.common.model..", "io.quorate.common.error.."),
        Walls.fence(List.of("org.bouncycastle.."), "io.quorate.common.pki.."),
        Walls.fence(List.of("com.google.protobuf.."), "io.quorate.common.wire.."),
        Walls.fence(List.of("org.snakeyaml.."), "io.quorate.common.config.."),
        Walls.fence(List.of("io.vertx.."), "io.quorate.common.wire..", "io.quorate.common.tls.."),
        Walls.timeIsInjected(),
        Walls.noCycles("io.quorate.common.(*).."));
  }
}
