package io.quorate.coordinator.cli.context;

import java.nio.file.Path;

/**
 * A coordinator under a name: where it is, the authority that vouches for it, and who we are to it.
 */
public record ServerContext(String name, String address, Path ca, Path certificate, Path key) {}
