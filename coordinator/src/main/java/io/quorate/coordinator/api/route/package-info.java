/** What a route is, and what every route is held to: identity, role, audit, limits. */
@NullMarked
package io.quorate.coordinator.api.route;

import org.jspecify.annotations.NullMarked;
