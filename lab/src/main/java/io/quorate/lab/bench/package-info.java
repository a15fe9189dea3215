/** What {@code bin/bench} measures. */
@NullMarked
package io.quorate.lab.bench;

import org.jspecify.annotations.NullMarked;
