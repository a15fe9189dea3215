/** The wire: generated messages, and the only class that maps records to them. */
@NullMarked
package io.quorate.common.wire;

import org.jspecify.annotations.NullMarked;
