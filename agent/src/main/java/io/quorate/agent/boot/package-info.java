/** What a member's cluster says about it before it is started after a boot of its host. */
@NullMarked
package io.quorate.agent.boot;

import org.jspecify.annotations.NullMarked;
