package io.quorate.agent.boot;

import io.quorate.agent.boot.Membership.Listed;
import io.quorate.agent.etcd.GatewayEtcd;
import io.quorate.agent.etcd.GatewayHttp;
import io.quorate.agent.host.HostFiles;
import io.quorate.agent.host.Layout;
import io.quorate.common.model.MemberConfig;
import io.vertx.core.json.DecodeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * At the peer ports, under the members' own certificates. Where etcd runs it lists its members
 * there, also without a quorum; where an agent waits, it answers in its place, under a path of its
 * own, so that no etcd takes it for one.
 */
public final class TlsPeers implements Peers {
  private static final String OF_ETCD = "/members";
  static final String OF_AGENT = "/quorate/members";

  private final GatewayHttp http;
  private final GatewayEtcd etcd;

  public TlsPeers(HostFiles files, Layout layout, GatewayEtcd etcd) {
    this.http = new GatewayHttp(files, layout);
    this.etcd = etcd;
  }

  @Override
  public Map<String, Answer> ask(MemberConfig member, Membership known) {
    Map<String, Answer> answers = new ConcurrentHashMap<>();
    List<Thread> questions = new ArrayList<>();
    for (Listed other : known.members()) {
      if (!other.isAt(member.endpoints().peerUrl())) {
        questions.add(Thread.ofVirtual().start(() -> ask(member, other, answers)));
      }
    }
    for (Thread question : questions) {
      try {
        question.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return new HashMap<>(answers);
  }

  private void ask(MemberConfig member, Listed other, Map<String, Answer> answers) {
    for (String url : other.peerUrls()) {
      // In this order: a list that follows a linearizable read is fresh.
      boolean serving = clientUrls(member, other, url).anyMatch(c -> etcd.serves(member, c));
      Optional<Membership> running = list(member, url + OF_ETCD);
      if (running.isPresent()) {
        answers.put(url, new Answer(running.get(), serving));
        return;
      }
      Optional<Membership> waiting = list(member, url + OF_AGENT);
      if (waiting.isPresent()) {
        answers.put(url, new Answer(waiting.get(), false));
        return;
      }
    }
  }

  /** Whoever has just joined may have kept nothing yet but where its peers are. */
  private Stream<String> clientUrls(MemberConfig member, Listed other, String peerUrl) {
    if (!other.clientUrls().isEmpty()) {
      return other.clientUrls().stream();
    }
    return list(member, peerUrl + OF_ETCD).flatMap(list -> list.at(peerUrl)).stream()
        .flatMap(listed -> listed.clientUrls().stream());
  }

  @Override
  public Optional<Membership> own(MemberConfig member) {
    return list(member, member.endpoints().peerUrl() + OF_ETCD);
  }

  private Optional<Membership> list(MemberConfig member, String url) {
    try {
      GatewayHttp.Reply reply = http.getAsPeer(member.id().cluster(), url);
      return reply.status() == 200
          ? Optional.of(Membership.fromJson(reply.clusterId(), reply.body()))
          : Optional.empty();
    } catch (IOException | DecodeException e) {
      return Optional.empty(); // silence is an answer here, and the rule says what it means
    }
  }

  @Override
  public Door open(MemberConfig member, Supplier<Membership> known) throws IOException {
    return TlsDoor.open(http.context(member.id().cluster(), GatewayHttp.Use.PEER), member, known);
  }
}
