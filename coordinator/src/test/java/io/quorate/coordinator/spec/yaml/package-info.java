@NullMarked
package io.quorate.coordinator.spec.yaml;

import org.jspecify.annotations.NullMarked;
