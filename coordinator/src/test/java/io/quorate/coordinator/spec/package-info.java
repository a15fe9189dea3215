@NullMarked
package io.quorate.coordinator.spec;

import org.jspecify.annotations.NullMarked;
