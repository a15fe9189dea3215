/** Which coordinator the command line talks to, and as whom. */
@NullMarked
package io.quorate.coordinator.cli.context;

import org.jspecify.annotations.NullMarked;
