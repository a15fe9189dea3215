package io.quorate.coordinator.store;

class MemoryStoreTest extends RecordsContract {
  @Override
  protected Store make() {
    return new MemoryStore();
  }
}
