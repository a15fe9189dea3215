package io.quorate.agent.etcd;

import io.quorate.agent.etcd.QuorumRule.Own;
import io.quorate.agent.etcd.QuorumRule.Probe;
import io.quorate.agent.host.Host;
import io.quorate.agent.host.Layout;
import io.quorate.common.error.Problem;
import io.quorate.common.model.MemberConfig;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks etcd over the JSON gateway of its client port: small questions, short deadlines, no gRPC
 * client in the agent. The member list it gives is fresh when it is asked for after a linearizable
 * read through the same member, which is the order here. Where etcd's own authentication closes the
 * gateway to certificates like the agent's, etcd's health check and etcdctl answer instead.
 */
public final class GatewayEtcd implements LocalEtcd {
  /** The key that etcd's own tools ask for; it need not exist. */
  private static final String READ = "{\"key\":\"aGVhbHRo\",\"limit\":\"1\"}";

  private final GatewayHttp http;
  private final MemberListTool tool;

  /** Where an etcdctl lies that may ask this member. */
  @FunctionalInterface
  public interface Finder {
    Optional<Path> etcdctl(MemberConfig member) throws IOException;
  }

  public GatewayEtcd(Host host, Layout layout, Finder finder) {
    this.http = new GatewayHttp(host, layout);
    this.tool = new MemberListTool(host, layout, finder);
  }

  @Override
  public Optional<View> view(MemberConfig member) {
    String url = EtcdYaml.localUrl(member);
    return view(member, url, probe(member, url));
  }

  private Optional<View> view(MemberConfig member, String url, Answer answer) {
    boolean serving = answer.probe == Probe.SERVING;
    Optional<Identity> self = identity(member);
    try {
      return self.isPresent()
          ? Optional.of(new View(self.get(), serving, members(member, url)))
          : Optional.empty();
    } catch (IOException | DecodeException | ClassCastException | NullPointerException e) {
      return Optional.empty(); // as below
    }
  }

  @Override
  public Optional<Identity> identity(MemberConfig member) {
    try {
      GatewayHttp.Reply reply =
          http.post(
              member.id().cluster(), EtcdYaml.localUrl(member) + "/v3/maintenance/status", "{}");
      if (closed(reply)) {
        return Optional.of(identityByTool(member));
      }
      JsonObject status = answer("/v3/maintenance/status", reply);
      JsonObject header = status.getJsonObject("header");
      return Optional.of(
          new Identity(
              hex(header.getValue("cluster_id")),
              hex(header.getValue("member_id")),
              Boolean.TRUE.equals(status.getBoolean("isLearner"))));
    } catch (IOException | DecodeException | ClassCastException | NullPointerException e) {
      return Optional.empty(); // not to answer is an ordinary state, and the unit's says more
    }
  }

  private Identity identityByTool(MemberConfig member) throws IOException {
    JsonObject list = tool.ask(member);
    JsonObject header = list.getJsonObject("header");
    String id = hex(header.getValue("member_id"));
    return new Identity(
        hex(header.getValue("cluster_id")),
        id,
        peers(list).stream().anyMatch(peer -> peer.id().equals(id) && peer.learner()));
  }

  @Override
  public Optional<Problem> stopWouldCostQuorum(MemberConfig member, long uptimeSeconds) {
    String url = EtcdYaml.localUrl(member);
    Answer answer = probe(member, url);
    Optional<View> view = view(member, url, answer);
    boolean recovering = member.conduct().mindsRecovery();
    if (view.isEmpty()) {
      // It serves, but does not tell its members: then nothing is known of the others.
      boolean serves = answer.probe == Probe.SERVING;
      Probe probe = serves ? Probe.UNCLEAR : answer.probe;
      Own own = new Own(probe, answer.why, "", false, uptimeSeconds, recovering && !serves);
      return QuorumRule.problem(member.id(), own, List.of(), Set.of());
    }
    Own own =
        new Own(
            answer.probe,
            answer.why,
            view.get().self().memberId(),
            view.get().self().learner(),
            uptimeSeconds,
            recovering);
    return QuorumRule.problem(member.id(), own, view.get().members(), serving(member, view.get()));
  }

