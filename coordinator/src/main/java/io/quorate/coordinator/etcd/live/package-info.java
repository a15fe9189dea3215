/** Real etcd: jetcd and what it lacks. Nothing else imports an etcd client library. */
@NullMarked
package io.quorate.coordinator.etcd.live;

import org.jspecify.annotations.NullMarked;
