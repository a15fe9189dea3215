@NullMarked
package io.quorate.agent.host;

import org.jspecify.annotations.NullMarked;
