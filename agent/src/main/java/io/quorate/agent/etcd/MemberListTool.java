package io.quorate.agent.etcd;

import io.quorate.agent.host.Host;
import io.quorate.agent.host.HostProcesses.Command;
import io.quorate.agent.host.HostProcesses.Finished;
import io.quorate.agent.host.Layout;
import io.quorate.common.model.MemberConfig;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The member list as etcdctl tells it. Where etcd's own authentication is enabled, the gateway
 * serves nobody whose certificate has a common name; over gRPC the list is there for everybody.
 */
final class MemberListTool {
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private final Host host;
  private final Layout layout;
  private final GatewayEtcd.Finder finder;

  MemberListTool(Host host, Layout layout, GatewayEtcd.Finder finder) {
    this.host = host;
    this.layout = layout;
    this.finder = finder;
  }

  /** As the gateway would say it, but for numbers that are not written as texts. */
  JsonObject ask(MemberConfig member) throws IOException {
    Path program =
        finder.etcdctl(member).orElseThrow(() -> new IOException("no release here has an etcdctl"));
    Path tls = layout.tls(member.id().cluster());
    Finished finished =
        host.run(
            new Command(
                List.of(
                    program.toString(),
                    "--endpoints=" + EtcdYaml.localUrl(member),
                    "--cacert=" + tls.resolve("client-ca.crt"),
                    "--cert=" + tls.resolve("agent.crt"),
                    "--key=" + tls.resolve("agent.key"),
                    "--dial-timeout=2s",
                    "--command-timeout=3s",
                    "member",
                    "list",
                    "--write-out=json"),
                Map.of("ETCDCTL_API", "3"),
                PATIENCE));
    if (!finished.succeeded()) {
      throw new IOException("etcdctl member list: " + finished.lastWords());
    }
    try {
      return new JsonObject(finished.output().strip());
    } catch (DecodeException e) {
      throw new IOException("etcdctl member list: " + e.getMessage(), e);
    }
  }
}
