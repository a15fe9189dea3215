/** The planner over every small cluster, in every state that matters. */
@NullMarked
package io.quorate.coordinator.plan.safety;

import org.jspecify.annotations.NullMarked;
