package io.quorate.coordinator.api.control;

import io.quorate.coordinator.api.v1.ActivityView;
import java.util.List;
import java.util.Optional;

/** What happened. */
public interface Activity {
  /**
   * Oldest first, those after the given id; at most {@code limit}, the newest ones when there are
   * more. Cheap: it is asked twice a second for each one who follows.
   */
  List<ActivityView.Event> events(Optional<String> cluster, long afterId, int limit);

  /** The last lines of one member's log, or of every member's. */
  ActivityView.Logs logs(String cluster, Optional<String> member, int lines);
}
