package io.quorate.agent.operate;

import io.quorate.agent.host.Host;
import io.quorate.agent.host.HostProcesses.Command;
import io.quorate.agent.host.HostProcesses.Finished;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an etcd answers about its content at one revision: how many keys there are, and the hash of
 * the key space since the compacted revision. Two that answer the same hold the same.
 *
 * @param compacted only hashes since the same revision can be compared
 */
record AskedContent(long keys, long hash, long compacted) {
  private static final Duration ASKING = Duration.ofMinutes(2);

  /**
   * @param etcdctl the program, and how it reaches and proves itself to the one that is asked
   * @return empty when it does not tell: it is away, compacted that revision, or asks for a user
   */
  static Optional<AskedContent> of(Host host, List<String> etcdctl, long revision)
      throws IOException {
    Finished hashed =
        ask(host, etcdctl, List.of("endpoint", "hashkv", "--rev=" + revision, "--write-out=json"));
    Finished counted =
        ask(
            host,
            etcdctl,
            List.of(
                "get",
                "",
                "--from-key",
                "--count-only",
                "--rev=" + revision,
                "--write-out=fields"));
    if (!hashed.succeeded() || !counted.succeeded()) {
      return Optional.empty();
    }
    try {
      JsonObject hash = new JsonArray(hashed.output()).getJsonObject(0).getJsonObject("HashKV");
      return field(counted, "Count")
          .map(
              keys ->
                  new AskedContent(
                      keys, hash.getLong("hash"), hash.getLong("compact_revision", 0L)));
    } catch (DecodeException | IndexOutOfBoundsException | NullPointerException e) {
      return Optional.empty(); // an etcdctl that tells it otherwise proves nothing
    }
  }

  private static Finished ask(Host host, List<String> etcdctl, List<String> question)
      throws IOException {
    List<String> all = new ArrayList<>(etcdctl);
    all.add("--command-timeout=60s");
    all.addAll(question);
    return host.run(new Command(all, Map.of("ETCDCTL_API", "3"), ASKING));
  }

  /** Counting is told in this form only: one {@code "Name" : value} a line. */
  private static Optional<Long> field(Finished said, String name) {
    return said.output()
        .lines()
        .filter(line -> line.startsWith('"' + name + "\" : "))
        .map(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst();
  }
}