  /** Those of the others that serve, all asked at the same time. */
  private Set<String> serving(MemberConfig member, View view) {
    Set<String> serving = ConcurrentHashMap.newKeySet();
    List<Thread> questions = new ArrayList<>();
    for (Peer peer : view.members()) {
      if (!peer.id().equals(view.self().memberId())) {
        questions.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      for (String url : peer.clientUrls()) {
                        if (probe(member, url).probe == Probe.SERVING) {
                          serving.add(peer.id());
                          return;
                        }
                      }
                    }));
      }
    }
    for (Thread question : questions) {
      try {
        question.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Set.of();
      }
    }
    return Set.copyOf(serving);
  }

  /** Whether a linearizable read through this client URL succeeds now. */
  public boolean serves(MemberConfig member, String url) {
    return probe(member, url).probe == Probe.SERVING;
  }

  private record Answer(Probe probe, String why) {}

  private Answer probe(MemberConfig member, String url) {
    try {
      GatewayHttp.Reply reply = http.post(member.id().cluster(), url + "/v3/kv/range", READ);
      if (reply.status() == 200 || authenticationAsked(reply.body())) {
        return new Answer(Probe.SERVING, "");
      }
      if (closed(reply)) {
        // Etcd's own health check is a linearizable read, too, and is there for everybody.
        reply = http.get(member.id().cluster(), url + "/health?exclude=NOSPACE");
        if (reply.status() == 200) {
          return new Answer(Probe.SERVING, "");
        }
      }
      return new Answer(Probe.NOT_SERVING, error(reply));
    } catch (ConnectException | SocketTimeoutException e) {
      return new Answer(Probe.NOT_SERVING, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return new Answer(Probe.UNCLEAR, String.valueOf(e.getMessage()));
    }
  }

  /** Who may read is looked at only after the read has been agreed on. */
  private static boolean authenticationAsked(String body) {
    return body.contains("user name is empty")
        || body.contains("permission denied")
        || body.contains("invalid auth token");
  }

  /** With etcd's own authentication the gateway takes no certificate that has a common name. */
  private static boolean closed(GatewayHttp.Reply reply) {
    return reply.status() == 400 && reply.body().contains("CommonName of client");
  }

  private static JsonObject answer(String path, GatewayHttp.Reply reply) throws IOException {
    if (reply.status() != 200) {
      throw new IOException(path + ": " + error(reply));
    }
    return new JsonObject(reply.body());
  }

  private List<Peer> members(MemberConfig member, String url) throws IOException {
    String path = "/v3/cluster/member/list";
    GatewayHttp.Reply reply = http.post(member.id().cluster(), url + path, "{}");
    return peers(closed(reply) ? tool.ask(member) : answer(path, reply));
  }

  private static List<Peer> peers(JsonObject list) {
    List<Peer> members = new ArrayList<>();
    JsonArray entries = list.getJsonArray("members", new JsonArray());
    for (int i = 0; i < entries.size(); i++) {
      JsonObject entry = entries.getJsonObject(i);
      List<String> urls =
          entry.getJsonArray("clientURLs", new JsonArray()).stream().map(Object::toString).toList();
      members.add(
          new Peer(
              hex(entry.getValue("ID")),
              entry.getString("name", ""),
              Boolean.TRUE.equals(entry.getBoolean("isLearner")),
              urls));
    }
    return members;
  }

  private static String error(GatewayHttp.Reply reply) {
    String text = reply.body().strip();
    return "HTTP " + reply.status() + " " + (text.length() > 200 ? text.substring(0, 200) : text);
  }

  /** The gateway writes such numbers as texts, etcdctl does not. */
  private static String hex(Object decimal) {
    return Long.toHexString(Long.parseUnsignedLong(decimal.toString()));
  }
}
