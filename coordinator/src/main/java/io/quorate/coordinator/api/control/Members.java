package io.quorate.coordinator.api.control;

import io.quorate.coordinator.api.v1.Changed;
import io.quorate.coordinator.api.v1.MoveWay;
import io.quorate.coordinator.api.v1.Requests;
import java.util.List;

/** Changes of one member, each a new revision of its cluster. */
public interface Members {
  Changed replace(String cluster, String member, Requests.Replace request, Caller by);

  Changed move(String cluster, String member, Requests.Move request, Caller by);

  /** How such a move would go, and why; it changes nothing, and refuses what a move would. */
  MoveWay way(String cluster, String member, Requests.Move request);

  Changed remove(String cluster, String member, Caller by);

  /** An empty list means all of them, one after the other. */
  Changed restart(String cluster, List<String> members, Caller by);

  /** An empty list means all of them. */
  Changed rotateCertificates(String cluster, List<String> members, Caller by);
}
