/**
 * What may be proposed, in order of urgency. A rule proposes a step, waits or refuses; it never
 * looks at gates.
 */
@NullMarked
package io.quorate.coordinator.plan.rule;

import org.jspecify.annotations.NullMarked;
