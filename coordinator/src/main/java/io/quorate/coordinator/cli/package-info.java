/** The command line: knows the API's v1 views and nothing else of the coordinator. */
@NullMarked
package io.quorate.coordinator.cli;

import org.jspecify.annotations.NullMarked;
