/** Looking at clusters and changing single members. */
@NullMarked
package io.quorate.coordinator.cli.cluster;

import org.jspecify.annotations.NullMarked;
