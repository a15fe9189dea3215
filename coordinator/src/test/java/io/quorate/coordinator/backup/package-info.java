@NullMarked
package io.quorate.coordinator.backup;

import org.jspecify.annotations.NullMarked;
