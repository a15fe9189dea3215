package io.quorate.coordinator.api.noun;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.api.control.Catalogue;
import io.quorate.coordinator.api.route.Answer;
import io.quorate.coordinator.api.route.Ask;
import io.quorate.coordinator.api.route.Route;
import io.quorate.coordinator.api.v1.ReleaseView;
import io.quorate.coordinator.pki.Role;
import java.util.List;
import java.util.Optional;

/** The releases. */
public final class CatalogueRoutes {
  /** Ten times the largest archive so far. */
  private static final long LARGEST_ARCHIVE = 512L * 1024 * 1024;

  private CatalogueRoutes() {}

  public static List<Route> of(Catalogue catalogue) {
    return List.of(
        Route.get("/v1/releases")
            .role(Role.VIEWER)
            .summary("The releases in the catalogue")
            .gives(ReleaseView.All.class)
            .answers(ask -> Answer.of(new ReleaseView.All(catalogue.all()))),
        Route.post("/v1/releases")
            .role(Role.ADMIN)
            .audited("release add")
            .summary("Upload a release archive in upstream's layout as the body")
            .query("sha256", "string", "refuse any other archive")
            .gives(ReleaseView.class)
            .receives(
                catalogue.incoming(),
                LARGEST_ARCHIVE,
                (ask, file) -> told(catalogue.add(file, digest(ask), ask.caller()))),
        Route.delete("/v1/releases/{id}")
            .role(Role.ADMIN)
            .audited("release remove")
            .summary("Remove a release by version or digest; refused while in use")
            .gives(ReleaseView.class)
            .answers(ask -> told(catalogue.remove(ask.id(), ask.caller()))));
  }

  private static Answer told(ReleaseView release) {
    return Answer.of(
        release,
        "%s %s sha256:%s"
            .formatted(release.etcdVersion(), release.architecture(), release.sha256()));
  }

  private static Optional<String> digest(Ask ask) {
    Optional<String> given = ask.text("sha256");
    if (given.isPresent() && !given.get().matches("[0-9a-f]{64}")) {
      throw Problem.of(Code.Q1306, "sha256 must be 64 lower-case hex digits").asException();
    }
    return given;
  }
}
