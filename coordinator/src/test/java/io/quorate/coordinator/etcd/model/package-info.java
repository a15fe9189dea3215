/**
 * Etcd clusters in memory and in virtual time: what an orchestrator can see of them and do to them,
 * with etcd's own refusals, and with data that can be lost.
 */
@NullMarked
package io.quorate.coordinator.etcd.model;

import org.jspecify.annotations.NullMarked;
