/** What cannot be said as a state: snapshots, exports, drills, checks, logs. */
@NullMarked
package io.quorate.agent.operate;

import org.jspecify.annotations.NullMarked;
