@NullMarked
package io.quorate.coordinator.store.sqlite;

import org.jspecify.annotations.NullMarked;
