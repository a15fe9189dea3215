/** The command line, against a real API over TLS with fixed views behind it. */
@NullMarked
package io.quorate.coordinator.cli;

import org.jspecify.annotations.NullMarked;
