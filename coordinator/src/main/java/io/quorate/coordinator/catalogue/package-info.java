/** The large files that the coordinator holds: release archives, copies of data, snapshots. */
@NullMarked
package io.quorate.coordinator.catalogue;

import org.jspecify.annotations.NullMarked;
