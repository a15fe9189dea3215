package io.quorate.lab;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a {@link WritingClient} saw, and what it found when it read everything back.
 *
 * @param attempted writes begun
 * @param acknowledged writes that etcd said were done
 * @param failed writes that gave up; etcd may have done them all the same
 * @param retries attempts beyond each write's first
 * @param verified whether reading back worked; the four counts after it mean nothing otherwise
 * @param lost acknowledged writes that are not there
 * @param wrong keys whose value is not the one written
 * @param foreign keys that were never written
 * @param failedButThere failed writes that etcd had done
 * @param medianMillis from when a write was due until it was acknowledged
 * @param worstMillis the longest of the acknowledged
 * @param longestSilenceMillis the longest time without any acknowledgement
 * @param errors how often each error was seen, by attempt
 */
public record WritingSummary(
    long attempted,
    long acknowledged,
    long failed,
    long retries,
    boolean verified,
    long lost,
    long wrong,
    long foreign,
    long failedButThere,
    double medianMillis,
    double p99Millis,
    double worstMillis,
    double longestSilenceMillis,
    Map<String, Long> errors) {

  public WritingSummary {
    errors = Map.copyOf(errors);
  }

  /** Every acknowledged write is there as written, and nothing else is. */
  public boolean nothingLost() {
    return verified && lost == 0 && wrong == 0 && foreign == 0;
  }

  public String toJson() {
    JsonObject json = new JsonObject();
    json.put("attempted", attempted).put("acknowledged", acknowledged).put("failed", failed);
    json.put("retries", retries).put("verified", verified);
    json.put("lost", lost).put("wrong", wrong).put("foreign", foreign);
    json.put("failedButThere", failedButThere);
    json.put("medianMillis", medianMillis).put("p99Millis", p99Millis);
    json.put("worstMillis", worstMillis).put("longestSilenceMillis", longestSilenceMillis);
    json.put("errors", new JsonObject(new TreeMap<>(errors)));
    return json.encode();
  }

  public static WritingSummary parse(String text) {
    JsonObject json = new JsonObject(text);
    Map<String, Long> errors = new TreeMap<>();
    JsonObject counts = json.getJsonObject("errors");
    counts.fieldNames().forEach(error -> errors.put(error, counts.getLong(error)));
    return new WritingSummary(
        json.getLong("attempted"),
        json.getLong("acknowledged"),
        json.getLong("failed"),
        json.getLong("retries"),
        json.getBoolean("verified"),
        json.getLong("lost"),
        json.getLong("wrong"),
        json.getLong("foreign"),
        json.getLong("failedButThere"),
        json.getDouble("medianMillis"),
        json.getDouble("p99Millis"),
        json.getDouble("worstMillis"),
        json.getDouble("longestSilenceMillis"),
        errors);
  }
}
