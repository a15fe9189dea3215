/** Several real hosts on one machine. */
@NullMarked
package io.quorate.lab;

import org.jspecify.annotations.NullMarked;
