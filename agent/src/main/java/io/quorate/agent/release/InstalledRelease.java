package io.quorate.agent.release;

import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.Release;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An unpacked, verified release on this host.
 *
 * @param programs what was in it: of etcd its SHA-256, of the tools nothing
 */
public record InstalledRelease(
    Release release, Path directory, SortedMap<String, String> programs, Instant unpacked) {
  /** The file in its directory that says all this. */
  static final String RECORD = ".quorate-release.json";

  public InstalledRelease {
    programs = Collections.unmodifiableSortedMap(new TreeMap<>(programs));
  }

  /** The digest of etcd itself; every release has it. */
  public String etcdSha256() {
    return programs.getOrDefault("etcd", "");
  }

  public Path etcd() {
    return directory.resolve("etcd");
  }

  /** Where a program is, if this release has it: 3.4 has no etcdutl. */
  public Optional<Path> program(String name) {
    return programs.containsKey(name) ? Optional.of(directory.resolve(name)) : Optional.empty();
  }

  String toJson() {
    JsonObject files = new JsonObject();
    programs.forEach(files::put);
    return new JsonObject()
        .put("version", release.version().toString())
        .put("architecture", release.architecture())
        .put("archiveSha256", release.sha256())
        .put("archiveSize", release.size())
        .put("programs", files)
        .put("unpacked", unpacked.toString())
        .encodePrettily();
  }

  static InstalledRelease fromJson(String text, Path directory) {
    JsonObject json = new JsonObject(text);
    SortedMap<String, String> programs = new TreeMap<>();
    json.getJsonObject("programs").forEach(it -> programs.put(it.getKey(), "" + it.getValue()));
    return new InstalledRelease(
        new Release(
            EtcdVersion.parse(json.getString("version")),
            json.getString("architecture"),
            json.getString("archiveSha256"),
            json.getLong("archiveSize")),
        directory,
        programs,
        Instant.parse(json.getString("unpacked")));
  }
}
