package io.quorate.coordinator.store;

import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostName;
import io.quorate.common.model.OperationOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The simpler parts of the fake. */
final class MemoryRecords {
  private MemoryRecords() {}

  static final class MemoryOperations implements Operations {
    private final MemoryStore.Locked lock;
    private final Map<String, Sent> byId = new LinkedHashMap<>();

    MemoryOperations(MemoryStore.Locked lock) {
      this.lock = lock;
    }

    @Override
    public void add(Sent operation) {
      lock.run(
          () -> {
            if (byId.putIfAbsent(operation.operation().id(), operation) != null) {
              throw new IllegalStateException("operation id used twice");
            }
          });
    }

    @Override
    public boolean finish(OperationOutcome outcome, Instant at) {
      return lock.call(
          () -> {
            Sent sent = byId.get(outcome.operationId());
            if (sent == null || sent.outcome().isPresent()) {
              return false;
            }
            byId.put(
                outcome.operationId(),
                new Sent(
                    sent.operation(),
                    sent.host(),
                    sent.cluster(),
                    sent.member(),
                    sent.at(),
                    Optional.of(outcome),
                    Optional.of(at)));
            return true;
          });
    }

    @Override
    public Optional<Sent> find(String id) {
      return lock.call(() -> Optional.ofNullable(byId.get(id)));
    }

    @Override
    public void forget(String id) {
      lock.run(() -> byId.remove(id));
    }

    @Override
    public void forgetFinished(Instant before) {
      lock.run(
          () ->
              byId.values()
                  .removeIf(s -> s.finished().filter(at -> at.isBefore(before)).isPresent()));
    }

    @Override
    public List<Sent> open(HostName host) {
      return those(sent -> sent.host().equals(host) && sent.outcome().isEmpty());
    }

    @Override
    public List<Sent> of(ClusterName cluster) {
      return those(sent -> sent.cluster().equals(Optional.of(cluster)));
    }

    private List<Sent> those(Predicate<Sent> wanted) {
      return lock.call(() -> byId.values().stream().filter(wanted).toList());
    }
  }

  static final class MemoryOperators implements Operators {
    private final MemoryStore.Locked lock;
    private final Map<String, Operators.Operator> bySerial = new LinkedHashMap<>();

    MemoryOperators(MemoryStore.Locked lock) {
      this.lock = lock;
    }

    @Override
    public List<Operators.Operator> list() {
      return lock.call(() -> List.copyOf(bySerial.values()));
    }

    @Override
    public Optional<Operators.Operator> find(String serial) {
      return lock.call(() -> Optional.ofNullable(bySerial.get(serial)));
    }

    @Override
    public void save(Operators.Operator operator) {
      lock.run(() -> bySerial.put(operator.serial(), operator));
    }
  }

  static final class MemoryReleases implements Releases {
    private final MemoryStore.Locked lock;
    private final Map<String, Releases.Entry> bySha256 = new LinkedHashMap<>();

    MemoryReleases(MemoryStore.Locked lock) {
      this.lock = lock;
    }

    @Override
    public List<Releases.Entry> list() {
      return lock.call(
          () ->
              bySha256.values().stream()
                  .sorted(
                      Comparator.comparing((Releases.Entry entry) -> entry.release().version())
                          .thenComparing(entry -> entry.release().architecture())
                          .thenComparing(entry -> entry.release().sha256()))
                  .toList());
    }

    @Override
    public void add(Releases.Entry entry) {
      lock.run(() -> bySha256.putIfAbsent(entry.release().sha256(), entry));
    }

    @Override
    public void remove(String sha256) {
      lock.run(() -> bySha256.remove(sha256));
    }
  }

  static final class MemorySnapshots implements Snapshots {
    private final MemoryStore.Locked lock;
    private final Map<String, Snapshot> byId = new LinkedHashMap<>();

    MemorySnapshots(MemoryStore.Locked lock) {
      this.lock = lock;
    }

    @Override
    public List<Snapshot> list(ClusterName cluster) {
      return lock.call(
          () ->
              byId.values().stream()
                  .filter(snapshot -> snapshot.cluster().equals(cluster))
                  .sorted(Comparator.comparing(Snapshot::at).reversed().thenComparing(Snapshot::id))
                  .toList());
    }

    @Override
    public Optional<Snapshot> find(String id) {
      return lock.call(() -> Optional.ofNullable(byId.get(id)));
    }

    @Override
    public void save(Snapshot snapshot) {
      lock.run(() -> byId.put(snapshot.id(), snapshot));
    }

    @Override
    public void remove(String id) {
      lock.run(() -> byId.remove(id));
    }
  }

  static final class MemoryAudit implements Audit {
    private final MemoryStore.Locked lock;
    private final List<Audit.Entry> entries = new ArrayList<>();

    MemoryAudit(MemoryStore.Locked lock) {
      this.lock = lock;
    }

    @Override
    public Audit.Entry append(
        Instant at, String who, String what, String subject, String outcome, String detail) {
      return lock.call(
          () -> {
            Audit.Entry entry = AuditChain.next(newest(), at, who, what, subject, outcome, detail);
            entries.add(entry);
            return entry;
          });
    }

    @Override
    public List<Audit.Entry> list(long afterIndex, int limit) {
      return lock.call(
          () -> entries.stream().filter(entry -> entry.index() > afterIndex).limit(limit).toList());
    }

    @Override
    public Optional<Broken> verify() {
      return lock.call(
          () -> {
            AuditChain.Verifier verifier = new AuditChain.Verifier();
            return entries.stream().flatMap(e -> verifier.follow(e).stream()).findFirst();
          });
    }

    @Override
    public Optional<Audit.Entry> head() {
      return lock.call(this::newest);
    }

    private Optional<Audit.Entry> newest() {
      return entries.isEmpty() ? Optional.empty() : Optional.of(entries.getLast());
    }
  }
}
