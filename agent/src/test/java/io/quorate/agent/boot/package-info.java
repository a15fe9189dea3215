@NullMarked
package io.quorate.agent.boot;

import org.jspecify.annotations.NullMarked;
