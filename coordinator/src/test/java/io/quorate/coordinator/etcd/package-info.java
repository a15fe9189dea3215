/** The contract of etcd clusters, kept by real etcd and by the model. */
@NullMarked
package io.quorate.coordinator.etcd;

import org.jspecify.annotations.NullMarked;
