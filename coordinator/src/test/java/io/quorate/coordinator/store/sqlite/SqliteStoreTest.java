package io.quorate.coordinator.store.sqlite;

import io.quorate.coordinator.store.RecordsContract;
import io.quorate.coordinator.store.Samples;
import io.quorate.coordinator.store.Store;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest extends RecordsContract {
  @TempDir Path directory;

  @Override
  protected Store make() {
    return SqliteStore.open(directory.resolve("data"), Samples::spec, Schema.CURRENT);
  }
}
