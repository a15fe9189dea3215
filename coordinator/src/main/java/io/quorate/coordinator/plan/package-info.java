/** The deciding heart: pure functions from what is wanted and what is seen to the next step. */
@NullMarked
package io.quorate.coordinator.plan;

import org.jspecify.annotations.NullMarked;
