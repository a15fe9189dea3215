/** What machines ask: numbers, targets to scrape, health, and the API's own description. */
@NullMarked
package io.quorate.coordinator.api.machine;

import org.jspecify.annotations.NullMarked;
