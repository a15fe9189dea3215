@NullMarked
package io.quorate.agent.operate;

import org.jspecify.annotations.NullMarked;
