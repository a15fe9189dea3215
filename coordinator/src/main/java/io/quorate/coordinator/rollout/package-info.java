/** Turning decisions into deeds: one worker a cluster, one step at a time. */
@NullMarked
package io.quorate.coordinator.rollout;

import org.jspecify.annotations.NullMarked;
