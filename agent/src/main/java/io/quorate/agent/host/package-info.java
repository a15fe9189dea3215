/**
 * The machine as the agent sees it: files that survive a power cut, processes, and nothing of a
 * shell.
 */
@NullMarked
package io.quorate.agent.host;

import org.jspecify.annotations.NullMarked;
