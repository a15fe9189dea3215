package io.quorate.agent.etcd;

import io.quorate.agent.host.Access;
import io.quorate.agent.host.CrashPoints.DurableStep;
import io.quorate.agent.host.Host;
import io.quorate.agent.host.Layout;
import io.quorate.agent.host.Sha256;
import io.quorate.agent.release.InstalledRelease;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.MemberConfig;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What comes before a new cluster is forced out of a survivor's data.
 *
 * <ol>
 *   <li>The data and its log are copied aside, under hidden names.
 *   <li>From a second copy etcd is started on trial as a cluster of one, where nobody can reach it.
 *       When it does not serve, the recovery ends here, with nothing changed.
 *   <li>Only then the copies get their names, the data's last: that both are there says that the
 *       trial went well.
 * </ol>
 *
 * Interrupted anywhere, it begins again.
 */
public final class SurvivorCopy {
  private static final long MARGIN = 64L << 20;

  private final Host host;
  private final Layout layout;

  public SurvivorCopy(Host host, Layout layout) {
    this.host = host;
    this.layout = layout;
  }

  public void make(MemberConfig member, InstalledRelease release) throws IOException {
    DataPlaces places = DataPlaces.of(member, layout);
    Path data = named(places.data(), member, places);
    Path wal = named(places.wal(), member, places);
    host.crashPoints().before(DurableStep.COPY_SURVIVOR);
    requireSpace(places);
    if (!host.stat(wal).exists()) {
      copyAnew(places.wal(), hidden(wal));
    }
    copyAnew(places.data(), hidden(data));
    tryOut(member, release, places);
    if (!host.stat(wal).exists()) {
      host.rename(hidden(wal), wal);
    }
    host.rename(hidden(data), data);
    host.crashPoints().after(DurableStep.COPY_SURVIVOR);
  }

  private static Path hidden(Path copy) {
    return copy.resolveSibling("." + copy.getFileName());
  }

  private Path named(Path place, MemberConfig member, DataPlaces places) throws IOException {
    String from =
        host.text(places.stamp()).flatMap(Stamp::fromJson).map(Stamp::lineage).orElse("unknown");
    return place.resolveSibling(
        place.getFileName() + DataDirectory.ASIDE + plain(from) + before(member.data().lineage()));
  }

  /** How the name of a copy ends that was made before this lineage began. */
  static String before(String lineage) {
    return "-before-" + plain(lineage);
  }

  private static String plain(String lineage) {
    return lineage.replaceAll("[^A-Za-z0-9-]", "_");
  }

  private void tryOut(MemberConfig member, InstalledRelease release, DataPlaces places)
      throws IOException {
    Path scratch =
        layout.scratch().resolve("trial-" + Sha256.of(member.id().toString()).substring(0, 16));
    host.makeDirectory(layout.scratch(), Access.closed(""));
    host.removeTree(scratch);
    host.makeDirectory(scratch, Access.closed(""));
    try {
      host.makeDirectory(scratch.resolve("data"), Access.closed(""));
      DataCopy.make(host, places.member(), scratch.resolve("data/member"));
      DataCopy.make(host, places.wal(), scratch.resolve("wal"));
      ScratchEtcd.Source source =
          new ScratchEtcd.Source(
              member.id().member().value(),
              scratch.resolve("data"),
              Optional.of(scratch.resolve("wal")),
              true);
      try (ScratchEtcd etcd =
          ScratchEtcd.start(
              host, release, source, ScratchEtcd.Ports.free(), scratch.resolve("log"))) {
        Optional<JsonObject> status = etcd.status();
        if (status.isEmpty()) {
          throw Problem.of(
                  Code.Q3509,
                  "a copy of the data of %s does not start: %s"
                      .formatted(member.id(), etcd.lastWords()))
              .withState("its data is untouched, and nothing was forced")
              .withRemedy("quorate recover %s --from MEMBER".formatted(member.id().cluster()))
              .asException();
        }
      }
    } finally {
      host.removeTree(scratch);
    }
  }

  private void requireSpace(DataPlaces places) throws IOException {
    long size = DataCopy.size(host, places.member()) + DataCopy.size(host, places.wal());
    for (Path place : new Path[] {places.data(), layout.scratch()}) {
      if (host.freeBytes(place) < 2 * size + MARGIN) {
        throw Problem.of(
                Code.Q2014,
                "two copies of %d bytes do not fit beside %s; %d bytes are free"
                    .formatted(size, place, host.freeBytes(place)))
            .withState("the data is untouched, and nothing was forced")
            .withRemedy("free space in the file system of " + place)
            .asException();
      }
    }
  }

  private void copyAnew(Path from, Path to) throws IOException {
    host.removeTree(to);
    DataCopy.make(host, from, to);
    host.giveTree(to, layout.user());
  }
}
