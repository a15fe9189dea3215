/** One line an event on standard error; the service manager's journal does the rest. */
@NullMarked
package io.quorate.agent.log;

import org.jspecify.annotations.NullMarked;
