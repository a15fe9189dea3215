package io.quorate.coordinator.plan;

import io.quorate.common.error.Code;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Release;
import io.quorate.common.model.Seed;
import io.quorate.common.model.Setting;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Renders the document that a member's host is to have, from the spec and the view.
 *
 * <ol>
 *   <li>Release and settings come from the version that is due now: the spec's, or the next hop
 *       towards it.
 *   <li>The lineage is the foundation's token for founders, and otherwise the member's id in etcd's
 *       list, so that data of an earlier identity can never be taken up again. A lineage that was
 *       issued is kept while it is still true.
 *   <li>How the cluster finds itself at its first start is read from the live list, at each attempt
 *       anew, and left as it was issued once the member has started: etcd ignores it then, and
 *       equal documents ask for nothing.
 * </ol>
 */
public final class Documents {
  private final Situation situation;
  private final EtcdVersion version;
  private final SortedMap<String, Setting> settings;

  public Documents(Situation situation, EtcdVersion version, SortedMap<String, Setting> settings) {
    this.situation = situation;
    this.version = version;
    this.settings = settings;
  }

  /** Why this member cannot have a document now, if so. */
  public Optional<Hold> missing(ClusterSpec.Member member) {
    Optional<ClusterView.HostView> host = situation.seen().host(member.host());
    if (host.isEmpty()) {
      return Optional.of(
          new Hold(
              Code.Q1201,
              "host %s of member %s has not joined".formatted(member.host(), member.name()),
              "quorate host token --host " + member.host()));
    }
    if (release(member).isEmpty()) {
      return Optional.of(
          new Hold(
              Code.Q1103,
              "etcd %s for %s is not in the catalogue"
                  .formatted(version, host.get().architecture()),
              "quorate release add etcd-v%s-linux-%s.tar.gz"
                  .formatted(version, host.get().architecture())));
    }
    return Optional.empty();
  }

  public Optional<Release> release(ClusterSpec.Member member) {
    return situation
        .seen()
        .host(member.host())
        .flatMap(host -> situation.seen().release(version, host.architecture()));
  }

  /**
   * The document that the member is to end with. Only for a member for which nothing is {@link
   * #missing}.
   */
  public MemberConfig of(ClusterSpec.Member member) {
    Release release =
        release(member).orElseThrow(() -> new IllegalStateException("no release for " + member));
    ClusterSpec wanted = situation.wanted();
    return new MemberConfig(
        situation.id(member.name()),
        Situation.endpoints(member),
        new MemberConfig.Directories(
            wanted.layout().dataDirectory(), wanted.layout().walDirectory()),
        new MemberConfig.Releases(release, List.of(release)),
        settings,
        data(member),
        formation(member),
        new MemberConfig.Certificates(
            wanted.certificates().names(),
            wanted.certificates().keyAlgorithm(),
            wanted.certificates().validity(),
            Situation.get(situation.intent().certificates(), member.name()).orElse(0L)),
        new MemberConfig.Conduct(
            MemberConfig.Run.RUNNING,
            Situation.get(situation.intent().restarts(), member.name()).orElse(0L),
            wanted.policies().drift(),
            wanted.layout().unit(),
            accepted()));
  }

  /**
   * A cluster that cannot keep quorum while a member restarts needs its owner's word, which the
   * host asks for too.
   */
  private Optional<String> accepted() {
    ClusterSpec wanted = situation.wanted();
    int voters = Math.max(wanted.members().size(), situation.voters().size());
    return wanted.policies().allowDowntime() && voters <= 2
        ? Optional.of("allowDowntime")
        : Optional.empty();
  }

