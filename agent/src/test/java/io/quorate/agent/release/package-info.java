@NullMarked
package io.quorate.agent.release;

import org.jspecify.annotations.NullMarked;
