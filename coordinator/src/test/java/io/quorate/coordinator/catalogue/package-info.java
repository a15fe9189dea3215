@NullMarked
package io.quorate.coordinator.catalogue;

import org.jspecify.annotations.NullMarked;
