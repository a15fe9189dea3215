@NullMarked
package io.quorate.coordinator.plan.rule;

import org.jspecify.annotations.NullMarked;
