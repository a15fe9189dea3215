package io.quorate.coordinator.catalogue;

/** A file that is known by its content. */
public record Blob(String sha256, long size) {}
