package io.quorate.agent.operate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.agent.etcd.DataPlaces;
import io.quorate.agent.etcd.EtcdYaml;
import io.quorate.agent.host.Access;
import io.quorate.agent.host.CrashPoints.DurableStep;
import io.quorate.agent.host.Host;
import io.quorate.agent.host.HostProcesses.Command;
import io.quorate.agent.host.HostProcesses.Finished;
import io.quorate.agent.host.Layout;
import io.quorate.agent.operate.Operations.Done;
import io.quorate.agent.release.InstalledRelease;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.MemberConfig;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Saves a snapshot of the local member.
 *
 * <ol>
 *   <li>The member's own release saves it (or another on this host, where that carries no tools),
 *       over the member's client port, into a scratch file.
 *   <li>Its trailer must be the SHA-256 of all before it; that is found out in the one pass that
 *       takes the file's digest.
 *   <li>It is uploaded under the operation's id, and meanwhile the release's own tool must be able
 *       to read it; only with both is it called saved. An interrupted upload goes on with the same
 *       file.
 * </ol>
 */
final class SaveSnapshot {
  private static final Duration PATIENCE = Duration.ofMinutes(60);
  private static final long MARGIN = 64L << 20;

  private final Operations.Tools tools;

  SaveSnapshot(Operations.Tools tools) {
    this.tools = tools;
  }

  Done perform(String operationId, MemberConfig member, Path scratch) throws IOException {
    Host host = tools.host();
    Path saved = scratch.resolve("snapshot.db");
    Path digest = scratch.resolve("sha256");
    if (!host.stat(digest).isFile()) {
      host.removeTree(scratch);
      host.makeDirectory(scratch, Access.closed(""));
      host.crashPoints().before(DurableStep.SAVE_SNAPSHOT);
      save(member, saved);
      host.write(digest, SnapshotFile.verified(host, saved).getBytes(UTF_8), Access.SECRET);
      host.crashPoints().after(DurableStep.SAVE_SNAPSHOT);
    }
    String sha256 = host.text(digest).orElseThrow();
    host.crashPoints().before(DurableStep.UPLOAD);
    FutureTask<Void> upload =
        new FutureTask<>(
            () -> {
              tools.uploads().upload(operationId, new FileContent(host, saved, sha256));
              return null;
            });
    Thread sending = Thread.ofVirtual().name("upload").start(upload);
    SortedMap<String, String> known;
    try {
      known = facts(member, scratch, sha256);
      await(upload);
    } finally {
      sending.interrupt();
    }
    host.crashPoints().after(DurableStep.UPLOAD);
    return new Done("saved at revision " + known.getOrDefault("revision", "?"), known);
  }

  private SortedMap<String, String> facts(MemberConfig member, Path scratch, String sha256)
      throws IOException {
    Host host = tools.host();
    Path facts = scratch.resolve("facts.json");
    if (!host.stat(facts).isFile()) {
      JsonObject found =
          SnapshotFile.facts(host, scratch.resolve("snapshot.db"), sha256, reader(release(member)));
      found.put("version", release(member).release().version().toString());
      live(member, found);
      host.write(facts, found.encode().getBytes(UTF_8), Access.SECRET);
    }
    SortedMap<String, String> known = new TreeMap<>();
    new JsonObject(host.text(facts).orElseThrow())
        .forEach(entry -> known.put(entry.getKey(), "" + entry.getValue()));
    return known;
  }

  private static void await(FutureTask<Void> upload) throws IOException {
    try {
      upload.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof QuorateException refusal) {
        throw refusal;
      }
      throw new IOException(e.getCause() == null ? e.toString() : e.getCause().getMessage(), e);
    }
  }

  private void save(MemberConfig member, Path file) throws IOException {
    Layout layout = tools.layout();
    Path database = DataPlaces.of(member, layout).member().resolve("snap").resolve("db");
    long needed = tools.host().stat(database).size() + MARGIN;
    if (tools.host().freeBytes(file) < needed) {
      throw Problem.of(
              Code.Q2014,
              "a snapshot of %d bytes does not fit beside %s".formatted(needed, layout.scratch()))
          .withRemedy("free space in the file system of " + layout.scratch())
          .asException();
    }
    List<String> arguments = new ArrayList<>(etcdctl(member));
    arguments.addAll(List.of("snapshot", "save", file.toString()));
    Finished finished =
        tools.host().run(new Command(arguments, Map.of("ETCDCTL_API", "3"), PATIENCE));
    if (!finished.succeeded()) {
      throw Problem.of(Code.Q3504, "etcdctl did not save it, " + finished.lastWords())
          .asException();
    }
  }

  /** For a drill to compare with; a member that does not tell is no reason to be without. */
  private void live(MemberConfig member, JsonObject facts) throws IOException {
    long revision = Long.parseLong(facts.getString("revision"));
    AskedContent.of(tools.host(), etcdctl(member), revision)
        .ifPresent(
            content -> {
              facts.put("live.keys", Long.toString(content.keys()));
              facts.put("live.hash", Long.toString(content.hash()));
              facts.put("live.compacted", Long.toString(content.compacted()));
            });
  }

  private List<String> etcdctl(MemberConfig member) throws IOException {
    Path tls = tools.layout().tls(member.id().cluster());
    Path program =
        tools
            .releases()
            .tool(release(member), "etcdctl")
            .orElseThrow(
                () ->
                    Problem.of(
                            Code.Q2021,
                            "release %s has no etcdctl, which saves snapshots, and no other here has"
                                .formatted(member.releases().running().version()))
                        .withRemedy("add the complete archive: quorate release add FILE")
                        .asException());
    return List.of(
        program.toString(),
        "--endpoints=" + EtcdYaml.localUrl(member),
        "--cacert=" + tls.resolve("client-ca.crt"),
        "--cert=" + tls.resolve("agent.crt"),
        "--key=" + tls.resolve("agent.key"),
        "--dial-timeout=10s");
  }

  private Optional<Path> reader(InstalledRelease release) throws IOException {
    Optional<Path> etcdutl = tools.releases().tool(release, "etcdutl");
    return etcdutl.isPresent() ? etcdutl : tools.releases().tool(release, "etcdctl");
  }

  /** Of the running process, while a newer one may lie ready already. */
  private InstalledRelease release(MemberConfig member) throws IOException {
    return tools
        .releases()
        .find(member.releases().running())
        .orElseThrow(
            () -> Problem.of(Code.Q2015, "the member's release is not unpacked yet").asException());
  }
}
