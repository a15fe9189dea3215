package io.quorate.coordinator.session;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.HostConfig;
import io.quorate.common.model.HostName;
import io.quorate.common.wire.WireMapper;
import io.quorate.common.wire.v1.Hello;
import io.quorate.coordinator.store.Documents;
import io.quorate.coordinator.store.Journal;
import io.quorate.coordinator.store.Store;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Whether the store may be believed about a host, found out when the host says hello.
 *
 * <ol>
 *   <li>A host that has obeyed a later document than the store holds was served by a later self of
 *       this store: refused (Q2001), because whatever would be sent to it is out of date.
 *   <li>Of a store that is known to have come back from a backup, the host's own document is the
 *       truth: adopted, and a host is told nothing before that.
 * </ol>
 */
final class KnownDocuments {
  private final Store store;
  private final SessionNotes notes;
  private final long epoch;
  private final InstantSource clock;

  KnownDocuments(Store store, SessionNotes notes, long epoch, InstantSource clock) {
    this.store = store;
    this.notes = notes;
    this.epoch = epoch;
    this.clock = clock;
  }

  /** Throws the refusal. */
  void greet(HostName host, Hello hello) {
    Documents documents = store.documents();
    if (!documents.known(host)) {
      learn(host, hello);
      return;
    }
    long held = documents.current(host, epoch).generation();
    if (hello.getGeneration() > held) {
      throw Problem.of(
              Code.Q2001,
              "%s has obeyed document %d, this coordinator's store knows of %d: it is older"
                  .formatted(host, hello.getGeneration(), held))
          .withRemedy("if the store came back from a backup: quorate-coordinator restored")
          .asException();
    }
  }

  private void learn(HostName host, Hello hello) {
    if (!hello.hasDesired() && hello.getGeneration() > 0) {
      throw Problem.of(
              Code.Q2001,
              "the store came back from a backup, and the agent of %s cannot tell its document"
                  .formatted(host))
          .withRemedy("upgrade the agent of " + host)
          .asException();
    }
    HostConfig inForce =
        hello.hasDesired() ? WireMapper.fromWire(hello.getDesired()) : HostConfig.empty(epoch);
    notes.audited(
        "coordinator",
        "document adopted",
        host.value(),
        "document %d, which the host has in force, with %d members"
            .formatted(inForce.generation(), inForce.members().size()));
    store.documents().adopt(host, inForce, clock.instant());
    inForce.members().stream()
        .map(member -> member.id().cluster())
        .filter(cluster -> store.clusters().find(cluster).isEmpty())
        .forEach(
            cluster ->
                notes.event(
                    Journal.Severity.WARNING,
                    Optional.of(Code.Q1303),
                    host.value(),
                    "carries a member of %s, which was made after the backup: it goes on as it is, without this coordinator"
                        .formatted(cluster)));
  }

  /** What the host is to be told now; nothing as long as the store is not to be believed. */
  Optional<HostConfig> current(HostName host) {
    return store.documents().known(host)
        ? Optional.of(store.documents().current(host, epoch))
        : Optional.empty();
  }
}
