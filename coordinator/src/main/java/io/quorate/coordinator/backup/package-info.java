/** Snapshots by the clock, and how long they are kept. */
@NullMarked
package io.quorate.coordinator.backup;

import org.jspecify.annotations.NullMarked;
