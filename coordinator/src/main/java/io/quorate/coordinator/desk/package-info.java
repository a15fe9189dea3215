/**
 * Answers what the API asks, from the store, the workers and the planner. One class for each noun.
 */
@NullMarked
package io.quorate.coordinator.desk;

import org.jspecify.annotations.NullMarked;
