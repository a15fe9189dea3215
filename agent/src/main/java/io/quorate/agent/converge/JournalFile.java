package io.quorate.agent.converge;

import io.quorate.agent.reconcile.Memory;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostConfig;
import io.quorate.common.model.OperationOutcome;
import io.quorate.common.wire.WireMapper;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The journal's content; documents are kept as they came over the wire. */
record JournalFile(
    long epoch,
    long generation,
    Optional<HostConfig> document,
    List<Done> done,
    SortedMap<ClusterName, Memory> memories) {
  private static final int FORMAT = 1;
  private static final int OUTCOMES_KEPT = 200;

  JournalFile {
    done = List.copyOf(done);
  }

  record Done(String digest, OperationOutcome outcome) {}

  static JournalFile empty() {
    return new JournalFile(0, 0, Optional.empty(), List.of(), new TreeMap<>());
  }

  Optional<Done> done(String operationId) {
    return done.stream().filter(it -> it.outcome.operationId().equals(operationId)).findFirst();
  }

  Memory memory(ClusterName cluster) {
    return memories.getOrDefault(cluster, Memory.none());
  }

  /** Whom the coordinator tells anything but a recovery, it knows: it was not alone since. */
  JournalFile withDocument(HostConfig newDocument) {
    SortedMap<ClusterName, Memory> told = new TreeMap<>(memories);
    newDocument.members().stream()
        .filter(member -> !member.conduct().mindsRecovery())
        .forEach(
            member ->
                told.computeIfPresent(
                    member.id().cluster(), (cluster, memory) -> memory.withAlone("")));
    return new JournalFile(
        newDocument.epoch(), newDocument.generation(), Optional.of(newDocument), done, told);
  }

  JournalFile withEpoch(long newEpoch) {
    return new JournalFile(newEpoch, generation, document, done, memories);
  }

  JournalFile withDone(Done more) {
    List<Done> all = new ArrayList<>(done);
    all.add(more);
    List<Done> kept = all.subList(Math.max(0, all.size() - OUTCOMES_KEPT), all.size());
    return new JournalFile(epoch, generation, document, kept, memories);
  }

  JournalFile withMemory(ClusterName cluster, Memory memory) {
    SortedMap<ClusterName, Memory> all = new TreeMap<>(memories);
    all.put(cluster, memory);
    return new JournalFile(epoch, generation, document, done, all);
  }

  String toJson() {
    JsonObject members = new JsonObject();
    memories.forEach((cluster, memory) -> members.put(cluster.value(), json(memory)));
    JsonArray outcomes = new JsonArray();
    for (Done one : done) {
      outcomes.add(
          new JsonObject()
              .put("digest", one.digest)
              .put("outcome", text(WireMapper.encode(one.outcome))));
    }
    JsonObject json =
        new JsonObject()
            .put("format", FORMAT)
            .put("epoch", epoch)
            .put("generation", generation)
            .put("outcomes", outcomes)
            .put("members", members);
    document.ifPresent(it -> json.put("document", text(WireMapper.encode(it))));
    return json.encodePrettily();
  }

  static JournalFile read(String text) {
    try {
      JsonObject json = new JsonObject(text);
      if (json.getInteger("format") != FORMAT) {
        throw unreadable("its format is of another version of the agent");
      }
      List<Done> done = new ArrayList<>();
      JsonArray outcomes = json.getJsonArray("outcomes");
      for (int i = 0; i < outcomes.size(); i++) {
        JsonObject one = outcomes.getJsonObject(i);
        done.add(
            new Done(
                one.getString("digest"),
                WireMapper.decodeOutcome(bytes(one.getString("outcome")))));
      }
      SortedMap<ClusterName, Memory> memories = new TreeMap<>();
      JsonObject members = json.getJsonObject("members");
      for (String cluster : members.fieldNames()) {
        memories.put(ClusterName.of(cluster), memory(members.getJsonObject(cluster)));
      }
      return new JournalFile(
          json.getLong("epoch"),
          json.getLong("generation"),
          document(json.getString("document")),
          done,
          memories);
    } catch (DecodeException | ClassCastException | NullPointerException e) {
      throw unreadable(String.valueOf(e.getMessage()));
    }
  }

  /** One that this version of the agent cannot read any more is sent again by the coordinator. */
  private static Optional<HostConfig> document(@org.jspecify.annotations.Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(WireMapper.decodeDocument(bytes(text)));
    } catch (QuorateException e) {
      return Optional.empty();
    }
  }

  private static RuntimeException unreadable(String why) {
    return Problem.of(Code.Q2020, "the agent's journal cannot be read: " + why)
        .withState("every etcd runs on")
        .withRemedy("restore journal.json, or move it away and let the host join again")
        .asException();
  }

  private static JsonObject json(Memory memory) {
    JsonObject written = new JsonObject();
    memory.written().forEach(written::put);
    return new JsonObject()
        .put("started", new JsonArray(new ArrayList<>(memory.started())))
        .put("left", new JsonArray(new ArrayList<>(memory.left())))
        .put("applied", memory.applied())
        .put("attempted", memory.attempted())
        .put("edited", memory.edited())
        .put("alone", memory.alone())
        .put("written", written);
  }

  private static Memory memory(JsonObject json) {
    TreeSet<String> started = new TreeSet<>();
    json.getJsonArray("started").forEach(it -> started.add("" + it));
    TreeSet<String> left = new TreeSet<>();
    json.getJsonArray("left", new JsonArray()).forEach(it -> left.add("" + it));
    TreeMap<String, String> written = new TreeMap<>();
    json.getJsonObject("written").forEach(it -> written.put(it.getKey(), "" + it.getValue()));
    return new Memory(
        started,
        left,
        json.getString("applied"),
        json.getString("attempted"),
        json.getString("edited"),
        json.getString("alone", ""),
        written);
  }

  private static String text(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static byte[] bytes(String text) {
    return Base64.getDecoder().decode(text);
  }
}
