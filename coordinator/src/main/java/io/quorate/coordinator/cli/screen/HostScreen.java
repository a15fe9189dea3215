package io.quorate.coordinator.cli.screen;

import io.quorate.coordinator.api.v1.HostView;
import io.quorate.coordinator.api.v1.codec.Records;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Hosts as their agents tell. */
public final class HostScreen {
  private HostScreen() {}

  public static void all(Paper paper, List<HostView> hosts) {
    if (hosts.isEmpty()) {
      paper.line("No hosts yet. Let one join: quorate host token --host NAME");
      return;
    }
    Table table =
        paper.wide()
            ? Table.of(
                "HOST",
                "STATE",
                "AGENT",
                "LAST SEEN",
                "CERT",
                "ARCH",
                "MEMBERS",
                "OS",
                "KERNEL",
                ">CPUS",
                ">MEMORY",
                "ADDRESSES")
            : Table.of("HOST", "STATE", "AGENT", "LAST SEEN", "CERT", "ARCH", "MEMBERS");
    for (HostView each : hosts) {
      table
          .cell(each.name())
          .cell(Records.word(each.state()), ink(each.state()))
          .cell(each.agentVersion())
          .cell(Words.ago(each.lastSeen(), paper.now()))
          .cell(Words.left(each.certificateNotAfter(), paper.now()))
          .cell(each.facts().map(HostView.Facts::architecture).orElse(""))
          .cell(members(each));
      if (paper.wide()) {
        table
            .cell(each.facts().map(HostView.Facts::os).orElse(""))
            .cell(each.facts().map(HostView.Facts::kernel).orElse(""))
            .cell(each.facts().map(facts -> Integer.toString(facts.cpus())).orElse(""))
            .cell(each.facts().map(facts -> Words.size(facts.memoryBytes())).orElse(""))
            .cell(each.facts().map(facts -> String.join(",", facts.addresses())).orElse(""));
      }
      table.end();
    }
    table.draw(paper);
  }

  public static void one(Paper paper, HostView host) {
    Instant now = paper.now();
    paper.line(
        "%s  %s  agent %s  last seen %s  certificate %s"
            .formatted(
                paper.ink(Paper.Ink.BOLD, Paper.clean(host.name())),
                paper.ink(ink(host.state()), Records.word(host.state())),
                Paper.clean(host.agentVersion().isEmpty() ? "-" : host.agentVersion()),
                Words.ago(host.lastSeen(), now),
                Words.left(host.certificateNotAfter(), now)));
    host.facts().ifPresent(facts -> facts(paper, facts));
    host.clockOffsetSeconds()
        .ifPresent(
            offset ->
                paper.line(
                    "clock       %s".formatted(String.format(Locale.ROOT, "%+.3fs", offset))));
    if (!host.members().isEmpty()) {
      Table table = Table.of("CLUSTER", "MEMBER", "UNIT", "VERSION", ">RESTARTS");
      for (HostView.Member each : host.members()) {
        table
            .cell(each.cluster())
            .cell(each.member())
            .cell(each.unitState())
            .cell(each.etcdVersion())
            .cell(Long.toString(each.restarts()))
            .end();
      }
      table.draw(paper);
    }
    disks(paper, host.disks());
    host.setAside().forEach(path -> paper.line("set aside   " + Paper.clean(path)));
    host.findings().forEach(finding -> paper.line(ErrorScreen.finding(paper, finding)));
  }

  private static void facts(Paper paper, HostView.Facts facts) {
    paper.line(
        "system      %s, %s, %s, %s"
            .formatted(
                Paper.clean(facts.os()),
                Paper.clean(facts.kernel()),
                Paper.clean(facts.architecture()),
                Paper.clean(facts.serviceManager())));
    paper.line(
        "machine     %s, %s memory"
            .formatted(
                Words.count(facts.cpus(), "processor", "processors"),
                Words.size(facts.memoryBytes())));
    paper.line("addresses   " + Paper.clean(String.join(", ", facts.addresses())));
  }

  private static void disks(Paper paper, List<HostView.Disk> disks) {
    if (disks.isEmpty()) {
      return;
    }
    Table table =
        Table.of(
            "DISK",
            "PATH",
            "DEVICE",
            "TYPE",
            ">FREE",
            ">SIZE",
            ">INODES FREE",
            ">FSYNC p50",
            ">p99",
            ">READ/s",
            ">WRITTEN/s",
            ">BUSY");
    for (HostView.Disk each : disks) {
      HostView.Space space = each.space();
      table
          .cell(each.purpose())
          .cell(each.path())
          .cell(each.device())
          .cell(space.fileSystem())
          .cell(Words.size(space.freeBytes()))
          .cell(Words.size(space.totalBytes()))
          .cell(space.freeInodes() < 0 ? "-" : Long.toString(space.freeInodes()))
          .cell(Words.latency(each.fsync().map(HostView.Fsync::p50Seconds)))
          .cell(Words.latency(each.fsync().map(HostView.Fsync::p99Seconds)))
          .cell(Words.size(Math.round(each.rates().readBytesPerSecond())))
          .cell(Words.size(Math.round(each.rates().writtenBytesPerSecond())))
          .cell(Math.round(each.rates().busyRatio() * 100) + "%")
          .end();
    }
    table.draw(paper);
  }

  private static String members(HostView host) {
    return host.members().stream()
        .map(each -> each.cluster() + "/" + each.member())
        .collect(Collectors.joining(","));
  }

  private static Paper.Ink ink(HostView.State state) {
    return switch (state) {
      case CONNECTED -> Paper.Ink.GOOD;
      case DISCONNECTED -> Paper.Ink.BAD;
      case NEVER_SEEN -> Paper.Ink.NOTE;
      case REVOKED -> Paper.Ink.FAINT;
    };
  }
}
