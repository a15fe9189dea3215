/** Release archives: fetched by digest, verified before they are unpacked, placed atomically. */
@NullMarked
package io.quorate.agent.release;

import org.jspecify.annotations.NullMarked;
