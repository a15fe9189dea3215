/** JSON, strictly: what it is, how it is read and written, and how records become it. */
@NullMarked
package io.quorate.coordinator.api.v1.codec;

import org.jspecify.annotations.NullMarked;
