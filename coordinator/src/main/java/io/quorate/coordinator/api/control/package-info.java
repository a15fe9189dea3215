/**
 * What the API asks of the rest of the coordinator. Every call may block and is made on a virtual
 * thread; it refuses by throwing a {@link io.quorate.common.error.QuorateException}.
 */
@NullMarked
package io.quorate.coordinator.api.control;

import org.jspecify.annotations.NullMarked;
