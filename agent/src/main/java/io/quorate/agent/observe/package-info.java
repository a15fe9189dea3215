/**
 * What a host has, how busy it is, and how long its disks take to sync. OSHI stops here: only its
 * readers of {@code /proc} are used, so that no native library is loaded into the agent.
 */
@NullMarked
package io.quorate.agent.observe;

import org.jspecify.annotations.NullMarked;
