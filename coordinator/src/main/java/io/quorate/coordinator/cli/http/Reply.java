package io.quorate.coordinator.cli.http;

/** What came back. */
public record Reply(int status, String body) {}
