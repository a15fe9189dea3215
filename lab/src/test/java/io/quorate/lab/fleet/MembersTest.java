package io.quorate.lab.fleet;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestClassOrder;

/**
 * Members come and go, hosts die and are emptied, and a client that writes a hundred times a second
 * loses nothing.
 *
 * <p>One lab for all; the cases are in files of their own, and each begins where the one before has
 * left the cluster.
 */
@Tag("lab")
@Tag("soak")
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
class MembersTest {
  private static MemberTrial trial;

  @BeforeAll
  static void up() {
    trial = MemberTrial.up(5, 1);
  }

  @AfterAll
  static void down() {
    trial.down();
  }

  @Nested
  @Order(1)
  class ComeAndGo extends GrowCases {
    ComeAndGo() {
      super(trial);
    }
  }

  @Nested
  @Order(2)
  class AreReplaced extends ReplaceCases {
    AreReplaced() {
      super(trial);
    }
  }

  @Nested
  @Order(3)
  class LeaveTheirHost extends HostCases {
    LeaveTheirHost() {
      super(trial);
    }
  }
}
