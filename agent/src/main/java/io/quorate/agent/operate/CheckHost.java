package io.quorate.agent.operate;

import io.quorate.agent.etcd.DataDirectory;
import io.quorate.agent.etcd.DataFound;
import io.quorate.agent.etcd.DataPlaces;
import io.quorate.agent.etcd.DataSeed;
import io.quorate.agent.host.Host;
import io.quorate.agent.operate.Operations.Done;
import io.quorate.agent.release.InstalledRelease;
import io.quorate.common.error.Code;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whether members could be laid down on this host. Changes nothing, and looks at everything, so
 * that all that is wrong is said at once.
 */
final class CheckHost {
  private static final long SPACE_NEEDED = 1L << 30;
  private static final long SPACE_WISHED = 10L << 30;
  private static final long MARGIN = 64L << 20;

  private final Operations.Tools tools;
  private final SortedMap<String, String> facts = new TreeMap<>();

  CheckHost(Operations.Tools tools) {
    this.tools = tools;
  }

  Done perform(List<MemberConfig> members) throws IOException {
    String user = tools.layout().user();
    if (user.isEmpty()) {
      pass("host.user", "the agent's own");
    } else if (tools.host().userExists(user)) {
      pass("host.user", user);
    } else {
      fail("host.user", Code.Q2022, "there is no user " + user);
    }
    for (MemberConfig member : members) {
      boolean running = tools.services().state(member.id().cluster()).process().isPresent();
      port(member, "client", member.endpoints().clientPort(), running);
      port(member, "peer", member.endpoints().peerPort(), running);
      data(member, running);
      space("data", member.directories().data());
      space("wal", member.directories().wal());
      seeded(member);
    }
    long failed = facts.values().stream().filter(fact -> fact.startsWith("FAIL")).count();
    String sentence =
        failed == 0 ? "nothing stands in the way" : "%d things stand in the way".formatted(failed);
    return new Done(sentence, facts);
  }

  private void port(MemberConfig member, String use, int port, boolean running) {
    String name = "port." + use;
    String address = member.endpoints().address();
    if (running) {
      pass(name, "%d is this member's own".formatted(port));
    } else if (tools.host().canListen(address, port)) {
      pass(name, "%s %d is free".formatted(address, port));
    } else {
      fail(
          name,
          Code.Q2010,
          "%d is in use, or %s is no address of this host".formatted(port, address));
    }
  }

  private void data(MemberConfig member, boolean running) throws IOException {
    String name = "directory.data";
    Host host = tools.host();
    try {
      DataFound found = new DataDirectory(host, tools.layout()).observe(member);
      boolean expected =
          found.lineage().equals(member.data().lineage())
              || member.data().supersedes().contains(found.lineage());
      Path data = DataPlaces.of(member, tools.layout()).data();
      if (found.absent()) {
        pass(name, data + " is free");
      } else if (running || (found.stamp().isPresent() && expected)) {
        pass(name, data + " holds this member's data");
      } else if (found.content() == DataFound.Content.SOMETHING_ELSE) {
        fail(name, Code.Q2011, data + " is not empty");
      } else {
        fail(name, Code.Q2012, data + " or its log holds data of another member or by hand");
      }
      if (host.stat(data).exists() && !host.stat(data).isDirectory()) {
        fail(name, Code.Q2020, data + " is not a directory");
      }
    } catch (QuorateException e) {
      fail(name, e.problem().code(), e.problem().sentence());
    }
  }

  private void space(String use, String directory) throws IOException {
    String name = "space." + use;
    long free = tools.host().freeBytes(tools.layout().rooted(Path.of(directory)));
    String words = "%.1f GiB free at %s".formatted(free / (double) (1L << 30), directory);
    if (free < SPACE_NEEDED) {
      fail(name, Code.Q2014, words);
    } else if (free < SPACE_WISHED) {
      facts.put(name, "WARN " + Code.Q2014 + " " + words);
    } else {
      pass(name, words);
    }
  }

  /** Where data is to be laid down: the program that does it, and room for copy and result. */
  private void seeded(MemberConfig member) throws IOException {
    switch (member.data().seed()) {
      case Seed.Snapshot snapshot -> {
        restorer(member);
        room("restore.space", member, snapshot.size());
      }
      case Seed.Copy copy -> room("copy.space", member, copy.size());
      case Seed.Empty empty -> {}
      case Seed.Forced forced -> {}
    }
  }

  private void restorer(MemberConfig member) throws IOException {
    String program = DataSeed.restorer(member.releases().running().version());
    Optional<InstalledRelease> release = tools.releases().find(member.releases().running());
    if (release.isPresent() && release.get().program(program).isEmpty()) {
      fail("restore.tool", Code.Q2021, "the release has no " + program);
    } else {
      pass("restore.tool", program);
    }
  }

  private void room(String name, MemberConfig member, long size) throws IOException {
    long needed = 2 * size + MARGIN;
    Path data = DataPlaces.of(member, tools.layout()).data();
    for (Path place : List.of(data, tools.layout().blobs())) {
      long free = tools.host().freeBytes(place);
      String words =
          "%d MiB are needed at %s, %d are free".formatted(mib(needed), place, mib(free));
      if (free < needed) {
        fail(name, Code.Q2014, words);
      } else {
        pass(name, words);
      }
    }
  }

  private static long mib(long bytes) {
    return bytes >> 20;
  }

  private void pass(String name, String detail) {
    facts.putIfAbsent(name, "PASS " + detail);
  }

  private void fail(String name, Code code, String detail) {
    facts.put(name, "FAIL " + code + " " + detail);
  }
}
