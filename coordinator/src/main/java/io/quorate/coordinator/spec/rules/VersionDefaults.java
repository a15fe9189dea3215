package io.quorate.coordinator.spec.rules;

import io.quorate.common.model.Setting;
import java.util.Map;

/**
 * What Quorate prefers over etcd's own default, for the versions where that default is the worse
 * one. An owner's word always wins.
 */
final class VersionDefaults {
  /** 3.5 turned it on for everybody: a member that comes back must not depose a healthy leader. */
  private static final Map<String, Setting> FOR_3_4 = Map.of("pre-vote", new Setting.Truth(true));

  private VersionDefaults() {}

  static Map<String, Setting> of(String minor) {
    return minor.equals("3.4") ? FOR_3_4 : Map.of();
  }
}
