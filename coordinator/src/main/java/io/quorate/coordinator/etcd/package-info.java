/** Speaking with etcd clusters. The only package that knows an etcd client library. */
@NullMarked
package io.quorate.coordinator.etcd;

import org.jspecify.annotations.NullMarked;
