package io.quorate.coordinator.cli.help;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.cli.core.ExitCode;
import io.quorate.coordinator.cli.core.Session;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    description = "The script that completes commands: source <(quorate completion bash)")
public final class CompletionCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish")
  private String shell = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  public CompletionCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    CommandLine root = spec.root().commandLine();
    String script =
        switch (shell) {
          // zsh runs bash's completions after this script's own bashcompinit.
          case "bash", "zsh" -> AutoComplete.bash("quorate", root);
          case "fish" -> FishCompletion.of(root);
          default ->
              throw Problem.of(Code.Q1404, "completion is for bash, zsh or fish").asException();
        };
    session.output().text(script);
    return ExitCode.DONE.number();
  }
}
