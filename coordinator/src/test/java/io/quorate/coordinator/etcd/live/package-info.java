/** Real etcd processes on loopback. */
@NullMarked
package io.quorate.coordinator.etcd.live;

import org.jspecify.annotations.NullMarked;
