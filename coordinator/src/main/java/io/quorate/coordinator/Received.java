package io.quorate.coordinator;

import io.quorate.common.model.OperationOutcome;
import io.quorate.common.model.Seed;
import io.quorate.coordinator.catalogue.Blob;
import io.quorate.coordinator.catalogue.BlobStore;
import io.quorate.coordinator.session.UploadArea;
import io.quorate.coordinator.store.Clusters;
import io.quorate.coordinator.store.Operations;
import io.quorate.coordinator.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Puts what hosts have uploaded where it is kept: under its digest. Done again at each start, for
 * what a kill left.
 */
final class Received {
  private final Store store;
  private final UploadArea uploads;
  private final BlobStore blobs;
  private final BlobStore data;

  Received(Store store, UploadArea uploads, BlobStore blobs, BlobStore data) {
    this.store = store;
    this.uploads = uploads;
    this.blobs = blobs;
    this.data = data;
  }

  /**
   * Everything that is waiting; then removes what nobody refers to, which must happen before
   * anybody can add more.
   */
  void all() throws IOException {
    store.clusters().list().stream()
        .flatMap(c -> store.operations().of(c.name()).stream())
        .map(Operations.Sent::outcome)
        .flatMap(Optional::stream)
        .forEach(this::one);
    uploads.keepOnly(open());
    Set<String> referenced = referenced();
    blobs.sweep(referenced::contains);
    data.sweep(referenced::contains);
  }

  private Set<String> open() {
    return store.clusters().list().stream()
        .flatMap(cluster -> store.operations().of(cluster.name()).stream())
        .filter(sent -> sent.outcome().isEmpty())
        .map(sent -> sent.operation().id())
        .collect(Collectors.toSet());
  }

  private Set<String> referenced() {
    Set<String> digests = new HashSet<>();
    store.releases().list().forEach(e -> digests.add(e.release().sha256()));
    for (Clusters.Cluster cluster : store.clusters().list()) {
      store.snapshots().list(cluster.name()).forEach(s -> digests.add(s.sha256()));
      cluster.intent().exports().forEach(e -> digests.add(e.sha256()));
      seed(cluster.intent().foundation().seed()).ifPresent(digests::add);
      store.documents().of(cluster.name()).values().stream()
          .flatMap(i -> seed(i.document().data().seed()).stream())
          .forEach(digests::add);
      store.operations().of(cluster.name()).stream()
          .flatMap(o -> o.outcome().stream())
          .map(o -> o.facts().getOrDefault("sha256", ""))
          .forEach(digests::add);
    }
    return digests;
  }

  private static Optional<String> seed(Seed seed) {
    return switch (seed) {
      case Seed.Snapshot snapshot -> Optional.of(snapshot.sha256());
      case Seed.Copy copy -> Optional.of(copy.sha256());
      case Seed.Empty empty -> Optional.empty();
      case Seed.Forced forced -> Optional.empty();
    };
  }

  void one(OperationOutcome outcome) {
    String sha256 = outcome.facts().getOrDefault("sha256", "");
    try {
      if (!outcome.succeeded()) {
        // What was sent before it was found bad.
        uploads.discard(outcome.operationId());
      }
      if (!outcome.succeeded() || sha256.isEmpty()) {
        return;
      }
      Optional<Path> file = uploads.complete(outcome.operationId());
      if (file.isEmpty()) {
        uploads.discard(outcome.operationId()); // begun by its host, and then got in another way
        return;
      }
      data.adopt(file.get(), new Blob(sha256, Files.size(file.get())));
      uploads.discard(outcome.operationId());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
