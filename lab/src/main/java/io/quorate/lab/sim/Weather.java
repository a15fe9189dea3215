package io.quorate.lab.sim;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How bad it gets in one run. Every kind of fault has its own strength, often none, so that runs
 * differ in kind and not only in amount; one in eight is calm.
 *
 * @param coordinatorCrash the chance that a call of the coordinator is its last
 * @param agentCrash the chance that an action of an agent is its last
 * @param drop the chance that a message is lost
 * @param twice the chance that it arrives twice, the second time late
 * @param lostAnswer the chance that etcd's answer to a change is lost, done or not
 * @param pause between two blows from outside, on average; zero for none
 * @param slow the chance that a host's disk is slow for a while
 */
record Weather(
    double coordinatorCrash,
    double agentCrash,
    double drop,
    double twice,
    double lostAnswer,
    Duration pause,
    double slow) {

  static final Weather CALM = new Weather(0, 0, 0, 0, 0, Duration.ZERO, 0);

  static Weather of(RandomGenerator random) {
    if (random.nextInt(8) == 0) {
      return CALM;
    }
    return new Weather(
        strength(random, 0.02),
        strength(random, 0.05),
        strength(random, 0.3),
        strength(random, 0.2),
        strength(random, 0.3),
        random.nextInt(3) == 0 ? Duration.ZERO : Duration.ofSeconds(2 + random.nextInt(20)),
        strength(random, 0.3));
  }

  private static double strength(RandomGenerator random, double most) {
    return random.nextBoolean() ? 0 : random.nextDouble() * most;
  }

  boolean calm() {
    return equals(CALM);
  }
}
