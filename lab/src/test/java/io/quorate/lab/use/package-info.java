/** Quorate as a person uses it, with the real programs on this machine's loopback, without root. */
@NullMarked
package io.quorate.lab.use;

import org.jspecify.annotations.NullMarked;
