/** Quorate installed on a lab's hosts, as its users would install it. */
@NullMarked
package io.quorate.lab.fleet;

import org.jspecify.annotations.NullMarked;
