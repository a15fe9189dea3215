/**
 * Version 1 of what the coordinator says to people and scripts: immutable records whose components
 * are the JSON fields, after {@code "version": "v1"}. Ids are hex strings, times RFC 3339, sizes
 * bytes. Fields may be added, never renamed or removed.
 */
@NullMarked
package io.quorate.coordinator.api.v1;

import org.jspecify.annotations.NullMarked;
