package io.quorate.lab.sim;

import io.quorate.agent.boot.Membership;
import io.quorate.agent.boot.Membership.Listed;
import io.quorate.agent.boot.Peers;
import io.quorate.common.model.MemberConfig;
import io.quorate.coordinator.etcd.model.ModelEtcd;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The members of the cluster among each other, over the simulated network. */
final class SimPeers implements Peers {
  private final World world;
  private final SimHost machine;

  SimPeers(World world, SimHost machine) {
    this.world = world;
    this.machine = machine;
  }

  @Override
  public Map<String, Answer> ask(MemberConfig member, Membership known) {
    Map<String, Answer> answers = new TreeMap<>();
    for (Listed other : known.members()) {
      for (String url : other.peerUrls()) {
        if (!url.equals(member.endpoints().peerUrl())) {
          ask(url).ifPresent(answer -> answers.put(url, answer));
        }
      }
    }
    return answers;
  }

  private Optional<Answer> ask(String url) {
    return world
        .etcd()
        .told(url, machine.address())
        .map(told -> new Answer(membership(told), told.serving()))
        .or(() -> waiting(url).map(list -> new Answer(list, false)));
  }

  private Optional<Membership> waiting(String url) {
    String place = URI.create(url).getHost();
    return Optional.ofNullable(world.doors().get(url))
        .filter(door -> world.etcd().network().connects(machine.address(), place))
        .map(Supplier::get);
  }

  @Override
  public Optional<Membership> own(MemberConfig member) {
    return world
        .etcd()
        .told(member.endpoints().peerUrl(), machine.address())
        .map(SimPeers::membership);
  }

  @Override
  public Door open(MemberConfig member, Supplier<Membership> known) {
    String url = member.endpoints().peerUrl();
    world.doors().put(url, known);
    return () -> world.doors().remove(url, known);
  }

  private static Membership membership(ModelEtcd.Told told) {
    List<Listed> members =
        told.members().stream()
            .map(
                m ->
                    new Listed(
                        Long.toHexString(m.id()),
                        m.name(),
                        m.learner(),
                        m.peerUrls(),
                        m.clientUrls()))
            .toList();
    return new Membership(Long.toHexString(told.clusterId()), members);
  }
}
