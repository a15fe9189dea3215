@NullMarked
package io.quorate.coordinator.plan.gate;

import org.jspecify.annotations.NullMarked;
