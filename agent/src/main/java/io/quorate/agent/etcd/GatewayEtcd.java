package io.quorate.agent.etcd;

import io.quorate.agent.etcd.QuorumRule.Own;
import io.quorate.agent.etcd.QuorumRule.Probe;
import io.quorate.agent.host.HostFiles;
import io.quorate.agent.host.Layout;
import io.quorate.common.error.Problem;
import io.quorate.common.model.MemberConfig;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks etcd over the JSON gateway of its client port: small questions, short deadlines, no gRPC
 * client in the agent. The member list it gives is fresh when it is asked for after a linearizable
 * read through the same member, which is the order here.
 */
public final class GatewayEtcd implements LocalEtcd {
  /** The key that etcd's own tools ask for; it need not exist. */
  private static final String READ = "{\"key\":\"aGVhbHRo\",\"limit\":\"1\"}";

  private final GatewayHttp http;

  public GatewayEtcd(HostFiles files, Layout layout) {
    this.http = new GatewayHttp(files, layout);
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
      JsonObject status = call(member, EtcdYaml.localUrl(member), "/v3/maintenance/status", "{}");
      JsonObject header = status.getJsonObject("header");
      return Optional.of(
          new Identity(
              hex(header.getString("cluster_id")),
              hex(header.getString("member_id")),
              Boolean.TRUE.equals(status.getBoolean("isLearner"))));
    } catch (IOException | DecodeException | ClassCastException | NullPointerException e) {
      return Optional.empty(); // not to answer is an ordinary state, and the unit's says more
    }
  }

  @Override
  public Optional<Problem> stopWouldCostQuorum(MemberConfig member, long uptimeSeconds) {
    String url = EtcdYaml.localUrl(member);
    Answer answer = probe(member, url);
    Optional<View> view = view(member, url, answer);
    if (view.isEmpty()) {
      // It serves, but does not tell its members: then nothing is known of the others.
      Probe probe = answer.probe == Probe.SERVING ? Probe.UNCLEAR : answer.probe;
      Own own = new Own(probe, answer.why, "", false, uptimeSeconds);
      return QuorumRule.problem(member.id(), own, List.of(), Set.of());
    }
    Own own =
        new Own(
            answer.probe,
            answer.why,
            view.get().self().memberId(),
            view.get().self().learner(),
            uptimeSeconds);
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

  private record Answer(Probe probe, String why) {}

  private Answer probe(MemberConfig member, String url) {
    try {
      GatewayHttp.Reply reply = http.post(member.id().cluster(), url + "/v3/kv/range", READ);
      if (reply.status() == 200 || authenticationAsked(reply.body())) {
        return new Answer(Probe.SERVING, "");
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

  private JsonObject call(MemberConfig member, String url, String path, String body)
      throws IOException {
    GatewayHttp.Reply reply = http.post(member.id().cluster(), url + path, body);
    if (reply.status() != 200) {
      throw new IOException(path + ": " + error(reply));
    }
    return new JsonObject(reply.body());
  }

  private List<Peer> members(MemberConfig member, String url) throws IOException {
    JsonObject list = call(member, url, "/v3/cluster/member/list", "{}");
    List<Peer> members = new ArrayList<>();
    JsonArray entries = list.getJsonArray("members", new JsonArray());
    for (int i = 0; i < entries.size(); i++) {
      JsonObject entry = entries.getJsonObject(i);
      List<String> urls =
          entry.getJsonArray("clientURLs", new JsonArray()).stream().map(Object::toString).toList();
      members.add(
          new Peer(
              hex(entry.getString("ID")),
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

  private static String hex(String decimal) {
    return Long.toHexString(Long.parseUnsignedLong(decimal));
  }
}
