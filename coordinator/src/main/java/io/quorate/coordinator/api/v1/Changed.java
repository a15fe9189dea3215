package io.quorate.coordinator.api.v1;

import java.util.Optional;

/**
 * What a change led to: the cluster's revision now, and the rollout that brings it about. {@code
 * changed} is false, and there is no rollout, when everything was already as asked.
 */
public record Changed(String cluster, boolean changed, long revision, Optional<Long> rollout) {}
