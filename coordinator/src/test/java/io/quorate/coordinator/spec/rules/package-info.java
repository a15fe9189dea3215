@NullMarked
package io.quorate.coordinator.spec.rules;

import org.jspecify.annotations.NullMarked;
