package io.quorate.coordinator.etcd.live;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.coordinator.etcd.EtcdAdminContract;
import io.quorate.coordinator.etcd.EtcdFixture;
import io.quorate.coordinator.etcd.EtcdResult;
import io.quorate.coordinator.etcd.EtcdResult.Refused;
import io.quorate.coordinator.etcd.Refusal;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.EtcdView.Endpoint;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract on real etcd under mutual TLS, and what TLS adds to it. */
final class LiveEtcdTlsTest extends EtcdAdminContract {
  private static final Deadlines PATIENT =
      new Deadlines(Duration.ofSeconds(10), Duration.ofSeconds(10));

  private final TestAuthority authority = new TestAuthority("etcd");

  @Override
  protected EtcdFixture open() {
    return new LoopbackFixture(Deadlines.DEFAULT, authority);
  }

  @Test
  void newMaterialTakesEffectAtOnceAndWrongMaterialGetsNothing() {
    try (LoopbackFixture etcd = new LoopbackFixture(Deadlines.DEFAULT, authority)) {
      etcd.found(version(), List.of("a"));
      etcd.await("well", view -> view.endpoints().stream().allMatch(Endpoint::well));

      etcd.useClient(new TestAuthority("stranger").member("coordinator"));
      EtcdView refused = etcd.observe();
      assertTrue(refused.endpoints().stream().allMatch(e -> e.status().isEmpty()));
      assertFalse(etcd.admin().promote(etcd.access(), 1).ok());

      etcd.useClient(authority.member("renewed"));
      EtcdView again = etcd.observe();
      assertTrue(again.endpoints().stream().allMatch(Endpoint::well));
    }
  }

  /** Under TLS etcd answers its refusals in another place than in plaintext. */
  @Test
  void aRefusalKeepsItsWords() {
    try (LoopbackFixture etcd = new LoopbackFixture(PATIENT, authority)) {
      etcd.found(version(), List.of("a"));
      etcd.await("well", view -> view.endpoints().stream().allMatch(Endpoint::well));
      EtcdResult<String> result = etcd.admin().validateDowngrade(etcd.access(), "nonsense");
      assertTrue(
          result instanceof Refused<String> refused
              && refused.kind() == Refusal.INVALID_DOWNGRADE_TARGET,
          result::toString);
    }
  }
}
