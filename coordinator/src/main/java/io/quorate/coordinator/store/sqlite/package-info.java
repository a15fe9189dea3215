/** The real store: SQLite in the coordinator's data directory. JDBC stays here. */
@NullMarked
package io.quorate.coordinator.store.sqlite;

import org.jspecify.annotations.NullMarked;
