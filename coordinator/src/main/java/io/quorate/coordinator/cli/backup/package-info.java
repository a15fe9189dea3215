/** Snapshots and the ways back. */
@NullMarked
package io.quorate.coordinator.cli.backup;

import org.jspecify.annotations.NullMarked;
