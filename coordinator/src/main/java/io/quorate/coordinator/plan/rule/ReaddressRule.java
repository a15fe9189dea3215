package io.quorate.coordinator.plan.rule;

import io.quorate.common.model.MemberConfig;
import io.quorate.coordinator.plan.ClusterView.Placement;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Due;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Rule;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A member that stays on its host and gets another address or peer port; one at a time.
 *
 * <ol>
 *   <li>Its certificates come first: they name both addresses from before the change until after
 *       it.
 *   <li>Leadership moves away, and the cluster is told the new peer URL. From then on its peers
 *       look for it there, so this is gated like a stop of the member.
 *   <li>It is restarted listening at the new address. When it is well again, the old address goes
 *       from its certificates, without a restart.
 * </ol>
 *
 * A host that has lost its old address already goes the same way; its member is down from the
 * start.
 */
final class ReaddressRule implements Rule {
  @Override
  public Optional<Decision> decide(Situation situation) {
    for (ClusterSpec.Member member : situation.wanted().members()) {
      Optional<EtcdView.Member> entry = situation.entry(member.name()).filter(e -> !e.learner());
      Optional<MemberConfig> issued =
          situation
              .home(member)
              .flatMap(Placement::issued)
              .map(i -> i.document())
              .filter(d -> d.conduct().run() == MemberConfig.Run.RUNNING)
              .filter(d -> !d.endpoints().peerUrl().equals(Situation.peerUrl(member)));
      if (entry.isPresent() && issued.isPresent()) {
        return readdress(member, entry.get(), issued.get(), situation);
      }
    }
    return Optional.empty();
  }

  private static Optional<Decision> readdress(
      ClusterSpec.Member member, EtcdView.Member entry, MemberConfig issued, Situation situation) {
    Due due = Due.of(situation);
    if (due.documents().isEmpty()) {
      return Rule.refuse(due.refusal().orElseThrow());
    }
    Optional<Hold> missing = due.documents().get().missing(member);
    if (missing.isPresent()) {
      return Rule.refuse(missing.get());
    }
    if (!issued.certificates().names().contains(member.address())
        && !issued.endpoints().address().equals(member.address())) {
      return configure(
          Step.Purpose.ADJUST, member, issued.withCertificates(naming(issued, member.address())));
    }
    if (situation.leads(member.name())) {
      Optional<Step> relieved =
          Leaders.moveAway(
              situation,
              member.name(),
              situation.wanted().members().stream().map(ClusterSpec.Member::name).toList());
      if (relieved.isPresent()) {
        return Rule.act(relieved.get());
      }
    }
    String url = Situation.peerUrl(member);
    if (!entry.peerUrls().equals(List.of(url))) {
      return Rule.act(new Step.UpdatePeerUrl(member.name(), entry.id(), url));
    }
    MemberConfig target = due.documents().get().of(member);
    return configure(
        Step.Purpose.RESTART,
        member,
        target.withCertificates(naming(target, issued.endpoints().address())));
  }

  private static MemberConfig.Certificates naming(MemberConfig document, String address) {
    MemberConfig.Certificates certificates = document.certificates();
    List<String> names = new ArrayList<>(certificates.names());
    if (!names.contains(address) && !document.endpoints().address().equals(address)) {
      names.add(address);
    }
    return new MemberConfig.Certificates(
        names, certificates.keyAlgorithm(), certificates.validity(), certificates.serial());
  }

  private static Optional<Decision> configure(
      Step.Purpose purpose, ClusterSpec.Member member, MemberConfig document) {
    return Rule.act(new Step.Configure(purpose, new TreeMap<>(Map.of(member.host(), document))));
  }
}
