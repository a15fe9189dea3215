/**
 * What every command stands on: the terminal, the session with a coordinator, output, exit codes.
 */
@NullMarked
package io.quorate.coordinator.cli.core;

import org.jspecify.annotations.NullMarked;
