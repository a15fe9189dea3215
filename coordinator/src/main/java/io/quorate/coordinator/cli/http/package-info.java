/** A small HTTPS client: the command line must start and answer within a fraction of a second. */
@NullMarked
package io.quorate.coordinator.cli.http;

import org.jspecify.annotations.NullMarked;
