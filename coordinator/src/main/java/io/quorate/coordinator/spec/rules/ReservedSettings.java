package io.quorate.coordinator.spec.rules;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Etcd's settings that a cluster's file may not hold, and why: Quorate derives them, or they would
 * break a promise, or etcd would silently ignore them.
 */
final class ReservedSettings {
  private static final Reason STRUCTURE =
      new Reason(
          "is derived from the members of the file",
          "use members, ports and paths of the file instead");
  private static final Reason TLS =
      new Reason(
          "is Quorate's: it makes and renews every certificate",
          "use certificates of the file for names, key type and validity");
  private static final Reason UNSAFE =
      new Reason(
          "can cost data or quorum, and is never taken from a file",
          "after a lost quorum use: quorate recover CLUSTER");
  private static final Reason LEGACY =
      new Reason("belongs to etcd's version 2, which blocks every later upgrade", "leave it out");
  private static final Reason LOGS =
      new Reason(
          "is Quorate's: etcd logs to the service manager", "read them with: quorate logs CLUSTER");
  private static final Reason DISCOVERY =
      new Reason("is not needed: members find each other by the file", "leave it out");
  private static final Reason IGNORED =
      new Reason(
          "is silently ignored by etcd in its configuration file, which is how Quorate configures it",
          "leave it out");
  private static final Reason GATEWAY =
      new Reason("is Quorate's: a host asks its own etcd through the gateway", "leave it out");
  private static final Reason ONE_MEMBER =
      new Reason("would have to differ for each member", "leave it out");

  private static final Map<String, Reason> REASONS = reasons();

  private record Reason(String why, String remedy) {}

  private ReservedSettings() {}

  static Set<String> names() {
    return REASONS.keySet();
  }

  static Optional<Problem> refusal(String name) {
    return Optional.ofNullable(REASONS.get(name))
        .map(
            reason ->
                Problem.of(Code.Q1010, "etcd's setting '%s' %s".formatted(name, reason.why))
                    .withRemedy(reason.remedy));
  }

  private static Map<String, Reason> reasons() {
    Map<String, Reason> reasons = new TreeMap<>();
    put(reasons, STRUCTURE, "name", "data-dir", "wal-dir", "config-file");
    put(reasons, STRUCTURE, "listen-peer-urls", "listen-client-urls", "listen-client-http-urls");
    put(reasons, STRUCTURE, "listen-metrics-urls", "advertise-client-urls");
    put(reasons, STRUCTURE, "initial-advertise-peer-urls", "initial-cluster");
    put(reasons, STRUCTURE, "initial-cluster-state", "initial-cluster-token");
    put(reasons, TLS, "cert-file", "key-file", "client-cert-auth", "client-cert-file");
    put(reasons, TLS, "client-key-file", "client-crl-file", "client-cert-allowed-hostname");
    put(reasons, TLS, "trusted-ca-file", "auto-tls", "peer-cert-file", "peer-key-file");
    put(reasons, TLS, "peer-client-cert-auth", "peer-client-cert-file", "peer-client-key-file");
    put(reasons, TLS, "peer-trusted-ca-file", "peer-cert-allowed-cn", "peer-crl-file");
    put(reasons, TLS, "peer-cert-allowed-hostname", "peer-auto-tls", "cipher-suites");
    put(reasons, TLS, "self-signed-cert-validity", "peer-skip-client-san-verification");
    put(reasons, TLS, "experimental-peer-skip-client-san-verification");
    put(reasons, TLS, "client-transport-security", "peer-transport-security");
    put(reasons, UNSAFE, "force-new-cluster", "force-new-cluster-bump-amount", "unsafe-no-fsync");
    put(reasons, UNSAFE, "strict-reconfig-check", "next-cluster-version-compatible");
    put(reasons, UNSAFE, "v2-deprecation", "socket-reuse-port");
    put(reasons, LEGACY, "enable-v2", "experimental-enable-v2v3", "proxy", "proxy-failure-wait");
    put(reasons, LEGACY, "proxy-refresh-interval", "proxy-dial-timeout", "proxy-write-timeout");
    put(reasons, LEGACY, "proxy-read-timeout");
    put(reasons, LOGS, "logger", "log-output", "log-outputs", "log-package-levels", "debug");
    put(reasons, LOGS, "enable-log-rotation", "log-rotation-config-json");
    put(reasons, DISCOVERY, "discovery", "discovery-proxy", "discovery-fallback");
    put(reasons, DISCOVERY, "discovery-srv", "discovery-srv-name", "discovery-token");
    put(reasons, DISCOVERY, "discovery-endpoints", "discovery-dial-timeout", "discovery-user");
    put(reasons, DISCOVERY, "discovery-request-timeout", "discovery-keepalive-time");
    put(reasons, DISCOVERY, "discovery-keepalive-timeout", "discovery-insecure-transport");
    put(reasons, DISCOVERY, "discovery-insecure-skip-tls-verify", "discovery-cert");
    put(reasons, DISCOVERY, "discovery-key", "discovery-cacert", "discovery-password");
    put(reasons, IGNORED, "raft-read-timeout", "raft-write-timeout", "socket-reuse-address");
    put(reasons, GATEWAY, "enable-grpc-gateway");
    put(reasons, ONE_MEMBER, "distributed-tracing-instance-id");
    put(reasons, ONE_MEMBER, "experimental-distributed-tracing-instance-id");
    return Map.copyOf(reasons);
  }

  private static void put(Map<String, Reason> reasons, Reason reason, String... names) {
    List.of(names).forEach(name -> reasons.put(name, reason));
  }
}
