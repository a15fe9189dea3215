/**
 * Looks at a stranger's archive and executables without believing or running any of it.
 * commons-compress stays here.
 */
@NullMarked
package io.quorate.coordinator.catalogue.inspect;

import org.jspecify.annotations.NullMarked;
