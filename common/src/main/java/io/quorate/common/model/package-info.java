/**
 * What both processes say about clusters, hosts and members: immutable records, no behaviour that
 * touches the world.
 */
@NullMarked
package io.quorate.common.model;

import org.jspecify.annotations.NullMarked;
