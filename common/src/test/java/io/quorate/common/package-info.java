@NullMarked
package io.quorate.common;

import org.jspecify.annotations.NullMarked;
