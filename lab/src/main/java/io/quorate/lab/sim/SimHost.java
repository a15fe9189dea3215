package io.quorate.lab.sim;

import io.quorate.common.model.HostConfig;
import io.quorate.common.model.HostName;
import io.quorate.common.model.Operation;
import io.quorate.coordinator.etcd.model.ModelProcess;
import java.time.Duration;
import java.time.Instant;

/** A machine: what is on its disk outlives everything, its agent and its processes do not. */
final class SimHost {
  private static final Duration REPORT = Duration.ofSeconds(1);

  private final World world;
  private final HostName name;
  private final String address;
  private final SimAgent agent;
  private boolean up = true;
  private boolean lost;
  private boolean agentUp = true;
  private boolean slow;
  private int lives;
  private int boots;
  private Instant booted = Instant.MIN;

  SimHost(World world, HostName name, String address) {
    this.world = world;
    this.name = name;
    this.address = address;
    this.agent =
        world.agents() == SimAgent.Kind.REAL
            ? new RealAgent(world, this)
            : new PlainAgent(world, this);
    agent.start();
    reportLater();
  }

  HostName name() {
    return name;
  }

  String address() {
    return address;
  }

  boolean up() {
    return up;
  }

  SimAgent agent() {
    return agent;
  }

  /** Judged by what its agent is to do. */
  void aboutToStop(ModelProcess process) {
    if (agent instanceof RealAgent real) {
      real.wanted().ifPresent(wanted -> world.checks().beforeStop(this, wanted, process));
    }
  }

  void aboutToStart(String data, boolean forced) {
    world.checks().beforeStart(this, new SimStart(data, forced, agent.aside()));
  }

  /** How much longer everything takes that touches the disk. */
  int slowness() {
    return slow ? 10 : 1;
  }

  void setSlow(boolean slow) {
    this.slow = slow;
  }

  // ---- what befalls it ----

  void killAgent() {
    if (up && agentUp) {
      world.say("%s: agent dies".formatted(name));
      agentUp = false;
      agent.die();
      int life = ++lives;
      world
          .time()
          .after(Duration.ofMillis(100 + world.random().nextInt(10_000)), () -> startAgent(life));
    }
  }

  private void startAgent(int life) {
    if (up && !agentUp && life == lives) {
      world.say("%s: agent starts".formatted(name));
      agentUp = true;
      agent.start();
      reportLater();
    }
  }

  void losePower() {
    if (up) {
      world.say("%s: power lost".formatted(name));
      up = false;
      agentUp = false;
      lives++;
      agent.die();
      agent.losePower();
    }
  }

  /** It does not come back by itself. */
  void loseForGood() {
    losePower();
    lost = true;
  }

  /** It does, with all that was on its disk. */
  void comeBack() {
    if (lost) {
      lost = false;
      boot();
    }
  }

  boolean lost() {
    return lost;
  }

  /** How often it has booted. */
  int boots() {
    return boots;
  }

  /** When it did last; long ago when it never did. */
  Instant booted() {
    return booted;
  }

  void boot() {
    if (!up && !lost) {
      world.say("%s: boots".formatted(name));
      up = true;
      boots++;
      booted = world.time().instant();
      agent.boot();
      startAgent(lives);
    }
  }

  /** Everything that was going to happen to the agent has happened; it is there. */
  void settle() {
    boot();
    slow = false;
    if (up && !agentUp) {
      startAgent(lives);
    }
  }

  // ---- the line ----

  void receive(HostConfig document) {
    if (agentUp) {
      agent.desired(document);
    }
  }

  void receive(Operation operation) {
    if (agentUp) {
      agent.operation(operation);
    }
  }

  /** Now, for a change, and once a second in any case. */
  void report() {
    if (agentUp) {
      if (agent.waitsToBeTold()) {
        world.toCoordinator(this, link -> link.greeted(name));
      }
      var report = agent.report();
      world.toCoordinator(this, link -> link.reported(name, report));
    }
  }

  private void reportLater() {
    int life = lives;
    world
        .time()
        .after(
            REPORT,
            () -> {
              if (agentUp && life == lives) {
                report();
                reportLater();
              }
            });
  }
}
