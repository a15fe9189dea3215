package io.quorate.agent;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import io.quorate.common.testing.Walls;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The walls of this module; see ARCHITECTURE.md. */
class ArchitectureTest {
  private static final String ROOT = "io.quorate.agent";
  private static final JavaClasses CLASSES = Walls.production();

  @ParameterizedTest
  @MethodSource
  void walls(ArchRule wall) {
    wall.check(CLASSES);
  }

  static Stream<ArchRule> walls() {
    return Stream.of(
        // An agent and its coordinator share nothing but what is common.
        Walls.knowsOnly("io.quorate.agent..", "io.quorate.common.."),
        // Foreign types stop at one package.
        Walls.fence(List.of("oshi..", "com.sun.jna.."), "io.quorate.agent.observe.."),
        Walls.fence(List.of("org.bouncycastle.."), "io.quorate.common.pki.."),
        Walls.fence(List.of("com.google.protobuf.."), "io.quorate.common.wire.."),
        Walls.fence(
            List.of("io.quorate.common.wire.v1.."),
            "io.quorate.common.wire..",
            "io.quorate.agent.session.."),
        Walls.fence(
            List.of(
                "io.vertx.core", "io.vertx.core.http..", "io.vertx.core.net..", "io.vertx.grpc.."),
            "io.quorate.common.wire..",
            "io.quorate.common.tls..",
            "io.quorate.agent.session..",
            ROOT),
        // Processes are started from argument vectors, in these rooms only: no shell anywhere.
        Walls.reserved(
            ProcessBuilder.class, "io.quorate.agent.host..", "io.quorate.agent.observe.."),
        // The host's seam and what is measured know nothing of documents and links.
        Walls.knowsOnly("io.quorate.agent.host..", "io.quorate.common.."),
        Walls.knowsOnly("io.quorate.agent.observe..", "io.quorate.common.."),
        // The link knows what it carries; nothing inside knows the link.
        Walls.apart(
            List.of(
                "io.quorate.agent.etcd..",
                "io.quorate.agent.operate..",
                "io.quorate.agent.reconcile..",
                "io.quorate.agent.release..",
                "io.quorate.agent.service.."),
            "io.quorate.agent.session.."),
        Walls.timeIsInjected(ROOT),
        Walls.noCycles("io.quorate.agent.(*).."));
  }
}
