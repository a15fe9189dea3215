/** Files of the coordinator's data directory: private, durable, of one coordinator at a time. */
@NullMarked
package io.quorate.coordinator.files;

import org.jspecify.annotations.NullMarked;
