package io.quorate.coordinator.api.control;

import io.quorate.coordinator.api.v1.OperatorView;
import io.quorate.coordinator.pki.Role;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The people and programs that may speak to the coordinator. */
public interface OperatorDesk {
  List<OperatorView> all();

  OperatorView.Credential add(
      String name, Role role, String csrPem, Optional<Duration> ttl, Caller by);

  /**
   * Ends every certificate of that name, at once. Refuses for whoever asks, so that one
   * administrator always stays.
   */
  List<OperatorView> revoke(String name, Caller by);
}
