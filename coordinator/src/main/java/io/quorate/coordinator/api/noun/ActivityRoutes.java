package io.quorate.coordinator.api.noun;

import io.quorate.common.model.MemberName;
import io.quorate.coordinator.api.control.Activity;
import io.quorate.coordinator.api.route.Answer;
import io.quorate.coordinator.api.route.Ask;
import io.quorate.coordinator.api.route.Pause;
import io.quorate.coordinator.api.route.Route;
import io.quorate.coordinator.api.v1.ActivityView;
import io.quorate.coordinator.pki.Role;
import io.quorate.coordinator.store.Audit;
import java.util.List;
import java.util.Optional;

/** What happened: events, logs, the audit trail; and who one is. */
public final class ActivityRoutes {
  private ActivityRoutes() {}

  public static List<Route> of(Activity activity, Audit audit, String version, Pause pause) {
    Followers followers = new Followers(activity, pause);
    return List.of(
        Route.get("/v1/events")
            .role(Role.VIEWER)
            .summary("Events, oldest first; with wait it answers as soon as there is a new one")
            .query("cluster", "string", "only of this cluster")
            .query("afterId", "integer", "only those after this one")
            .query("limit", "integer", "at most so many, the newest ones; 100 unless told")
            .query("wait", "integer", "seconds to wait for one, up to 30")
            .gives(ActivityView.Events.class)
            .answers(ask -> Answer.of(followers.events(ask))),
        Route.get("/v1/clusters/{cluster}/logs")
            .role(Role.VIEWER)
            .summary("The last lines of members' logs")
            .query("member", "string", "only of this member")
            .query("lines", "integer", "so many of each, 100 unless told")
            .gives(ActivityView.Logs.class)
            .answers(ask -> logs(activity, ask)),
        Route.get("/v1/audit")
            .role(Role.VIEWER)
            .summary("The audit trail, oldest first")
            .query("afterIndex", "integer", "only entries after this one")
            .query("limit", "integer", "at most so many, 100 unless told")
            .gives(ActivityView.AuditEntries.class)
            .answers(ask -> audited(audit, ask)),
        Route.get("/v1/audit/verdict")
            .role(Role.VIEWER)
            .summary("Whether every entry of the audit trail follows from the one before")
            .gives(ActivityView.AuditVerdict.class)
            .answers(ask -> Answer.of(verdict(audit))),
        Route.get("/v1/self")
            .role(Role.VIEWER)
            .summary("Who is asking, and what answers")
            .gives(ActivityView.Self.class)
            .answers(
                ask ->
                    Answer.of(
                        new ActivityView.Self(
                            ask.caller().name(), ask.caller().role().text(), version))));
  }

  private static Answer logs(Activity activity, Ask ask) {
    Optional<String> member = ask.text("member").map(name -> MemberName.of(name).value());
    return Answer.of(
        activity.logs(ask.cluster(), member, (int) ask.number("lines", 100, 1, 10_000)));
  }

  private static Answer audited(Audit audit, Ask ask) {
    long after = ask.number("afterIndex", -1, -1, Long.MAX_VALUE);
    int limit = (int) ask.number("limit", 100, 1, 10_000);
    if (after < 0) {
      long head = audit.head().map(Audit.Entry::index).orElse(0L);
      after = Math.max(0, head - limit);
    }
    return Answer.of(
        new ActivityView.AuditEntries(
            audit.list(after, limit).stream().map(ActivityRoutes::view).toList()));
  }

  private static ActivityView.AuditEntry view(Audit.Entry entry) {
    return new ActivityView.AuditEntry(
        entry.index(),
        entry.at(),
        entry.who(),
        entry.what(),
        entry.subject(),
        entry.outcome(),
        entry.detail(),
        entry.hash());
  }

  private static ActivityView.AuditVerdict verdict(Audit audit) {
    Optional<Audit.Broken> broken = audit.verify();
    Optional<Audit.Entry> head = audit.head();
    return new ActivityView.AuditVerdict(
        broken.isEmpty(),
        head.map(Audit.Entry::index).orElse(0L),
        head.map(Audit.Entry::hash).orElse(""),
        broken.map(Audit.Broken::index),
        broken.map(Audit.Broken::why).orElse(""));
  }
}
