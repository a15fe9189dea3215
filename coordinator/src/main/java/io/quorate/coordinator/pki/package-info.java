/** The authorities that the coordinator keeps, and what they certify. */
@NullMarked
package io.quorate.coordinator.pki;

import org.jspecify.annotations.NullMarked;
