/**
 * The agent at work: look, plan, act, remember durably, report; one member at a time, and none that
 * blocks another.
 */
@NullMarked
package io.quorate.agent.converge;

import org.jspecify.annotations.NullMarked;
