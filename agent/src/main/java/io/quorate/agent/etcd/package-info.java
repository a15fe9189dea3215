/**
 * What is particular to etcd on one host: its configuration, data directory, certificates, health.
 */
@NullMarked
package io.quorate.agent.etcd;

import org.jspecify.annotations.NullMarked;
