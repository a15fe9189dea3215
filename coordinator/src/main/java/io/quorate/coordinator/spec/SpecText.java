package io.quorate.coordinator.spec;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.spec.ClusterSpec.Member;
import io.quorate.coordinator.spec.ClusterSpec.Policies;
import io.quorate.coordinator.spec.ClusterSpec.Rollout;
import io.quorate.coordinator.spec.yaml.Splice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A cluster's file as its owner wrote it, changed where a verb asks for it and nowhere else:
 * comments, order and layout stay.
 *
 * <ol>
 *   <li>The text must be a good file, and so must the result; otherwise the change is refused with
 *       what is wrong with it.
 *   <li>The change is made in the text, at the places that the parser gives.
 *   <li>The result is read back and must say exactly what was meant; nothing else may have changed.
 *       A layout that cannot be changed in place is refused, and people do it by hand.
 * </ol>
 *
 * Refusals are thrown as {@link QuorateException}.
 */
public final class SpecText {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final String text;
  private final ClusterSpec spec;

  private SpecText(String text, ClusterSpec spec) {
    this.text = text;
    this.spec = spec;
  }

  public static SpecText of(String text) {
    String plain = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    return new SpecText(plain, SpecFile.require(plain, "the file"));
  }

  public String text() {
    return text;
  }

  public ClusterSpec spec() {
    return spec;
  }

  public SpecText withVersion(EtcdVersion version) {
    return changed(
        splice -> splice.set(List.of("version"), version.toString()),
        after -> spec.withVersion(version));
  }

  /** One member more, at the cluster's own ports. */
  public SpecText withMember(MemberName name, HostName host, String address) {
    if (spec.member(name).isPresent()) {
      throw Problem.of(Code.Q1008, "there is a member '%s' already".formatted(name))
          .withRemedy("choose another name")
          .asException();
    }
    String entry =
        "{name: %s, host: %s, address: %s}"
            .formatted(quoted(name.value()), quoted(host.value()), quoted(address));
    SpecText ready = withoutSpare(host);
    return ready.changed(
        splice -> splice.append("members", entry),
        after -> {
          Member added = after.members().getLast();
          List<Member> members = new ArrayList<>(ready.spec.members());
          members.add(new Member(name, host, address, added.clientPort(), added.peerPort()));
          return ready.spec.withMembers(members);
        });
  }

  /**
   * Another in the place of a member: a move keeps the name, a replacement brings a new one. The
   * ports stay; a canary follows the name; a host that was a spare is one no longer.
   */
  public SpecText withMemberReplaced(
      MemberName old, MemberName name, HostName host, String address) {
    int index = indexOf(old);
    Member now = spec.members().get(index);
    SpecText ready = now.host().equals(host) ? this : withoutSpare(host);
    Optional<MemberName> canary = spec.rollout().canary().map(c -> c.equals(old) ? name : c);
    List<Member> members = new ArrayList<>(spec.members());
    members.set(index, new Member(name, host, address, now.clientPort(), now.peerPort()));
    return ready.changed(
        splice -> {
          Splice entry =
              splice
                  .set(List.of("members", index, "name"), quoted(name.value()))
                  .set(List.of("members", index, "host"), quoted(host.value()))
                  .set(List.of("members", index, "address"), quoted(address));
          return canary.equals(spec.rollout().canary())
              ? entry
              : entry.set(List.of("rollout", "canary"), quoted(name.value()));
        },
        after -> withCanary(ready.spec.withMembers(members), canary));
  }

  public SpecText withoutMember(MemberName name) {
    int index = indexOf(name);
    List<Member> members = new ArrayList<>(spec.members());
    members.remove(index);
    return changed(splice -> splice.remove("members", index), after -> spec.withMembers(members));
  }

  /** Hazards accepted beyond those that the file accepts already. */
  public SpecText withAccepted(List<String> hazards) {
    SpecText result = this;
    for (String hazard : hazards) {
      result = result.withAccepted(hazard);
    }
    return result;
  }

  private SpecText withAccepted(String hazard) {
    Set<String> all = new HashSet<>(spec.policies().accepted());
    if (!all.add(hazard)) {
      return this;
    }
    UnaryOperator<ClusterSpec> meant = after -> withPolicies(accepting(all));
    if (!spec.policies().accepted().isEmpty()) {
      return changed(splice -> splice.append("accept", quoted(hazard)), meant);
    }
    String separate = text.endsWith("\n") ? "" : "\n";
    return checked(text + separate + "accept: [" + quoted(hazard) + "]\n", meant);
  }

  private SpecText withoutSpare(HostName host) {
    int index = spec.policies().spares().indexOf(host);
    if (index < 0) {
      return this;
    }
    List<HostName> spares = new ArrayList<>(spec.policies().spares());
    spares.remove(index);
    return changed(splice -> splice.remove("spares", index), after -> withSpares(spares));
  }

  private SpecText changed(UnaryOperator<Splice> edit, UnaryOperator<ClusterSpec> meant) {
    return checked(edit.apply(new Splice(text)).text(), meant);
  }

  private SpecText checked(String result, UnaryOperator<ClusterSpec> meant) {
    ClusterSpec after = SpecFile.require(result, "the changed file");
    if (!after.equals(meant.apply(after))) {
      throw Problem.of(Code.Q1001, "the change would have changed something else as well")
          .withRemedy("change the file by hand, then: quorate apply -f FILE")
          .asException();
    }
    return new SpecText(result, after);
  }

  private int indexOf(MemberName name) {
    List<MemberName> names = spec.members().stream().map(Member::name).toList();
    int index = names.indexOf(name);
    if (index < 0) {
      throw Problem.of(Code.Q1004, "cluster %s has no member '%s'".formatted(spec.cluster(), name))
          .withRemedy("quorate member list " + spec.cluster())
          .asException();
    }
    return index;
  }

  private ClusterSpec withSpares(List<HostName> spares) {
    Policies now = spec.policies();
    return withPolicies(
        new Policies(
            now.allowDowntime(),
            now.allowEvenMembers(),
            now.repairFailedMembersFirst(),
            now.drift(),
            spares,
            now.replaceAfter(),
            now.accepted()));
  }

  private Policies accepting(Set<String> hazards) {
    Policies now = spec.policies();
    return new Policies(
        now.allowDowntime(),
        now.allowEvenMembers(),
        now.repairFailedMembersFirst(),
        now.drift(),
        now.spares(),
        now.replaceAfter(),
        hazards);
  }

  private ClusterSpec withPolicies(Policies policies) {
    return with(spec, spec.rollout(), policies);
  }

  private static ClusterSpec withCanary(ClusterSpec spec, Optional<MemberName> canary) {
    Rollout now = spec.rollout();
    return with(
        spec,
        new Rollout(
            now.soak(),
            canary,
            now.canarySoak(),
            now.onFailure(),
            now.memberDeadline(),
            now.progressDeadline(),
            now.membership(),
            now.gates()),
        spec.policies());
  }

  private static ClusterSpec with(ClusterSpec spec, Rollout rollout, Policies policies) {
    return new ClusterSpec(
        spec.cluster(),
        spec.version(),
        spec.members(),
        spec.layout(),
        spec.settings(),
        spec.certificates(),
        rollout,
        spec.backup(),
        policies);
  }

  /** IPv6 in braces needs quotes; so do words that YAML takes for nothing. */
  private static String quoted(String value) {
    return value.contains(":") || value.equals("null") ? '"' + value + '"' : value;
  }
}
