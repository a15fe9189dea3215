package io.quorate.agent.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.agent.etcd.CertificatesFound;
import io.quorate.agent.etcd.DataFound;
import io.quorate.agent.etcd.Members;
import io.quorate.agent.etcd.Stamp;
import io.quorate.agent.host.HostProcesses.ProcessFacts;
import io.quorate.agent.host.Layout;
import io.quorate.agent.release.InstalledRelease;
import io.quorate.agent.service.ServiceManager.Definedness;
import io.quorate.agent.service.ServiceManager.ServiceState;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.HostReport.UnitState;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Release;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReconcilerTest {
  private static final Instant NOW = Instant.parse("2026-11-28T07:00:00Z");
  private static final Layout LAYOUT = Layout.under(Path.of("/q"));
  private static final Release RELEASE =
      new Release(EtcdVersion.parse("3.5.30"), "amd64", "ab".repeat(32), 1000);
  private static final MemberConfig MEMBER =
      Members.one("prod", "etcd-1", Path.of("/q/data"), RELEASE, 2379, 2380);
  private static final String WANTED = Rendered.of(MEMBER, LAYOUT, false).fingerprint();

  /** Before its starter has become etcd, a process carries nothing that could be compared. */
  @Test
  void aProcessOnItsWayToEtcdIsNotRestarted() {
    Plan plan = plan(running(UnitState.STARTING, Rendered.NOT_YET), applied("another"));
    assertEquals(List.of(), plan.actions());
    assertEquals(List.of(), plan.problems());
    assertEquals(List.of(), plan.drifts());
    assertTrue(!plan.waiting().isEmpty() && !plan.settled());
  }

  @Test
  void aRestartIsAttemptedOnceForEachTimeThatItIsWanted() {
    Memory restarted = applied("before").with(Memory.Note.ATTEMPTED, WANTED + "@7:70");
    MemberState still = running(UnitState.RUNNING, "before");
    assertEquals(1, plan(still, restarted).problems().size(), "it was tried, and in vain");
    // Another document was run meanwhile, as after a rollout that went back.
    MemberState back = running(UnitState.RUNNING, WANTED);
    Memory attempted = applied(WANTED).with(Memory.Note.ATTEMPTED, "other@7:70");
    assertEquals(
        List.of(new Action.Remember(Memory.Note.APPLIED, WANTED)), plan(back, attempted).actions());
    assertEquals("", attempted.with(Memory.Note.APPLIED, WANTED).attempted());
  }

  /** Or a mended document would have to make do with what is left of the broken one's attempts. */
  @Test
  void aNewDocumentBeginsItsOwnRoundInACrashLoop() {
    MemberState between =
        new MemberState(
            running(UnitState.RUNNING, WANTED).ground(),
            running(UnitState.RUNNING, WANTED).files(),
            running(UnitState.RUNNING, WANTED).certificates(),
            running(UnitState.RUNNING, WANTED).data(),
            new MemberState.Service(
                new ServiceState(UnitState.STARTING, true, 3, Optional.empty(), 1),
                new Definedness(true, true, List.of()),
                HostReport.Running.none(),
                false));
    Plan first = plan(between, applied("before"));
    assertTrue(first.actions().contains(new Action.Restart()), first::toString);
    Memory begun = applied("before").with(Memory.Note.ATTEMPTED, WANTED + "@");
    Plan second = plan(between, begun);
    assertEquals(List.of(), second.actions());
    assertEquals("the service manager starts it again", second.waiting());
  }

  /**
   * The agent died while the one special start of a recovery was under way, and began a round for
   * the document: that was no restart of what runs now.
   */
  @Test
  void whatWasStartedSpeciallyIsRestartedThoughARoundWasBegun() {
    Memory begun = applied("").with(Memory.Note.ATTEMPTED, WANTED + "@");
    Plan plan = plan(running(UnitState.RUNNING, WANTED + "-forcing"), begun);
    assertEquals(List.of(), plan.problems());
    assertTrue(plan.actions().contains(new Action.Restart()), plan::toString);
  }

  private static Plan plan(MemberState is, Memory memory) {
    return Reconciler.plan(MEMBER, is, memory, true, LAYOUT);
  }

  private static Memory applied(String fingerprint) {
    Rendered rendered = Rendered.of(MEMBER, LAYOUT, false);
    return Memory.none()
        .with(Memory.Note.STARTED, MEMBER.data().lineage())
        .with(Memory.Note.APPLIED, fingerprint)
        .withWritten(
            DriftRule.SERVICE, io.quorate.agent.host.Sha256.of(rendered.definition().toString()));
  }

  private static MemberState running(UnitState state, String fingerprint) {
    Rendered rendered = Rendered.of(MEMBER, LAYOUT, false);
    InstalledRelease installed =
        new InstalledRelease(
            RELEASE, Path.of("/q/releases/etcd"), new TreeMap<>(Map.of("etcd", "cd")), NOW);
    return new MemberState(
        new MemberState.Ground(true, true, Optional.of(installed), List.of()),
        new MemberState.Files(
            Optional.of(rendered.configuration()),
            Optional.of(rendered.environment()),
            Optional.of(installed.directory())),
        new CertificatesFound(CertificatesFound.State.AS_WANTED, false, List.of()),
        new DataFound(
            Optional.of(new Stamp(MEMBER.data().lineage(), "prod", "etcd-1", Stamp.Phase.READY)),
            DataFound.Content.ETCD,
            DataFound.Wal.LOG,
            List.of()),
        new MemberState.Service(
            new ServiceState(state, true, 0, Optional.of(new ProcessFacts(8, 80, NOW)), 0),
            new Definedness(true, true, List.of()),
            new HostReport.Running(8, NOW, "", "", fingerprint),
            false));
  }
}
