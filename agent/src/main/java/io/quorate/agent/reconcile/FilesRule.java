package io.quorate.agent.reconcile;

import io.quorate.agent.host.Sha256;
import io.quorate.common.model.MemberConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is rendered from a document and differs on the host is written anew, unless somebody edited
 * it and drift is only reported. The environment, which names all the others, comes last.
 */
final class FilesRule {
  private FilesRule() {}

  static List<Action> differing(
      MemberConfig member, MemberState is, Memory memory, Rendered wanted, boolean forced) {
    List<Action> actions = new ArrayList<>();
    boolean repair = member.conduct().drift() == MemberConfig.Drift.REPAIR;
    boolean newDefinition =
        !Sha256.of(wanted.definition().toString()).equals(memory.written().get(DriftRule.SERVICE));
    if (!is.service().definedness().asWanted() && (newDefinition || repair)) {
      actions.add(new Action.DefineService());
    }
    Optional<String> configuration = is.files().configuration();
    if (toWrite(member, memory, DriftRule.CONFIGURATION, configuration, wanted.configuration())) {
      actions.add(new Action.WriteConfiguration(forced));
    }
    Path directory = is.ground().release().orElseThrow().directory();
    Optional<String> release = is.files().release().map(Object::toString);
    if (toWrite(member, memory, DriftRule.RELEASE, release, directory.toString())) {
      actions.add(new Action.SwitchRelease(directory));
    }
    Optional<String> environment = is.files().environment();
    if (toWrite(member, memory, DriftRule.ENVIRONMENT, environment, wanted.environment())) {
      actions.add(new Action.WriteEnvironment(forced));
    }
    return actions;
  }

  /** Whether a file differs from the document for any reason that lets the agent write it. */
  private static boolean toWrite(
      MemberConfig member, Memory memory, String what, Optional<String> found, String wanted) {
    if (found.equals(Optional.of(wanted))) {
      return false;
    }
    boolean documentChanged = !Sha256.of(wanted).equals(memory.written().get(what));
    return documentChanged || member.conduct().drift() == MemberConfig.Drift.REPAIR;
  }
}
