package io.quorate.agent.release;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.agent.host.HostProcesses.Command;
import io.quorate.agent.host.HostProcesses.Finished;
import io.quorate.agent.host.MemoryHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** What the programs of {@link Archives#release} answer when they are run. */
public final class MemoryEtcd {
  private MemoryEtcd() {}

  public static Finished answer(MemoryHost host, Command command) {
    try {
      byte[] program = host.read(Path.of(command.arguments().getFirst()));
      String text = new String(program, 64, program.length - 64, UTF_8);
      String version = text.substring(text.indexOf(' ') + 1);
      return switch (command.arguments().get(1)) {
        case "--version" -> said("etcd Version: " + version + "\nGit SHA: none\n");
        case "--help" -> said(HELP);
        default -> new Finished(2, "", "unknown argument", false);
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Finished said(String output) {
    return new Finished(0, output, "", false);
  }

  private static final String HELP =
      """
      Member:
        --name 'default'
          Human-readable name for this member.
        --data-dir '${name}.etcd'
        --wal-dir ''
        --snapshot-count '100000'
        --heartbeat-interval '100'
        --election-timeout '1000'
        --quota-backend-bytes '0'
        --listen-peer-urls 'http://localhost:2380'
        --listen-client-urls 'http://localhost:2379'
        --initial-advertise-peer-urls 'http://localhost:2380'
        --advertise-client-urls 'http://localhost:2379'
        --initial-cluster 'default=http://localhost:2380'
        --initial-cluster-state 'new'
        --initial-cluster-token 'etcd-cluster'
        --strict-reconfig-check 'true'
        --enable-grpc-gateway 'true'
        --cert-file ''
        --key-file ''
        --client-cert-file ''
        --client-key-file ''
        --client-cert-auth 'false'
        --trusted-ca-file ''
        --peer-cert-file ''
        --peer-key-file ''
        --peer-client-cert-auth 'false'
        --peer-trusted-ca-file ''
        --logger 'zap'
        --log-outputs 'default'
        --force-new-cluster 'false'
      """;
}
