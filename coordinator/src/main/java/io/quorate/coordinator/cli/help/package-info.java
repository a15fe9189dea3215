/** The catalogue of errors, completion, contexts. */
@NullMarked
package io.quorate.coordinator.cli.help;

import org.jspecify.annotations.NullMarked;
