@NullMarked
package io.quorate.coordinator.session;

import org.jspecify.annotations.NullMarked;
