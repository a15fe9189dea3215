package io.quorate.agent.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.agent.host.Access;
import io.quorate.agent.host.CrashPoints.DurableStep;
import io.quorate.agent.host.Host;
import io.quorate.agent.host.Layout;
import io.quorate.common.model.MemberConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The data directory of a member: observed, made, stamped, renamed aside. Nothing here, and nothing
 * elsewhere in the agent, removes what etcd has written.
 *
 * <p>The stamp is what tells whose data it is. It is written before data is made and is the last
 * thing to be renamed away: the log goes aside first, then the data directory with the stamp in it,
 * so that a kill in between leaves a directory that still says what it was.
 */
public final class DataDirectory {
  static final String ASIDE = ".set-aside-";

  private final Host host;
  private final Layout layout;

  public DataDirectory(Host host, Layout layout) {
    this.host = host;
    this.layout = layout;
  }

  public DataFound observe(MemberConfig member) throws IOException {
    DataPlaces places = DataPlaces.of(member, layout);
    List<String> entries = new ArrayList<>(host.list(places.data()));
    entries.remove(places.stamp().getFileName().toString());
    entries.remove(places.dataSeed().getFileName().toString());
    entries.remove("lost+found");
    DataFound.Content content =
        entries.isEmpty()
            ? DataFound.Content.NOTHING
            : entries.contains("member") && host.stat(places.member().resolve("snap")).isDirectory()
                ? DataFound.Content.ETCD
                : DataFound.Content.SOMETHING_ELSE;
    boolean log = host.list(places.wal()).stream().anyMatch(name -> name.endsWith(".wal"));
    return new DataFound(
        host.text(places.stamp()).flatMap(Stamp::fromJson),
        content,
        log ? DataFound.Wal.LOG : DataFound.Wal.NOTHING,
        setAside(places));
  }

  /** Makes the directories of new data and stamps them; etcd does the rest at its start. */
  public void makeEmpty(MemberConfig member) throws IOException {
    makeDirectories(member);
    stamp(member, Stamp.of(member, Stamp.Phase.READY));
  }

  void makeDirectories(MemberConfig member) throws IOException {
    DataPlaces places = DataPlaces.of(member, layout);
    host.makeDirectory(places.data(), Access.closed(layout.user()));
    host.makeDirectory(places.walDisk(), Access.closed(layout.user()));
  }

  public void stamp(MemberConfig member, Stamp stamp) throws IOException {
    host.crashPoints().before(DurableStep.STAMP);
    host.write(
        DataPlaces.of(member, layout).stamp(), stamp.toJson().getBytes(UTF_8), Access.PUBLIC);
    host.crashPoints().after(DurableStep.STAMP);
  }

  /** Renames what is there out of the way; called again, it goes on where it was interrupted. */
  public void setAside(MemberConfig member) throws IOException {
    DataPlaces places = DataPlaces.of(member, layout);
    String lineage =
        host.text(places.stamp()).flatMap(Stamp::fromJson).map(Stamp::lineage).orElse("unknown");
    String suffix = ASIDE + lineage.replaceAll("[^A-Za-z0-9-]", "_") + "-";
    if (host.stat(places.wal()).exists()) {
      host.crashPoints().before(DurableStep.SET_ASIDE_WAL);
      host.rename(places.wal(), free(places.wal(), suffix));
      host.crashPoints().after(DurableStep.SET_ASIDE_WAL);
    }
    if (host.stat(places.data()).exists()) {
      host.crashPoints().before(DurableStep.SET_ASIDE_DATA);
      host.rename(places.data(), free(places.data(), suffix));
      host.crashPoints().after(DurableStep.SET_ASIDE_DATA);
    }
  }

  private Path free(Path path, String suffix) throws IOException {
    for (int n = 1; ; n++) {
      Path candidate = path.resolveSibling(path.getFileName() + suffix + n);
      if (!host.stat(candidate).exists()) {
        return candidate;
      }
    }
  }

  private List<String> setAside(DataPlaces places) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path place : List.of(places.data(), places.wal())) {
      Optional<Path> parent = Optional.ofNullable(place.getParent());
      for (String name : parent.isPresent() ? host.list(parent.get()) : List.<String>of()) {
        if (name.startsWith(place.getFileName() + ASIDE)) {
          found.add(place.resolveSibling(name).toString());
        }
      }
    }
    return found;
  }
}
