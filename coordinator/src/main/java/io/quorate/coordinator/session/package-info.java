/** The coordinator's end of the wire to the agents: who may speak, and what is said. */
@NullMarked
package io.quorate.coordinator.session;

import org.jspecify.annotations.NullMarked;
