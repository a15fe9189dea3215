package io.quorate.coordinator.cli;

import io.quorate.coordinator.cli.activity.AuditCommand;
import io.quorate.coordinator.cli.activity.EventsCommand;
import io.quorate.coordinator.cli.activity.LogsCommand;
import io.quorate.coordinator.cli.backup.RecoverCommand;
import io.quorate.coordinator.cli.backup.SnapshotCommand;
import io.quorate.coordinator.cli.change.ApplyCommand;
import io.quorate.coordinator.cli.change.CheckCommand;
import io.quorate.coordinator.cli.change.DeleteCommand;
import io.quorate.coordinator.cli.change.FileCommand;
import io.quorate.coordinator.cli.change.PlanCommand;
import io.quorate.coordinator.cli.change.ValidateCommand;
import io.quorate.coordinator.cli.cluster.CertsCommand;
import io.quorate.coordinator.cli.cluster.ClientCertCommand;
import io.quorate.coordinator.cli.cluster.EnvCommand;
import io.quorate.coordinator.cli.cluster.MemberCommand;
import io.quorate.coordinator.cli.cluster.RestartCommand;
import io.quorate.coordinator.cli.cluster.RolloutCommand;
import io.quorate.coordinator.cli.cluster.StatusCommand;
import io.quorate.coordinator.cli.core.Session;
import io.quorate.coordinator.cli.fleet.HostCommand;
import io.quorate.coordinator.cli.fleet.OperatorCommand;
import io.quorate.coordinator.cli.fleet.ReleaseCommand;
import io.quorate.coordinator.cli.help.CompletionCommand;
import io.quorate.coordinator.cli.help.ContextCommand;
import io.quorate.coordinator.cli.help.ExplainCommand;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Every command by its name, in the order of the help; made only when it is wanted. */
final class Commands {
  private static final Map<String, Function<Session, Object>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("release", ReleaseCommand::new);
    ALL.put("host", HostCommand::new);
    ALL.put("operator", OperatorCommand::new);
    ALL.put("validate", ValidateCommand::new);
    ALL.put("check", CheckCommand::new);
    ALL.put("plan", PlanCommand::new);
    ALL.put("apply", ApplyCommand::new);
    ALL.put("file", FileCommand::new);
    ALL.put("status", StatusCommand::new);
    ALL.put("rollout", RolloutCommand::new);
    ALL.put("member", MemberCommand::new);
    ALL.put("restart", RestartCommand::new);
    ALL.put("certs", CertsCommand::new);
    ALL.put("snapshot", SnapshotCommand::new);
    ALL.put("recover", RecoverCommand::new);
    ALL.put("client-cert", ClientCertCommand::new);
    ALL.put("env", EnvCommand::new);
    ALL.put("logs", LogsCommand::new);
    ALL.put("events", EventsCommand::new);
    ALL.put("audit", AuditCommand::new);
    ALL.put("delete", DeleteCommand::new);
    ALL.put("context", ContextCommand::new);
    ALL.put("explain", ExplainCommand::new);
    ALL.put("completion", CompletionCommand::new);
  }

  private Commands() {}

  static Map<String, Function<Session, Object>> all() {
    return ALL;
  }
}
