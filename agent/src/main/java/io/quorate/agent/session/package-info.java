/**
 * The agent's end of the wire: who it is, and the link to its coordinator. It dials out and listens
 * on nothing.
 */
@NullMarked
package io.quorate.agent.session;

import org.jspecify.annotations.NullMarked;
