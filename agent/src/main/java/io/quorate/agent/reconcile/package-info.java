/** From the document to the host: observe, plan purely, execute, remember durably, report. */
@NullMarked
package io.quorate.agent.reconcile;

import org.jspecify.annotations.NullMarked;
