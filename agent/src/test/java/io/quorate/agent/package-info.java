@NullMarked
package io.quorate.agent;

import org.jspecify.annotations.NullMarked;
