package io.quorate.lab.sim;

import io.quorate.agent.boot.BootGate;
import io.quorate.agent.boot.BootWatch;
import io.quorate.agent.boot.KnownMembers;
import io.quorate.agent.boot.MembersKept;
import io.quorate.agent.host.Access;
import io.quorate.agent.host.Layout;
import io.quorate.agent.host.MemoryHost;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.MemberConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The agent's own fence after a boot, turned by hand as {@code HostLoop} turns it with threads: it
 * opens with the first document, or once all may start without; and what members list while they
 * run is kept for the next boot.
 */
final class SimBoot {
  private static final Duration ASKING = Duration.ofSeconds(1);
  private static final Duration LOOKING = Duration.ofSeconds(15);

  private final World world;
  private final SimHost machine;
  private final MemoryHost disk;
  private final Layout layout;
  private @Nullable Life now;

  /** What the rest of the agent has to do with it. */
  interface Agent {
    List<MemberConfig> members();

    boolean runs();

    /** Noted for good. */
    void startsAlone(MemberConfig member);

    /** The service manager may not start it now. */
    void takeBack();

    /** Those that may not run any more are seen to. */
    void settle();

    /** The service manager may start what it is to start. */
    void ready();
  }

  SimBoot(World world, SimHost machine, MemoryHost disk, Layout layout) {
    this.world = world;
    this.machine = machine;
    this.disk = disk;
    this.layout = layout;
    try {
      disk.makeDirectory(layout.state(), Access.closed(""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void begin(Agent agent) {
    try {
      Life life = new Life(agent);
      now = life;
      if (life.gate.open()) {
        life.admit();
      } else {
        life.ask();
      }
      life.look();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The agent is gone, and its answers to peers with it. */
  void end() {
    life().ifPresent(life -> life.watch.close());
    now = null;
  }

  void losePower() {
    disk.reboot();
  }

  private Optional<Life> life() {
    return Optional.ofNullable(now);
  }

  boolean waits() {
    return life().filter(life -> !life.gate.open()).isPresent();
  }

  boolean mayStart(ClusterName cluster) {
    return world.plant() == Plant.BOOTS_UNFENCED
        || life().filter(life -> life.watch.mayStart(cluster)).isPresent();
  }

  /** The coordinator has said what members are to do. */
  void told() {
    life().ifPresent(Life::admit);
  }

  private final class Life {
    final Agent agent;
    final BootGate gate;
    final BootWatch watch;
    final MembersKept kept;
    boolean admitted;
    boolean ready;

    Life(Agent agent) throws IOException {
      this.agent = agent;
      this.gate = new BootGate(disk, layout, world.time());
      KnownMembers known = new KnownMembers(disk, layout);
      SimPeers peers = new SimPeers(world, machine);
      this.watch = new BootWatch(gate, known, peers, cluster -> agent.runs(), agent::startsAlone);
      this.kept = new MembersKept(known, peers);
    }

    void admit() {
      if (admitted) {
        return;
      }
      admitted = true;
      watch.close();
      agent.settle();
      try {
        gate.admit();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      tell();
    }

    private void tell() {
      ready = true;
      agent.ready();
    }

    void ask() {
      if (admitted || now != this) {
        return;
      }
      if (watch.turn(agent.members()).isEmpty()) {
        world.say("%s: all may start".formatted(machine.name()));
        admit();
        return;
      }
      if (gate.graceIsOver() && !ready) {
        agent.takeBack();
        tell();
      }
      world.time().after(ASKING, this::ask);
    }

    void look() {
      if (now != this) {
        return;
      }
      agent.members().stream()
          .filter(m -> m.conduct().run() == MemberConfig.Run.RUNNING)
          .filter(m -> watch.mayStart(m.id().cluster()))
          .forEach(kept::look);
      world.time().after(LOOKING, this::look);
    }
  }
}
