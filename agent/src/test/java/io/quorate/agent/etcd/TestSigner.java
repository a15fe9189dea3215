package io.quorate.agent.etcd;

import io.quorate.common.model.ClusterName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.pki.Authority;
import io.quorate.common.pki.CertificateRequest;
import io.quorate.common.pki.KeyAlgorithm;
import io.quorate.common.pki.Leaf;
import io.quorate.common.pki.Leaf.Usage;
import io.quorate.common.pki.Pem;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Signs as a coordinator would: two authorities for each cluster. */
public final class TestSigner implements MemberSigner {
  private static final Duration LONG = Duration.ofDays(90);
  private final Map<ClusterName, Authorities> authorities = new ConcurrentHashMap<>();
  private final InstantSource clock;
  private final List<String> addresses;
  private volatile Duration validity = LONG;
  private volatile boolean away;
  private final AtomicInteger signed = new AtomicInteger();

  private record Authorities(Authority peers, Authority clients) {}

  public TestSigner(InstantSource clock, String... addresses) {
    this.clock = clock;
    this.addresses = Arrays.asList(addresses);
  }

  public void away(boolean isAway) {
    away = isAway;
  }

  public void validity(Duration newValidity) {
    validity = newValidity;
  }

  public int signed() {
    return signed.get();
  }

  @Override
  public Signed sign(MemberConfig.Id member, Requests requests) throws IOException {
    if (away) {
      throw new IOException("the coordinator is away");
    }
    signed.incrementAndGet();
    Authorities ours = authorities.computeIfAbsent(member.cluster(), it -> create());
    return new Signed(
        leaf(ours.peers, requests.peer(), member, Usage.SERVER, Usage.CLIENT),
        leaf(ours.clients, requests.server(), member, Usage.SERVER, Usage.CLIENT),
        leaf(ours.clients, requests.agent(), member, Usage.CLIENT),
        Pem.encode(ours.peers.certificate()),
        Pem.encode(ours.clients.certificate()));
  }

  private Authorities create() {
    Duration decade = Duration.ofDays(3650);
    return new Authorities(
        Authority.create("peers", KeyAlgorithm.ECDSA_P256, decade, clock.instant()),
        Authority.create("clients", KeyAlgorithm.ECDSA_P256, decade, clock.instant()));
  }

  private String leaf(
      Authority authority, String request, MemberConfig.Id member, Usage... usages) {
    return Pem.encode(
        authority.issue(
            Leaf.of(member.member().value(), validity, usages).withNames(addresses),
            CertificateRequest.verifiedKeyFromPem(request),
            clock.instant()));
  }
}
