package io.quorate.coordinator.cli;

import io.quorate.coordinator.cli.core.Globals;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** What all commands hang on. */
@Command(
    name = "quorate",
    synopsisSubcommandLabel = "COMMAND",
    description = "Keeps etcd clusters on plain Linux hosts the way their owners declared them.",
    exitCodeListHeading = "%nExit codes:%n")
final class Root {
  @Mixin private final Globals globals = new Globals();

  @SuppressWarnings("unused") // picocli looks at it
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "how to use this command")
  private boolean help;

  @SuppressWarnings("unused") // picocli looks at it
  @Option(names = "--version", versionHelp = true, description = "the version of this command line")
  private boolean version;

  Globals globals() {
    return globals;
  }
}
