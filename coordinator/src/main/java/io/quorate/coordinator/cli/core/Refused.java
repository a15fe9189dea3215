package io.quorate.coordinator.cli.core;

import io.quorate.coordinator.api.v1.ErrorView;

/** The coordinator's refusal, on its way to the one place that prints it. */
public final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ErrorView error;

  public Refused(ErrorView error) {
    super(error.code() + ": " + error.sentence());
    this.error = error;
  }

  public ErrorView error() {
    return error;
  }
}
