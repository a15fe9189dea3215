/**
 * The cluster's file: parsing, validation, positions; and what etcd's versions and settings allow.
 */
@NullMarked
package io.quorate.coordinator.spec;

import org.jspecify.annotations.NullMarked;
