package io.quorate.agent.etcd;

import io.quorate.agent.host.Layout;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The configuration file of one member, complete: with a file, etcd takes nothing from flags or the
 * environment.
 *
 * <p>Everything about names, addresses, directories and certificates is derived here. Of the
 * document's settings, those that would overrule one of these, or give up a promise, are refused
 * whatever the coordinator says. What is left is rendered by its type alone: texts quoted, spans as
 * integer nanoseconds.
 */
public final class EtcdYaml {
  private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9-]{1,80}");

  /** Against one more promise each: data, quorum, identity, secrecy. */
  private static final Set<String> NEVER =
      Set.of(
          "unsafe-no-fsync",
          "force-new-cluster",
          "force-new-cluster-bump-amount",
          "next-cluster-version-compatible",
          "strict-reconfig-check",
          "auto-tls",
          "peer-auto-tls",
          "proxy",
          "enable-v2",
          "experimental-enable-v2v3",
          "v2-deprecation",
          "config-file",
          "socket-reuse-port",
          "client-transport-security",
          "peer-transport-security",
          "discovery",
          "discovery-srv",
          "discovery-token",
          "discovery-endpoints",
          "listen-metrics-urls",
          "listen-client-http-urls");

  private final MemberConfig member;
  private final Layout layout;
  private final boolean forceNewCluster;

  public EtcdYaml(MemberConfig member, Layout layout, boolean forceNewCluster) {
    this.member = member;
    this.layout = layout;
    this.forceNewCluster = forceNewCluster;
  }

  /** The address at which this host's own programs reach the member. */
  public static String localUrl(MemberConfig member) {
    MemberConfig.Endpoints endpoints = member.endpoints();
    return loopback(endpoints.address())
        ? endpoints.clientUrl()
        : "https://127.0.0.1:" + endpoints.clientPort();
  }

  /** The text of the file. */
  public String render() {
    StringBuilder yaml = new StringBuilder("# Written by Quorate; edits are put back.\n");
    structure().forEach((key, value) -> line(yaml, "", key, value));
    settings().forEach((key, value) -> line(yaml, "", key, value));
    security(yaml, "client-transport-security", "server", "client-ca.crt");
    security(yaml, "peer-transport-security", "peer", "peer-ca.crt");
    return yaml.toString();
  }

  /** The same as flags, to have this version's own etcd say whether it knows them. */
  public List<String> flags() {
    List<String> flags = new ArrayList<>();
    structure().forEach((key, value) -> flags.add("--" + key + "=" + value));
    settings().forEach((key, value) -> flags.add("--" + key + "=" + value));
    flags.add("--client-cert-auth=true");
    flags.add("--peer-client-cert-auth=true");
    return flags;
  }

  private Map<String, Setting> structure() {
    MemberConfig.Endpoints endpoints = member.endpoints();
    DataPlaces places = DataPlaces.of(member, layout);
    Map<String, Setting> keys = new LinkedHashMap<>();
    text(keys, "name", member.id().member().value());
    text(keys, "data-dir", places.data().toString());
    text(keys, "wal-dir", places.wal().toString());
    text(keys, "listen-peer-urls", listen(endpoints.peerUrl(), endpoints.peerPort()));
    text(keys, "listen-client-urls", listenForClients());
    text(keys, "advertise-client-urls", endpoints.clientUrl());
    text(keys, "initial-advertise-peer-urls", endpoints.peerUrl());
    text(
        keys,
        "initial-cluster",
        member.formation().initialMembers().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining(",")));
    text(keys, "initial-cluster-state", member.formation().joinsExisting() ? "existing" : "new");
    text(keys, "initial-cluster-token", member.formation().token());
    keys.put("strict-reconfig-check", new Setting.Truth(true));
    // Off by default where a file is used. The agent asks its own etcd through it.
    keys.put("enable-grpc-gateway", new Setting.Truth(true));
    text(keys, "logger", "zap");
    keys.put("log-outputs", new Setting.Text("stderr"));
    if (forceNewCluster) {
      keys.put("force-new-cluster", new Setting.Truth(true));
    }
    return keys;
  }

  private SortedMap<String, Setting> settings() {
    SortedMap<String, Setting> settings = new TreeMap<>(member.settings());
    Set<String> derived = structure().keySet();
    for (Map.Entry<String, Setting> entry : settings.entrySet()) {
      String key = entry.getKey();
      boolean certificates = key.endsWith("-file") || key.contains("cert-a");
      if (!KEY.matcher(key).matches()
          || NEVER.contains(key)
          || derived.contains(key)
          || certificates) {
        throw Problem.of(
                Code.Q1010,
                "this host takes no setting '%s' from a document"
                    .formatted(key.replaceAll("[^a-z0-9-]", "?")))
            .asException();
      }
    }
    return settings;
  }

  private String listenForClients() {
    MemberConfig.Endpoints endpoints = member.endpoints();
    String own = listen(endpoints.clientUrl(), endpoints.clientPort());
    boolean everywhere = !own.equals(endpoints.clientUrl());
    return everywhere || loopback(endpoints.address())
        ? own
        : own + ",https://127.0.0.1:" + endpoints.clientPort();
  }

  /** etcd listens on addresses only; a member that is known by a name listens on all. */
  private String listen(String url, int port) {
    String address = member.endpoints().address();
    boolean number = address.contains(":") || address.matches("[0-9.]+");
    return number ? url : "https://0.0.0.0:" + port;
  }

  private static boolean loopback(String address) {
    return address.startsWith("127.") || address.equals("::1") || address.equals("localhost");
  }

  private void security(StringBuilder yaml, String key, String use, String authority) {
    ClusterName cluster = member.id().cluster();
    yaml.append(key).append(":\n");
    line(yaml, "  ", "cert-file", tls(cluster, use + ".crt"));
    line(yaml, "  ", "key-file", tls(cluster, use + ".key"));
    line(yaml, "  ", "trusted-ca-file", tls(cluster, authority));
    line(yaml, "  ", "client-cert-auth", new Setting.Truth(true));
  }

  private Setting tls(ClusterName cluster, String file) {
    return new Setting.Text(layout.tls(cluster).resolve(file).toString());
  }

  private static void text(Map<String, Setting> keys, String key, String value) {
    keys.put(key, new Setting.Text(value));
  }

  private static void line(StringBuilder yaml, String indent, String key, Setting value) {
    String rendered =
        switch (value) {
          case Setting.Text text ->
              key.equals("log-outputs") ? "[" + quoted(text.value()) + "]" : quoted(text.value());
          case Setting.Whole whole -> Long.toString(whole.value());
          case Setting.Truth truth -> Boolean.toString(truth.value());
          case Setting.Span span -> Long.toString(span.value().toNanos());
        };
    yaml.append(indent).append(key).append(": ").append(rendered).append('\n');
  }

  private static String quoted(String text) {
    if (text.chars().anyMatch(c -> c < ' ' || c == 0x7f || c == 0x85 || c == 0x2028 || c == 0x2029)
        || text.length() > 4096) {
      throw Problem.of(Code.Q1007, "a setting holds a control character, or is far too long")
          .asException();
    }
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
