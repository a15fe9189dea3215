/** The deciding side of Quorate, and its command line. */
@NullMarked
package io.quorate.coordinator;

import org.jspecify.annotations.NullMarked;
