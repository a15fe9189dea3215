package io.quorate.common.testing;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;
import java.util.UUID;

/**
 * The forms that the walls of ARCHITECTURE.md have. A rule holds for a room that is still empty;
 * that each form bites is shown on fixtures in {@code WallsTest}.
 */
public final class Walls {
  private static final DescribedPredicate<JavaClass> VALUES =
      resideInAnyPackage(
          "java.lang",
          "java.lang.annotation",
          "java.lang.invoke",
          "java.lang.runtime",
          "java.math",
          "java.nio.charset",
          "java.time..",
          "java.util",
          "java.util.function",
          "java.util.regex",
          "java.util.stream",
          "org.jspecify..",
          "");
  private static final DescribedPredicate<JavaClass> EFFECTS =
      belongToAnyOf(
          Thread.class,
          Process.class,
          ProcessBuilder.class,
          Runtime.class,
          System.class,
          Clock.class,
          InstantSource.class,
          Random.class,
          UUID.class,
          Timer.class,
          TimerTask.class);

  private Walls() {}

  /** Everything of ours that is on the class path and no test. */
  public static JavaClasses production() {
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .withImportOption(location -> !location.contains("-tests.jar"))
        .importPackages("io.quorate");
  }

  /** Foreign types stop here: only these rooms know them. */
  public static ArchRule fence(List<String> foreign, String... rooms) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(rooms)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(foreign.toArray(String[]::new))
        .allowEmptyShould(true);
  }

  /** Only these rooms use this class. */
  public static ArchRule reserved(Class<?> type, String... rooms) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(rooms)
        .should()
        .dependOnClassesThat()
        .areAssignableTo(type)
        .allowEmptyShould(true);
  }

  /** One way: these rooms know nothing of those. */
  public static ArchRule apart(List<String> rooms, String... unknown) {
    return noClasses()
        .that()
        .resideInAnyPackage(rooms.toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(unknown)
        .allowEmptyShould(true);
  }

  /** Of our own packages this room knows only itself and these. */
  public static ArchRule knowsOnly(String room, String... known) {
    return noClasses()
        .that()
        .resideInAPackage(room)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("io.quorate..")
                .and(not(resideInAnyPackage(room)))
                .and(not(resideInAnyPackage(known))))
        .allowEmptyShould(true);
  }

  /**
   * Computes and nothing else: values, collections, time as data. No files, network, threads,
   * clock, chance, logging, and nothing foreign.
   */
  public static ArchRule pure(String room, String... ours) {
    return noClasses()
        .that()
        .resideInAPackage(room)
        .should()
        .dependOnClassesThat(EFFECTS.or(not(VALUES.or(resideInAnyPackage(ours)))))
        .orShould()
        .callMethodWhere(readsClockOrChance())
        .allowEmptyShould(true);
  }

  /**
   * Time is handed in, as an {@link InstantSource}, except where a program begins; nobody sleeps.
   */
  public static ArchRule timeIsInjected(String... beginnings) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(beginnings)
        .should()
        .callMethodWhere(readsClockOrChance())
        .allowEmptyShould(true);
  }

  /** No two features know each other. The pattern captures the feature, as in {@code a.(*)..}. */
  public static ArchRule noCycles(String pattern) {
    return slices().matching(pattern).should().beFreeOfCycles().allowEmptyShould(true);
  }

  private static DescribedPredicate<JavaMethodCall> readsClockOrChance() {
    Set<String> called =
        Set.of(
            "java.time.Instant.now",
            "java.time.LocalDate.now",
            "java.time.LocalDateTime.now",
            "java.time.OffsetDateTime.now",
            "java.time.ZonedDateTime.now",
            "java.lang.System.currentTimeMillis",
            "java.lang.Math.random",
            "java.lang.Thread.sleep");
    return DescribedPredicate.describe(
        "reads the clock, sleeps or asks chance",
        call -> {
          AccessTarget target = call.getTarget();
          return called.contains(target.getOwner().getFullName() + "." + target.getName());
        });
  }
}
