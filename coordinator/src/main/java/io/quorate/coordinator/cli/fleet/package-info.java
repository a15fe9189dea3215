/** Hosts and releases. */
@NullMarked
package io.quorate.coordinator.cli.fleet;

import org.jspecify.annotations.NullMarked;
