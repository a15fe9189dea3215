package io.quorate.agent.reconcile;

import io.quorate.agent.etcd.CertificatesFound;
import io.quorate.agent.host.Sha256;
import io.quorate.common.model.HostReport.UnitState;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What somebody else has changed. A difference from what the document asks for is not drift; a
 * difference from what this agent last wrote is. Files are put right by the next plan, where the
 * document lets it; a process that runs is never restarted for drift: that is its coordinator's
 * decision, and comes as a new document.
 */
final class DriftRule {
  static final String CONFIGURATION = "etcd.yaml";
  static final String ENVIRONMENT = "quorate.env";
  static final String RELEASE = "release";
  static final String SERVICE = "service";
  static final String ENABLED = "enabled";

  private DriftRule() {}

  static List<Plan.Drift> find(
      MemberConfig member, MemberState is, Memory memory, Rendered wanted, Rendered forcing) {
    boolean repaired = member.conduct().drift() == MemberConfig.Drift.REPAIR;
    List<Plan.Drift> drifts = new ArrayList<>();
    MemberState.Files files = is.files();
    List<String> configurations = List.of(wanted.configuration());
    List<String> environments = List.of(wanted.environment());
    if (member.data().seed() instanceof Seed.Forced) {
      // For its one special start it is written otherwise, and then again as it is to stay.
      configurations = List.of(wanted.configuration(), forcing.configuration());
      environments = List.of(wanted.environment(), forcing.environment());
    }
    text(drifts, CONFIGURATION, files.configuration(), configurations, memory, repaired);
    text(drifts, ENVIRONMENT, files.environment(), environments, memory, repaired);
    text(
        drifts,
        RELEASE,
        files.release().map(Object::toString),
        is.ground().release().map(it -> it.directory().toString()).stream().toList(),
        memory,
        repaired);
    if (is.certificates().state() == CertificatesFound.State.DAMAGED
        || (is.certificates().state() == CertificatesFound.State.NONE
            && !memory.applied().isEmpty())) {
      drifts.add(new Plan.Drift("certificates", "missing, changed, or open to others", repaired));
    }
    service(drifts, is, memory, wanted, repaired);
    process(drifts, is, memory, wanted);
    return drifts;
  }

  private static void text(
      List<Plan.Drift> drifts,
      String what,
      Optional<String> found,
      List<String> wanted,
      Memory memory,
      boolean repaired) {
    String written = memory.written().get(what);
    // What is as wanted was written just before the agent was killed.
    if (written != null
        && found.filter(wanted::contains).isEmpty()
        && !found.map(Sha256::of).equals(Optional.of(written))) {
      drifts.add(new Plan.Drift(what, found.isEmpty() ? "missing" : "edited", repaired));
    }
  }

  private static void service(
      List<Plan.Drift> drifts, MemberState is, Memory memory, Rendered wanted, boolean repaired) {
    String written = memory.written().get(SERVICE);
    boolean same = Sha256.of(wanted.definition().toString()).equals(written);
    if (same && !is.service().definedness().asWanted()) {
      drifts.add(new Plan.Drift(SERVICE, "its definition was edited", repaired));
    }
    for (String addition : is.service().definedness().additions()) {
      drifts.add(new Plan.Drift(SERVICE, "added to by " + addition, false));
    }
    if (memory.written().containsKey(ENABLED) && !is.service().state().enabled()) {
      drifts.add(new Plan.Drift(SERVICE, "disabled", repaired));
    }
    boolean stopped =
        is.service().state().state() == UnitState.STOPPED
            && is.service().state().exitCode() != 0
            && memory.applied().equals(wanted.fingerprint());
    if (stopped) {
      drifts.add(new Plan.Drift(SERVICE, "stopped", repaired));
    }
  }

  private static void process(
      List<Plan.Drift> drifts, MemberState is, Memory memory, Rendered wanted) {
    if (!is.service().runs()) {
      return;
    }
    String fingerprint = is.service().running().fingerprint();
    if (fingerprint.equals(Rendered.NOT_YET) || fingerprint.equals(Rendered.UNREADABLE)) {
      return;
    }
    boolean applied = memory.applied().equals(wanted.fingerprint());
    if (applied && !fingerprint.equals(wanted.fingerprint())) {
      drifts.add(new Plan.Drift("process", "started from something else", false));
    }
    String executable = is.service().running().executableSha256();
    Optional<String> released = is.ground().release().map(it -> it.etcdSha256());
    if (applied
        && fingerprint.equals(wanted.fingerprint())
        && !executable.isEmpty()
        && released.isPresent()
        && !released.get().equals(executable)) {
      drifts.add(new Plan.Drift("process", "its executable is not the release's", false));
    }
  }
}
