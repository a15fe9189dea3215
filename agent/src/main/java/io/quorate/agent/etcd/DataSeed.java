package io.quorate.agent.etcd;

import io.quorate.agent.host.Access;
import io.quorate.agent.host.CrashPoints.DurableStep;
import io.quorate.agent.host.Host;
import io.quorate.agent.host.HostProcesses.Command;
import io.quorate.agent.host.HostProcesses.Finished;
import io.quorate.agent.host.Layout;
import io.quorate.agent.release.Downloads;
import io.quorate.agent.release.InstalledRelease;
import io.quorate.agent.release.Unpacker;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Seed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Makes a member's data where there is none yet.
 *
 * <ol>
 *   <li>The data directory is made and stamped {@code SEEDING}, so that from now on it is known
 *       whose it will be, and that it is not for starting.
 *   <li>Data and log are put together in a hidden directory beside their places.
 *   <li>They are renamed into place, data first, and the stamp becomes {@code READY}.
 * </ol>
 *
 * Interrupted anywhere, it goes on: data in place means that the log was whole too; anything less
 * is made again from the beginning. Data that etcd makes itself needs only the stamp.
 */
public final class DataSeed {
  private static final Duration PATIENCE = Duration.ofMinutes(60);

  private final Host host;
  private final Layout layout;
  private final Downloads downloads;
  private final DataDirectory directory;

  public DataSeed(Host host, Layout layout, Downloads downloads, DataDirectory directory) {
    this.host = host;
    this.layout = layout;
    this.downloads = downloads;
    this.directory = directory;
  }

  public void make(MemberConfig member, InstalledRelease release) throws IOException {
    host.crashPoints().before(DurableStep.SEED);
    switch (member.data().seed()) {
      case Seed.Empty empty -> directory.makeEmpty(member);
      case Seed.Snapshot snapshot ->
          make(member, () -> restore(member, snapshot, release), snapshot.sha256());
      case Seed.Copy copy -> make(member, () -> unpack(member, copy), copy.sha256());
      case Seed.Forced forced ->
          throw Problem.of(
                  Code.Q2013,
                  "there is no data of lineage %s to force a new cluster from"
                      .formatted(forced.fromLineage()))
              .asException();
    }
    host.crashPoints().after(DurableStep.SEED);
  }

  /** Makes sure, while the old data still runs, that a snapshot could be laid down here. */
  public void ready(MemberConfig member, InstalledRelease release) throws IOException {
    if (member.data().seed() instanceof Seed.Snapshot snapshot) {
      Path unused = restorer(release);
      requireSpace(DataPlaces.of(member, layout).data(), 2 * snapshot.size());
      unused = downloads.get(snapshot.sha256(), snapshot.size());
    }
  }

  private interface Making {
    void make() throws IOException;
  }

  private void make(MemberConfig member, Making making, String blob) throws IOException {
    DataPlaces places = DataPlaces.of(member, layout);
    if (!host.stat(places.member()).exists()) {
      directory.makeDirectories(member);
      directory.stamp(member, Stamp.of(member, Stamp.Phase.SEEDING));
      host.removeTree(places.dataSeed());
      host.removeTree(places.walSeed());
      making.make();
      host.giveTree(places.dataSeed(), layout.user());
      host.giveTree(places.walSeed(), layout.user());
      host.crashPoints().before(DurableStep.PLACE_DATA);
      host.rename(places.dataSeed().resolve("member"), places.member());
      host.crashPoints().after(DurableStep.PLACE_DATA);
    }
    if (!host.stat(places.wal()).exists()) {
      host.crashPoints().before(DurableStep.PLACE_WAL);
      host.rename(places.walSeed(), places.wal());
      host.crashPoints().after(DurableStep.PLACE_WAL);
    }
    directory.stamp(member, Stamp.of(member, Stamp.Phase.READY));
    host.removeTree(places.dataSeed());
    downloads.forget(blob);
  }

  private void restore(MemberConfig member, Seed.Snapshot seed, InstalledRelease release)
      throws IOException {
    DataPlaces places = DataPlaces.of(member, layout);
    requireSpace(places.data(), 2 * seed.size());
    Path snapshot = downloads.get(seed.sha256(), seed.size());
    List<String> arguments = new ArrayList<>();
    arguments.add(restorer(release).toString());
    arguments.addAll(List.of("snapshot", "restore", snapshot.toString()));
    arguments.add("--name=" + member.id().member());
    arguments.add("--data-dir=" + places.dataSeed());
    arguments.add("--wal-dir=" + places.walSeed());
    arguments.add(
        "--initial-cluster="
            + member.formation().initialMembers().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(",")));
    arguments.add("--initial-cluster-token=" + member.formation().token());
    arguments.add("--initial-advertise-peer-urls=" + member.endpoints().peerUrl());
    if (seed.bumpRevision() > 0) {
      arguments.add("--bump-revision=" + seed.bumpRevision());
    }
    if (seed.markCompacted()) {
      arguments.add("--mark-compacted");
    }
    if (seed.skipHashCheck()) {
      arguments.add("--skip-hash-check");
    }
    Finished finished = host.run(new Command(arguments, Map.of("ETCDCTL_API", "3"), PATIENCE));
    if (!finished.succeeded()) {
      throw Problem.of(Code.Q3501, "the snapshot was not restored, " + finished.lastWords())
          .withState("the data that was there is untouched")
          .asException();
    }
  }

  /** 3.4 restores with etcdctl, everything newer with etcdutl. */
  public static String restorer(EtcdVersion version) {
    return version.atLeast(3, 5, 0) ? "etcdutl" : "etcdctl";
  }

  private static Path restorer(InstalledRelease release) {
    String program = restorer(release.release().version());
    return release
        .program(program)
        .orElseThrow(
            () ->
                Problem.of(
                        Code.Q2021,
                        "release %s has no %s, which a restore needs"
                            .formatted(release.release().version(), program))
                    .asException());
  }

  private void unpack(MemberConfig member, Seed.Copy seed) throws IOException {
    DataPlaces places = DataPlaces.of(member, layout);
    requireSpace(places.data(), 2 * seed.size());
    Path archive = downloads.get(seed.sha256(), seed.size());
    host.makeDirectory(places.dataSeed(), Access.closed(""));
    host.makeDirectory(places.walSeed(), Access.closed(""));
    try (InputStream in = host.open(archive, 0)) {
      new Unpacker(host, Unpacker.Limits.data(seed.size()))
          .unpackTar(
              in,
              name ->
                  name.startsWith("wal")
                      ? places.walSeed().resolve(Path.of("wal").relativize(name).toString())
                      : places.dataSeed().resolve(name));
    }
    boolean whole =
        host.stat(places.dataSeed().resolve("member")).isDirectory()
            && host.list(places.walSeed()).stream().anyMatch(name -> name.endsWith(".wal"));
    if (!whole) {
      throw Problem.of(Code.Q3602, "the copy holds no whole data directory").asException();
    }
  }

  private void requireSpace(Path path, long bytes) throws IOException {
    if (host.freeBytes(path) < bytes) {
      throw Problem.of(
              Code.Q2014,
              "%d bytes are needed at %s, %d are free".formatted(bytes, path, host.freeBytes(path)))
          .withRemedy("free space there, or name another directory")
          .asException();
    }
  }
}
