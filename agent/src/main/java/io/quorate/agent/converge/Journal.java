package io.quorate.agent.converge;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.agent.host.Access;
import io.quorate.agent.host.CrashPoints.DurableStep;
import io.quorate.agent.host.Host;
import io.quorate.agent.host.Layout;
import io.quorate.agent.host.Sha256;
import io.quorate.agent.reconcile.Memory;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostConfig;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What the agent may never forget, in one file that is replaced whole: the highest epoch and
 * generation seen, the document itself, what became of operations, and what is remembered of each
 * member.
 *
 * <ol>
 *   <li>A document of a lower epoch or a lower generation is refused, and so is another document
 *       under the same generation: that is somebody else's.
 *   <li>An operation of a lower epoch is refused; the same id with another task, too.
 *   <li>Nothing is in force before it is durable: each method returns when it is.
 *   <li>A journal that cannot be read is no empty journal: the agent does not begin.
 * </ol>
 */
public final class Journal {
  private final Host host;
  private final Path file;
  private JournalFile content;

  private Journal(Host host, Path file, JournalFile content) {
    this.host = host;
    this.file = file;
    this.content = content;
  }

  public static Journal open(Host host, Layout layout) throws IOException {
    host.makeDirectory(layout.state(), Access.closed(""));
    Path file = layout.state().resolve("journal.json");
    Optional<String> text = host.text(file);
    return new Journal(
        host, file, text.isPresent() ? JournalFile.read(text.get()) : JournalFile.empty());
  }

  public synchronized long epoch() {
    return content.epoch();
  }

  public synchronized long generation() {
    return content.generation();
  }

  public synchronized Optional<HostConfig> document() {
    return content.document();
  }

  /** Whether it says anything new; throws Q2001 when it may not be obeyed. */
  public synchronized boolean accept(HostConfig document) {
    if (document.epoch() < content.epoch() || document.generation() < content.generation()) {
      throw Problem.of(
              Code.Q2001,
              "the document is of epoch %d and generation %d, but this host has seen %d and %d"
                  .formatted(
                      document.epoch(),
                      document.generation(),
                      content.epoch(),
                      content.generation()))
          .asException();
    }
    Optional<HostConfig> known = content.document();
    boolean sameGeneration = document.generation() == content.generation() && known.isPresent();
    if (sameGeneration && !same(known.get(), document)) {
      throw Problem.of(
              Code.Q2001,
              "another document of generation %d is in force on this host"
                  .formatted(document.generation()))
          .asException();
    }
    JournalFile after = content.withDocument(document);
    if (after.equals(content)) {
      return false;
    }
    save(after);
    return !sameGeneration;
  }

  private static boolean same(HostConfig one, HostConfig other) {
    return one.members().equals(other.members()) && one.keepReleases() == other.keepReleases();
  }

  /** The outcome of an operation that was done before; empty when it is to be done now. */
  public synchronized Optional<OperationOutcome> admit(Operation operation) {
    if (operation.epoch() < content.epoch()) {
      throw Problem.of(
              Code.Q2001,
              "the operation is of epoch %d, but this host has seen %d"
                  .formatted(operation.epoch(), content.epoch()))
          .asException();
    }
    if (operation.epoch() > content.epoch()) {
      save(content.withEpoch(operation.epoch()));
    }
    Optional<JournalFile.Done> done = content.done(operation.id());
    if (done.isPresent() && !done.get().digest().equals(digest(operation))) {
      throw Problem.of(Code.Q2004, "operation %s was another one before".formatted(operation.id()))
          .asException();
    }
    return done.map(JournalFile.Done::outcome);
  }

  public synchronized void done(Operation operation, OperationOutcome outcome) {
    host.crashPoints().before(DurableStep.OUTCOME);
    save(content.withDone(new JournalFile.Done(digest(operation), outcome)));
    host.crashPoints().after(DurableStep.OUTCOME);
  }

  public synchronized Memory memory(ClusterName cluster) {
    return content.memory(cluster);
  }

  public synchronized Memory remember(ClusterName cluster, UnaryOperator<Memory> change) {
    Memory before = content.memory(cluster);
    Memory after = change.apply(before);
    if (!after.equals(before)) {
      save(content.withMemory(cluster, after));
    }
    return after;
  }

  /** Records print all they hold, in an order that is always the same. */
  private static String digest(Operation operation) {
    return Sha256.of(operation.task().toString());
  }

  private void save(JournalFile changed) {
    host.crashPoints().before(DurableStep.JOURNAL);
    try {
      host.write(file, changed.toJson().getBytes(UTF_8), Access.SECRET);
    } catch (IOException e) {
      throw HostProblems.of(e, "write the journal");
    }
    content = changed;
    host.crashPoints().after(DurableStep.JOURNAL);
  }
}
