/** The routes, one class for each noun. */
@NullMarked
package io.quorate.coordinator.api.noun;

import org.jspecify.annotations.NullMarked;