  private MemberConfig.Data data(ClusterSpec.Member member) {
    Intent.Foundation foundation = situation.intent().foundation();
    Optional<MemberConfig.Data> issued =
        situation.home(member).flatMap(ClusterView.Placement::issued).map(i -> i.document().data());
    if (!foundation.formed()) {
      return new MemberConfig.Data(
          foundation.token(),
          foundation.seed(),
          superseded(foundation.supersedes(), issued, foundation.token()));
    }
    if (issued.isPresent() && stillTrue(member, issued.get())) {
      return arrived(member, issued.get());
    }
    String lineage = situation.entry(member).map(e -> lineageOf(e.id())).orElse(foundation.token());
    return new MemberConfig.Data(lineage, new Seed.Empty(), superseded(List.of(), issued, lineage));
  }

  /** A copy that has come to life is not needed again, and must never be taken again. */
  private MemberConfig.Data arrived(ClusterSpec.Member member, MemberConfig.Data data) {
    boolean lives =
        data.seed() instanceof Seed.Copy
            && situation.well(member.name())
            && situation
                .home(member)
                .flatMap(ClusterView.Placement::report)
                .filter(r -> r.data().lineage().equals(data.lineage()))
                .isPresent()
            && situation.seen().placements(member.name()).size() == 1;
    return lives
        ? new MemberConfig.Data(data.lineage(), new Seed.Empty(), data.supersedes())
        : data;
  }

  public static String lineageOf(long memberId) {
    return "member-" + Long.toHexString(memberId);
  }

  /**
   * A founder's identity is its own until etcd's list says that this member has another id than the
   * data has.
   */
  private boolean stillTrue(ClusterSpec.Member member, MemberConfig.Data issued) {
    Optional<EtcdView.Member> entry = situation.entry(member);
    if (entry.isEmpty()) {
      return true;
    }
    if (issued.lineage().startsWith("member-")) {
      return issued.lineage().equals(lineageOf(entry.get().id()));
    }
    return !entry.get().name().isEmpty() && !entry.get().learner();
  }

  private static List<String> superseded(
      List<String> named, Optional<MemberConfig.Data> issued, String lineage) {
    Set<String> all = new LinkedHashSet<>(named);
    issued.ifPresent(
        data -> {
          all.addAll(data.supersedes());
          all.add(data.lineage());
        });
    all.remove(lineage);
    return new ArrayList<>(all);
  }

  private MemberConfig.Formation formation(ClusterSpec.Member member) {
    Optional<ClusterView.Placement> home = situation.home(member);
    Intent.Foundation foundation = situation.intent().foundation();
    if (foundation.formed()) {
      Optional<MemberConfig.Formation> kept =
          home.flatMap(ClusterView.Placement::issued)
              .filter(i -> hasStarted(member))
              .filter(i -> stillTrue(member, i.document().data()))
              .map(i -> i.document().formation());
      return kept.orElseGet(() -> new MemberConfig.Formation(live(), true, foundation.token()));
    }
    SortedMap<String, String> founders = new TreeMap<>();
    founders(situation).forEach(m -> founders.put(m.name().value(), Situation.peerUrl(m)));
    return new MemberConfig.Formation(founders, false, foundation.token());
  }

  /** The cluster has its name, which a member tells when it is first up. */
  private boolean hasStarted(ClusterSpec.Member member) {
    return situation.entry(member).filter(e -> !e.name().isEmpty()).isPresent();
  }

  /** Those that found the cluster together: all of the spec, or the named ones of a recovery. */
  public static List<ClusterSpec.Member> founders(Situation situation) {
    List<io.quorate.common.model.MemberName> named = situation.intent().foundation().founders();
    return situation.wanted().members().stream()
        .filter(m -> named.isEmpty() || named.contains(m.name()))
        .toList();
  }

  private SortedMap<String, String> live() {
    SortedMap<String, String> members = new TreeMap<>();
    for (EtcdView.Member entry : situation.listed()) {
      String name =
          situation
              .nameOf(entry)
              .map(Object::toString)
              .orElse("unnamed-" + Long.toHexString(entry.id()));
      entry.peerUrls().forEach(url -> members.put(name, url));
    }
    return members;
  }
}
