package io.quorate.lab.fleet;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestClassOrder;

/**
 * Whatever goes wrong in a change, or is done wrong: one member at most is touched by it, it is
 * said why and what to do, and a client that writes a hundred times a second loses nothing.
 *
 * <p>One lab and one writing client for all; the cases are in files of their own.
 */
@Tag("lab")
@Tag("soak")
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
class FaultsTest {
  /** Calls itself so, and ends at once. */
  static final String BROKEN = "3.5.31";

  static final String LAST_WORDS =
      "{\"level\":\"fatal\",\"caller\":\"etcdmain/etcd.go:204\",\"msg\":\"discovery failed\","
          + "\"error\":\"the store is written in a language that nobody speaks\"}";

  private static Trial trial;

  @BeforeAll
  static void up() {
    trial = Trial.up();
  }

  @AfterAll
  static void down() {
    trial.down();
  }

  @Nested
  @Order(1)
  class AChangeThatFails extends FailureCases {
    AChangeThatFails() {
      super(trial);
    }
  }

  @Nested
  @Order(2)
  class ARolloutUnderWay extends ControlCases {
    ARolloutUnderWay() {
      super(trial);
    }
  }

  @Nested
  @Order(3)
  class HandsOnTheHosts extends DriftCases {
    HandsOnTheHosts() {
      super(trial);
    }
  }

  @Nested
  @Order(4)
  class KilledAtEachRestart extends KillCases {
    KilledAtEachRestart() {
      super(trial, step -> step.startsWith("restart "));
    }
  }
}
