@NullMarked
package io.quorate.agent.reconcile;

import org.jspecify.annotations.NullMarked;
