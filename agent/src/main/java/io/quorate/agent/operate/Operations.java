package io.quorate.agent.operate;

import io.quorate.agent.host.Access;
import io.quorate.agent.host.Host;
import io.quorate.agent.host.Layout;
import io.quorate.agent.host.Sha256;
import io.quorate.agent.release.Downloads;
import io.quorate.agent.release.ReleaseStore;
import io.quorate.agent.service.ServiceManager;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.HostConfig;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Does operations. The heavy ones (snapshots, exports, drills) one after the other, so that a host
 * never has to bear two at a time; the light ones at once.
 *
 * <p>Facts of the outcomes: a snapshot has {@code sha256}, {@code size}, {@code revision}, {@code
 * keys}, {@code hash}, {@code version}, and {@code live.keys}, {@code live.hash}, {@code
 * live.compacted} where its member told; data that was salvaged the same but for these; an export
 * {@code sha256}, {@code size}; a drill {@code revision}, {@code millis}, and {@code keys}, {@code
 * hash} where they could be compared; a log {@code log}; a check of the host one fact for each
 * thing looked at, {@code PASS detail}, or {@code WARN} or {@code FAIL} followed by a code and the
 * detail.
 */
public final class Operations {
  private final Tools tools;
  private final Supplier<Optional<HostConfig>> document;
  private final InstantSource clock;
  private final ReentrantLock heavy = new ReentrantLock();

  /** What operations need to reach. */
  public record Tools(
      Host host,
      Layout layout,
      ReleaseStore releases,
      Downloads downloads,
      ServiceManager services,
      Uploads uploads) {}

  public Operations(Tools tools, Supplier<Optional<HostConfig>> document, InstantSource clock) {
    this.tools = tools;
    this.document = document;
    this.clock = clock;
  }

  /** Blocks until it is done; throws what makes it impossible. */
  public OperationOutcome perform(Operation operation) {
    try {
      Done done =
          switch (operation.task()) {
            case Operation.SaveSnapshot save ->
                alone(
                    () ->
                        new SaveSnapshot(tools)
                            .perform(operation.id(), member(save.member()), scratch(operation)));
            case Operation.ExportData export ->
                alone(
                    () ->
                        new ExportData(tools)
                            .perform(
                                operation.id(),
                                member(export.member()),
                                export.lineage(),
                                scratch(operation)));
            case Operation.DrillSnapshot drill ->
                alone(() -> new DrillSnapshot(tools, clock).perform(drill, scratch(operation)));
            case Operation.SalvageData salvage ->
                alone(
                    () ->
                        new SalvageData(tools)
                            .perform(operation.id(), salvage, scratch(operation)));
            case Operation.CheckHost check -> new CheckHost(tools).perform(check.members());
            case Operation.ReadLog read -> readLog(read);
          };
      return new OperationOutcome(
          operation.id(), operation.epoch(), Optional.empty(), done.sentence, done.facts);
    } catch (IOException e) {
      throw failed(operation, e);
    }
  }

  private static RuntimeException failed(Operation operation, IOException e) {
    Code code =
        switch (operation.task()) {
          case Operation.SaveSnapshot save -> Code.Q3504;
          case Operation.ExportData export -> Code.Q3602;
          case Operation.DrillSnapshot drill -> Code.Q3505;
          case Operation.SalvageData salvage -> Code.Q3510;
          case Operation.CheckHost check -> Code.Q2020;
          case Operation.ReadLog read -> Code.Q2020;
        };
    return Problem.of(code, "it failed on the host: " + e.getMessage()).asException();
  }

  /** What went well, and what is to be known of it. */
  record Done(String sentence, SortedMap<String, String> facts) {}

  /** Removes its scratch files; its outcome is durable by now. */
  public void cleanUp(Operation operation) throws IOException {
    tools.host.removeTree(scratch(operation));
  }

  private interface Body {
    Done run() throws IOException;
  }

  private Done alone(Body body) throws IOException {
    heavy.lock();
    try {
      tools.host.makeDirectory(tools.layout.scratch(), Access.closed(""));
      return body.run();
    } finally {
      heavy.unlock();
    }
  }

  private Path scratch(Operation operation) {
    // An id is text from afar, and no name for a directory.
    return tools.layout.scratch().resolve(Sha256.of(operation.id()).substring(0, 24));
  }

  private MemberConfig member(MemberConfig.Id id) {
    return document
        .get()
        .flatMap(it -> it.member(id))
        .orElseThrow(
            () ->
                Problem.of(Code.Q2002, "this host has no member " + id)
                    .withRemedy("it may have moved: quorate member list " + id.cluster())
                    .asException());
  }

  private Done readLog(Operation.ReadLog read) throws IOException {
    int most = Math.clamp(read.lines(), 1, 10_000);
    List<String> lines = tools.services.lastLines(read.cluster(), most);
    SortedMap<String, String> facts = new TreeMap<>();
    facts.put("log", String.join("\n", lines));
    return new Done("%d lines".formatted(lines.size()), facts);
  }
}
