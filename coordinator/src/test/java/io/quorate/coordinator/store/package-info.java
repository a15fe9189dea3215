@NullMarked
package io.quorate.coordinator.store;

import org.jspecify.annotations.NullMarked;
