package io.quorate.coordinator.desk;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Release;
import io.quorate.coordinator.api.control.Caller;
import io.quorate.coordinator.api.control.Catalogue;
import io.quorate.coordinator.api.v1.ReleaseView;
import io.quorate.coordinator.catalogue.ReleaseIntake;
import io.quorate.coordinator.store.Clusters.Cluster;
import io.quorate.coordinator.store.Releases.Entry;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The releases that hosts may run. */
public final class ReleaseDesk implements Catalogue {
  private final Office office;
  private final ReleaseIntake intake;
  private final Path incoming;

  public ReleaseDesk(Office office, ReleaseIntake intake, Path incoming) {
    this.office = office;
    this.intake = intake;
    this.incoming = incoming;
  }

  @Override
  public List<ReleaseView> all() {
    return office.store().releases().list().stream()
        .sorted(
            Comparator.comparing((Entry e) -> e.release().version())
                .thenComparing(e -> e.release().architecture()))
        .map(this::view)
        .toList();
  }

  @Override
  public Path incoming() {
    return incoming;
  }

  @Override
  public ReleaseView add(Path archive, Optional<String> expectedSha256, Caller by) {
    ReleaseView added = view(intake.add(archive, expectedSha256, office.now(), by.name()));
    office.workers().wakeAll();
    return added;
  }

  @Override
  public ReleaseView remove(String versionOrSha256, Caller by) {
    List<Entry> found =
        office.store().releases().list().stream()
            .filter(
                e ->
                    e.release().sha256().equals(versionOrSha256)
                        || e.release().version().toString().equals(versionOrSha256))
            .toList();
    if (found.size() != 1) {
      throw Problem.of(
              Code.Q1314,
              found.isEmpty()
                  ? "there is no release " + versionOrSha256
                  : "there are several releases %s; name one by its digest"
                      .formatted(versionOrSha256))
          .withState("nothing was changed")
          .withRemedy("quorate release list")
          .asException();
    }
    ReleaseView removed = view(found.getFirst());
    intake.remove(found.getFirst().release().sha256(), r -> !users(r).isEmpty());
    return removed;
  }

  private ReleaseView view(Entry entry) {
    Release release = entry.release();
    return new ReleaseView(
        release.version().toString(),
        release.architecture(),
        release.sha256(),
        release.size(),
        entry.added(),
        entry.by(),
        users(release));
  }

  /** Those whose file names the version, and those who have it on a host. */
  private List<String> users(Release release) {
    return office.store().clusters().list().stream()
        .filter(c -> c.spec().version().equals(release.version()) || issued(c, release))
        .map(c -> c.name().value())
        .toList();
  }

  private boolean issued(Cluster cluster, Release release) {
    return office.store().documents().of(cluster.name()).values().stream()
        .map(i -> i.document().releases())
        .anyMatch(r -> names(r, release));
  }

  private static boolean names(MemberConfig.Releases releases, Release release) {
    return releases.running().equals(release) || releases.staged().contains(release);
  }
}
