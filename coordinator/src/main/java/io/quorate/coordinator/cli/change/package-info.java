/** From a file to a rollout, and waiting for it. */
@NullMarked
package io.quorate.coordinator.cli.change;

import org.jspecify.annotations.NullMarked;
