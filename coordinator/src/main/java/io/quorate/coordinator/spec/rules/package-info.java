/**
 * What etcd itself allows: its settings by version, the legal ways from one version to another.
 * Tables, and pure functions over them.
 */
@NullMarked
package io.quorate.coordinator.spec.rules;

import org.jspecify.annotations.NullMarked;
