/** Settings of the daemons: defaults, file, environment, flags. */
@NullMarked
package io.quorate.common.config;

import org.jspecify.annotations.NullMarked;
