@NullMarked
package io.quorate.agent.converge;

import org.jspecify.annotations.NullMarked;
