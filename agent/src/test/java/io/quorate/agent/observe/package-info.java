@NullMarked
package io.quorate.agent.observe;

import org.jspecify.annotations.NullMarked;
