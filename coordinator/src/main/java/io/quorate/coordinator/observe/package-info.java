/** What is: agents' reports and etcd's own answers, brought together into one view. */
@NullMarked
package io.quorate.coordinator.observe;

import org.jspecify.annotations.NullMarked;
