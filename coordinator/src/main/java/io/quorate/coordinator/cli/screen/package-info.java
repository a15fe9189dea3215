/** What people see: tables, sizes and times in words, colours that never carry meaning alone. */
@NullMarked
package io.quorate.coordinator.cli.screen;

import org.jspecify.annotations.NullMarked;
