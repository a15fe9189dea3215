package io.quorate.coordinator.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.coordinator.api.TestCoordinator;
import io.quorate.coordinator.api.v1.RolloutView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The rules that are shipped for Prometheus speak of what is served, and lead to runbooks. */
class PrometheusRulesTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern METRIC = Pattern.compile("quorate_[a-z0-9_]+");
  private static final Set<String> SEVERITIES = Set.of("info", "warning", "critical");
  private static final Pattern LABEL = Pattern.compile("\\$labels\\.([a-z_]+)");

  @TempDir private Path folder;

  @Test
  void everyMetricIsServedAndEveryRunbookIsThere() throws IOException {
    Set<String> unknown = new TreeSet<>();
    List<Map<String, Object>> rules = rules();
    Set<String> served = served();
    for (Map<String, Object> rule : rules) {
      METRIC
          .matcher(String.valueOf(rule.get("expr")))
          .results()
          .map(found -> found.group())
          .filter(name -> !served.contains(name))
          .forEach(unknown::add);
      Map<String, Object> annotations = dict(rule.get("annotations"));
      Path runbook = ROOT.resolve(String.valueOf(annotations.get("runbook")));
      assertTrue(Files.exists(runbook), runbook.toString());
      LABEL
          .matcher(String.valueOf(annotations.get("summary")))
          .results()
          .forEach(label -> assertTrue(LABELS.contains(label.group(1)), label.group(1)));
      assertTrue(SEVERITIES.contains(String.valueOf(dict(rule.get("labels")).get("severity"))));
    }
    assertEquals(Set.of(), unknown);
    assertEquals(rules.size(), rules.stream().map(rule -> rule.get("alert")).distinct().count());
  }

  private static final Set<String> LABELS =
      Set.of("host", "etcd_cluster", "etcd_member", "purpose", "check");

  private Set<String> served() {
    try (TestCoordinator coordinator = new TestCoordinator(folder)) {
      coordinator.control().states(RolloutView.State.FAILED);
      Set<String> names = new TreeSet<>();
      coordinator
          .get("/metrics")
          .body()
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(line -> names.add(line.replaceAll("[{ ].*", "")));
      return names;
    }
  }

  private static List<Map<String, Object>> rules() throws IOException {
    Path file = ROOT.resolve("docs/reference/prometheus-rules.yaml");
    Map<String, Object> all =
        dict(new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file)));
    return list(all.get("groups")).stream()
        .flatMap(group -> list(dict(group).get("rules")).stream())
        .map(PrometheusRulesTest::dict)
        .toList();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> dict(@Nullable Object value) {
    return (Map<String, Object>) Objects.requireNonNull(value);
  }

  private static List<?> list(@Nullable Object value) {
    return (List<?>) Objects.requireNonNull(value);
  }
}
