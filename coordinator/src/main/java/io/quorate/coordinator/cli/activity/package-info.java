/** What happened: logs, events, the audit trail. */
@NullMarked
package io.quorate.coordinator.cli.activity;

import org.jspecify.annotations.NullMarked;
