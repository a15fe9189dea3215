package io.quorate.common.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.quorate.common.testing.fixture.other.Other;
import io.quorate.common.testing.fixture.room.Room;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A wall that lets everything through looks just like one that holds: each must bite. */
class WallsTest {
  private static final String FIXTURES = "io.quorate.common.testing.fixture.";
  private static final String ROOM = FIXTURES + "room..";
  private static final String OTHER = FIXTURES + "other..";

  @Test
  void aPureRoomComputesOnly() {
    ArchRule pure = Walls.pure(ROOM, ROOM);
    assertBites(pure, Room.ReadsFiles.class);
    assertBites(pure, Room.AsksTheClock.class);
    assertBites(pure, Room.StartsThreads.class);
    assertBites(pure, Room.KnowsTheOther.class);
    assertHolds(pure, Room.Computes.class);
    assertHolds(Walls.pure(ROOM, ROOM, OTHER), Room.KnowsTheOther.class);
  }

  @Test
  void aFenceKeepsForeignTypesInTheirRoom() {
    assertBites(Walls.fence(List.of(OTHER), FIXTURES + "elsewhere.."), Room.KnowsTheOther.class);
    assertHolds(Walls.fence(List.of(OTHER), ROOM), Room.KnowsTheOther.class);
  }

  @Test
  void aReservedClassIsUsedInItsRoomOnly() {
    assertBites(Walls.reserved(Thread.class, OTHER), Room.StartsThreads.class);
    assertHolds(Walls.reserved(Thread.class, ROOM), Room.StartsThreads.class);
  }

  @Test
  void dependenciesPointOneWay() {
    assertBites(Walls.apart(List.of(ROOM), OTHER), Room.KnowsTheOther.class);
    assertHolds(Walls.apart(List.of(ROOM), FIXTURES + "elsewhere.."), Room.KnowsTheOther.class);
  }

  @Test
  void aRoomKnowsOnlyWhatItMay() {
    assertBites(
        Walls.knowsOnly(ROOM, FIXTURES + "elsewhere.."), Room.KnowsTheOther.class, Other.class);
    assertHolds(Walls.knowsOnly(ROOM, OTHER), Room.KnowsTheOther.class, Other.class);
  }

  @Test
  void theClockIsHandedIn() {
    assertBites(Walls.timeIsInjected(OTHER), Room.AsksTheClock.class);
    assertHolds(Walls.timeIsInjected(ROOM), Room.AsksTheClock.class);
    assertHolds(Walls.timeIsInjected(OTHER), Room.Computes.class);
  }

  @Test
  void noTwoFeaturesKnowEachOther() {
    ArchRule rule = Walls.noCycles(FIXTURES + "(*)..");
    assertBites(rule, Room.KnowsTheOther.class, Room.Computes.class, Other.class);
    assertHolds(rule, Room.Computes.class, Other.class);
  }

  @Test
  void anEmptyRoomIsNoFault() {
    assertHolds(Walls.pure("io.quorate.nowhere.."), Room.class);
    assertHolds(Walls.noCycles("io.quorate.nowhere.(*).."), Room.class);
  }

  private static void assertBites(ArchRule rule, Class<?>... classes) {
    assertEquals(true, violated(rule, classes), rule::getDescription);
  }

  private static void assertHolds(ArchRule rule, Class<?>... classes) {
    assertEquals(false, violated(rule, classes), rule::getDescription);
  }

  private static boolean violated(ArchRule rule, Class<?>... classes) {
    return rule.evaluate(new ClassFileImporter().importClasses(classes)).hasViolation();
  }
}
