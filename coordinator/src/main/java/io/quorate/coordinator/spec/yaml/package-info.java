/** YAML from anybody, read with positions, in bounded time; knows nothing of clusters. */
@NullMarked
package io.quorate.coordinator.spec.yaml;

import org.jspecify.annotations.NullMarked;
