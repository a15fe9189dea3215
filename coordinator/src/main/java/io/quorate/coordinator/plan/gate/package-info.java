/** What may hold a proposed step back: each a class with one question and one coded reason. */
@NullMarked
package io.quorate.coordinator.plan.gate;

import org.jspecify.annotations.NullMarked;
