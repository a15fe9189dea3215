package io.quorate.coordinator.store;

import io.quorate.common.error.Code;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Seed;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.spec.ClusterSpec;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A cluster's intent as JSON: exact, so that what is read is what was written. Ids are hex, times
 * RFC 3339, specs their owner's text. A key that an older version did not write reads as absent.
 */
public final class IntentJson {
  private IntentJson() {}

  public static JsonObject write(Intent intent, Optional<String> previousText) {
    JsonObject json =
        new JsonObject()
            .put("revision", intent.revision())
            .put("foundation", foundation(intent.foundation()))
            .put("control", control(intent.control()))
            .put("restarts", map(intent.restarts()))
            .put("certificates", map(intent.certificates()))
            .put("learnersGivenUp", map(intent.learnersGivenUp()))
            .put("snapshots", new JsonArray(each(intent.snapshots(), IntentJson::snapshot)))
            .put("exports", new JsonArray(each(intent.exports(), IntentJson::export)));
    previousText.ifPresent(text -> json.put("previous", text));
    intent.failure().ifPresent(failure -> json.put("failure", failure(failure)));
    return json;
  }

  public static Intent read(JsonObject json, Function<String, ClusterSpec> reader) {
    SortedMap<MemberName, Integer> givenUp = new TreeMap<>();
    JsonObject givenUpJson = object(json, "learnersGivenUp");
    givenUpJson
        .fieldNames()
        .forEach(name -> givenUp.put(MemberName.of(name), givenUpJson.getInteger(name)));
    return new Intent(
        whole(json, "revision"),
        foundation(object(json, "foundation")),
        control(object(json, "control")),
        Optional.ofNullable(json.getString("previous")).map(reader),
        counters(object(json, "restarts")),
        counters(object(json, "certificates")),
        givenUp,
        each(objects(json, "snapshots"), IntentJson::snapshot),
        each(objects(json, "exports"), IntentJson::export),
        Optional.ofNullable(json.getJsonObject("failure")).map(IntentJson::failure));
  }

  private static SortedMap<MemberName, Long> counters(JsonObject json) {
    SortedMap<MemberName, Long> counters = new TreeMap<>();
    json.fieldNames().forEach(name -> counters.put(MemberName.of(name), json.getLong(name)));
    return counters;
  }

  private static JsonObject foundation(Intent.Foundation foundation) {
    return new JsonObject()
        .put("token", foundation.token())
        .put("seed", seed(foundation.seed()))
        .put("supersedes", new JsonArray(foundation.supersedes()))
        .put("formed", foundation.formed())
        .put("clusterId", Long.toHexString(foundation.clusterId()))
        .put("founders", new JsonArray(each(foundation.founders(), MemberName::value)))
        .put("committed", foundation.committed());
  }

  private static Intent.Foundation foundation(JsonObject json) {
    return new Intent.Foundation(
        text(json, "token"),
        seed(object(json, "seed")),
        texts(json, "supersedes"),
        truth(json, "formed"),
        Long.parseUnsignedLong(text(json, "clusterId"), 16),
        each(texts(json, "founders"), MemberName::of),
        json.getLong("committed", 0L));
  }

  private static JsonObject seed(Seed seed) {
    return switch (seed) {
      case Seed.Empty empty -> new JsonObject().put("kind", "empty");
      case Seed.Snapshot snapshot ->
          new JsonObject()
              .put("kind", "snapshot")
              .put("sha256", snapshot.sha256())
              .put("size", snapshot.size())
              .put("bumpRevision", snapshot.bumpRevision())
              .put("markCompacted", snapshot.markCompacted())
              .put("skipHashCheck", snapshot.skipHashCheck());
      case Seed.Copy copy ->
          new JsonObject()
              .put("kind", "copy")
              .put("sha256", copy.sha256())
              .put("size", copy.size());
      case Seed.Forced forced ->
          new JsonObject().put("kind", "forced").put("fromLineage", forced.fromLineage());
    };
  }

