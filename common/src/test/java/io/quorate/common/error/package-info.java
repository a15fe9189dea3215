@NullMarked
package io.quorate.common.error;

import org.jspecify.annotations.NullMarked;
