/** Refusals and waits as coded values. */
@NullMarked
package io.quorate.common.error;

import org.jspecify.annotations.NullMarked;
