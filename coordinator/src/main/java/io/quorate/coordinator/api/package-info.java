/** The HTTPS interface: routes, roles, audit, metrics. Decides nothing about clusters. */
@NullMarked
package io.quorate.coordinator.api;

import org.jspecify.annotations.NullMarked;