  private static Seed seed(JsonObject json) {
    String kind = text(json, "kind");
    return switch (kind) {
      case "empty" -> new Seed.Empty();
      case "snapshot" ->
          new Seed.Snapshot(
              text(json, "sha256"),
              whole(json, "size"),
              whole(json, "bumpRevision"),
              truth(json, "markCompacted"),
              truth(json, "skipHashCheck"));
      case "copy" -> new Seed.Copy(text(json, "sha256"), whole(json, "size"));
      case "forced" -> new Seed.Forced(text(json, "fromLineage"));
      default -> throw new IllegalArgumentException("unknown kind of seed " + kind);
    };
  }

  private static JsonObject control(Intent.Control control) {
    return new JsonObject()
        .put("mode", control.mode().name())
        .put("by", control.by())
        .put("reason", control.reason())
        .put("limit", new JsonArray(each(control.limit(), MemberName::value)))
        .put("turningBack", control.turningBack())
        .put("since", control.since().toString());
  }

  private static Intent.Control control(JsonObject json) {
    return new Intent.Control(
        Intent.Mode.valueOf(text(json, "mode")),
        text(json, "by"),
        text(json, "reason"),
        each(texts(json, "limit"), MemberName::of),
        truth(json, "turningBack"),
        instant(json, "since"));
  }

  private static JsonObject snapshot(Intent.SnapshotInfo snapshot) {
    return new JsonObject()
        .put("id", snapshot.id())
        .put("at", snapshot.at().toString())
        .put("revision", snapshot.revision())
        .put("size", snapshot.sizeBytes())
        .put("verified", snapshot.verified());
  }

  private static Intent.SnapshotInfo snapshot(JsonObject json) {
    return new Intent.SnapshotInfo(
        text(json, "id"),
        instant(json, "at"),
        whole(json, "revision"),
        whole(json, "size"),
        truth(json, "verified"));
  }

  private static JsonObject export(Intent.Exported export) {
    return new JsonObject()
        .put("member", export.member().value())
        .put("lineage", export.lineage())
        .put("sha256", export.sha256())
        .put("size", export.sizeBytes())
        .put("at", export.at().toString());
  }

  private static Intent.Exported export(JsonObject json) {
    return new Intent.Exported(
        MemberName.of(text(json, "member")),
        text(json, "lineage"),
        text(json, "sha256"),
        whole(json, "size"),
        // Written without it by earlier versions: then it is too old for any move.
        json.containsKey("at") ? instant(json, "at") : Instant.EPOCH);
  }

  private static JsonObject failure(Intent.Failure failure) {
    return new JsonObject()
        .put("code", failure.reason().code().name())
        .put("sentence", failure.reason().sentence())
        .put("remedy", failure.reason().remedy())
        .put("step", failure.step())
        .put("at", failure.at().toString());
  }

  private static Intent.Failure failure(JsonObject json) {
    return new Intent.Failure(
        new Hold(Code.valueOf(text(json, "code")), text(json, "sentence"), text(json, "remedy")),
        text(json, "step"),
        instant(json, "at"));
  }

  private static JsonObject map(SortedMap<MemberName, ? extends Number> map) {
    JsonObject json = new JsonObject();
    map.forEach((member, number) -> json.put(member.value(), number));
    return json;
  }

  private static <A, B> List<B> each(List<A> list, Function<A, B> change) {
    return list.stream().map(change).toList();
  }

  private static JsonObject object(JsonObject json, String key) {
    JsonObject value = json.getJsonObject(key);
    return value == null ? new JsonObject() : value;
  }

  private static List<JsonObject> objects(JsonObject json, String key) {
    JsonArray array = json.getJsonArray(key);
    return array == null ? List.of() : array.stream().map(JsonObject.class::cast).toList();
  }

  private static List<String> texts(JsonObject json, String key) {
    JsonArray array = json.getJsonArray(key);
    return array == null ? List.of() : array.stream().map(String.class::cast).toList();
  }

  private static String text(JsonObject json, String key) {
    return there(key, json.getString(key));
  }

  private static long whole(JsonObject json, String key) {
    return there(key, json.getLong(key));
  }

  private static boolean truth(JsonObject json, String key) {
    return Boolean.TRUE.equals(json.getBoolean(key));
  }

  private static Instant instant(JsonObject json, String key) {
    return Instant.parse(text(json, key));
  }

  private static <T> T there(String key, @Nullable T value) {
    if (value == null) {
      throw new IllegalArgumentException("an intent without " + key);
    }
    return value;
  }
}
