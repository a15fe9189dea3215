package io.quorate.agent.reconcile;

import io.quorate.agent.etcd.DataPlaces;
import io.quorate.agent.etcd.EtcdYaml;
import io.quorate.agent.host.Layout;
import io.quorate.agent.service.ServiceDefinition;
import io.quorate.agent.service.UnitSettings;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.MemberConfig;
import java.util.List;

/**
 * A document as the texts that it becomes on this host.
 *
 * @param fingerprint what the environment of a process that was started from these carries
 * @param flags the settings as flags, to ask etcd whether it knows them
 */
public record Rendered(
    String configuration,
    String environment,
    ServiceDefinition definition,
    String fingerprint,
    List<String> flags) {
  /** The variable that tells what a process was started from. */
  public static final String FINGERPRINT = "QUORATE_FINGERPRINT";

  /** In place of a fingerprint: the process may not be looked into. */
  public static final String UNREADABLE = "unreadable";

  /**
   * In place of a fingerprint: the process is on its way from its starter to etcd, or ended there.
   */
  public static final String NOT_YET = "not-yet";

  /** In place of a fingerprint: the process was started from files that somebody had edited. */
  public static final String EDITED = "edited";

  public Rendered {
    flags = List.copyOf(flags);
  }

  /**
   * @param forcing for the one start that makes a new cluster of one
   */
  public static Rendered of(MemberConfig member, Layout layout, boolean forcing) {
    ClusterName cluster = member.id().cluster();
    EtcdYaml yaml = new EtcdYaml(member, layout, forcing);
    DataPlaces places = DataPlaces.of(member, layout);
    String fingerprint = member.fingerprint() + (forcing ? "-forcing" : "");
    StringBuilder environment = new StringBuilder("# Written by Quorate; edits are put back.\n");
    environment.append(FINGERPRINT).append('=').append(fingerprint).append('\n');
    UnitSettings.environment(member.conduct().unit())
        .forEach((name, value) -> environment.append(name).append('=').append(value).append('\n'));
    return new Rendered(
        yaml.render(),
        environment.toString(),
        new ServiceDefinition(
            cluster,
            layout.release(cluster).resolve("etcd"),
            layout.etcdYaml(cluster),
            layout.environment(cluster),
            List.of(places.data(), places.walDisk()),
            member.conduct().unit()),
        fingerprint,
        yaml.flags());
  }
}
