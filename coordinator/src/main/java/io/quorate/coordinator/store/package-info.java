/** What the coordinator must not forget: one interface, SQLite behind it. */
@NullMarked
package io.quorate.coordinator.store;

import org.jspecify.annotations.NullMarked;
