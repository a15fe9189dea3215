package io.quorate.coordinator;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import io.quorate.common.testing.Walls;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The walls of this module; see ARCHITECTURE.md. */
class ArchitectureTest {
  private static final String ROOT = "io.quorate.coordinator";
  private static final String COMMON = "io.quorate.common..";
  private static final String SPEC = "io.quorate.coordinator.spec..";
  private static final String PLAN = "io.quorate.coordinator.plan..";
  private static final String ETCD = "io.quorate.coordinator.etcd..";
  private static final String SESSION = "io.quorate.coordinator.session..";
  private static final String STORE = "io.quorate.coordinator.store..";
  private static final String ROLLOUT = "io.quorate.coordinator.rollout..";
  private static final String API = "io.quorate.coordinator.api..";
  private static final String VIEWS = "io.quorate.coordinator.api.v1..";
  private static final String CLI = "io.quorate.coordinator.cli..";
  private static final JavaClasses CLASSES = Walls.production();

  @ParameterizedTest
  @MethodSource
  void walls(ArchRule wall) {
    wall.check(CLASSES);
  }

  static Stream<ArchRule> walls() {
    return Stream.of(
        // A coordinator and its agents share nothing but what is common.
        Walls.knowsOnly("io.quorate.coordinator..", COMMON),
        // The deciding heart computes; it can be asked about any cluster that ever was or could be.
        Walls.pure(PLAN, PLAN, SPEC, COMMON),
        Walls.knowsOnly(PLAN, SPEC, "io.quorate.common.model..", "io.quorate.common.error.."),
        // Dependencies point one way: spec, plan, rollout, api.
        Walls.knowsOnly(SPEC, COMMON),
        Walls.apart(List.of(SPEC, PLAN, ETCD, SESSION, STORE, ROLLOUT), API, CLI),
        Walls.apart(List.of(ETCD, SESSION, STORE), ROLLOUT),
        Walls.apart(List.of(API), CLI),
        // The command line is a client like any other; it reads a file by itself to check it
        // offline.
        Walls.knowsOnly(VIEWS, COMMON),
        Walls.knowsOnly(CLI, VIEWS, SPEC, COMMON),
        // Foreign types stop at one package.
        Walls.fence(List.of("io.etcd..", "io.quorate.coordinator.etcd.rpc.."), ETCD),
        Walls.fence(List.of("java.sql..", "javax.sql..", "org.sqlite.."), STORE),
        Walls.fence(
            List.of("org.apache.commons.compress.."), "io.quorate.coordinator.catalogue.inspect.."),
        Walls.fence(List.of("picocli.."), CLI),
        Walls.fence(List.of("org.bouncycastle.."), "io.quorate.common.pki.."),
        Walls.fence(List.of("com.google.protobuf.."), "io.quorate.common.wire..", ETCD),
        Walls.fence(List.of("io.quorate.common.wire.v1.."), "io.quorate.common.wire..", SESSION),
        Walls.fence(List.of("org.snakeyaml.."), "io.quorate.common.config..", SPEC, API, CLI),
        Walls.fence(
            List.of(
                "io.vertx.core", "io.vertx.core.http..", "io.vertx.core.net..", "io.vertx.ext.."),
            "io.quorate.common.wire..",
            "io.quorate.common.tls..",
            ETCD,
            SESSION,
            API,
            CLI,
            ROOT),
        Walls.reserved(ProcessBuilder.class),
        Walls.timeIsInjected(ROOT, CLI),
        Walls.noCycles("io.quorate.coordinator.(*).."));
  }
}
