package io.quorate.agent.etcd;

import io.quorate.agent.host.HostProcesses;
import io.quorate.agent.host.HostProcesses.Command;
import io.quorate.agent.host.HostProcesses.Finished;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether an etcd knows all of its settings. In a configuration file it ignores what it does not
 * know, silently; given as a flag it refuses, also when all that is asked of it is its version. So
 * it is asked for its version with every setting as a flag. (Its help text names only a part of
 * what it knows.)
 */
public final class FlagCheck {
  private static final Pattern UNKNOWN = Pattern.compile("not defined: -{1,2}([A-Za-z0-9-]+)");
  private static final Pattern INVALID =
      Pattern.compile("invalid (?:boolean )?value (.{0,200}) for (?:flag )?-{1,2}([A-Za-z0-9-]+)");

  private final HostProcesses host;
  private final Map<String, Optional<Problem>> answers = new ConcurrentHashMap<>();

  public FlagCheck(HostProcesses host) {
    this.host = host;
  }

  /** Empty when it knows them all. Asked once for each executable and set of flags. */
  public Optional<Problem> problem(Path etcd, String sha256, List<String> flags)
      throws IOException {
    String question = sha256 + String.join("\n", flags);
    Optional<Problem> known = answers.get(question);
    if (known != null) {
      return known;
    }
    List<String> arguments = new ArrayList<>();
    arguments.add(etcd.toString());
    arguments.addAll(flags);
    arguments.add("--version");
    Finished said =
        host.run(
            new Command(
                arguments, Map.of("ETCD_UNSUPPORTED_ARCH", "arm64"), Duration.ofSeconds(20)));
    Optional<Problem> answer = said.succeeded() ? Optional.empty() : Optional.of(problem(said));
    answers.put(question, answer);
    return answer;
  }

  private static Problem problem(Finished said) {
    String text = said.errors() + said.output();
    Matcher unknown = UNKNOWN.matcher(text);
    if (unknown.find()) {
      return Problem.of(Code.Q2016, "this etcd does not know '%s'".formatted(unknown.group(1)))
          .withRemedy("remove the setting, or choose a version that knows it");
    }
    Matcher invalid = INVALID.matcher(text);
    if (invalid.find()) {
      return Problem.of(
              Code.Q2016,
              "this etcd does not take %s for '%s'".formatted(invalid.group(1), invalid.group(2)))
          .withRemedy("correct the setting");
    }
    return Problem.of(Code.Q2016, "this etcd refuses its settings: " + said.lastWords());
  }
}
