/** The seam to etcd clusters: asking them, changing them, and what comes back. */
@NullMarked
package io.quorate.coordinator.etcd;

import org.jspecify.annotations.NullMarked;
