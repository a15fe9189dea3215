package io.quorate.agent.etcd;

import io.quorate.common.model.ClusterName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Release;
import io.quorate.common.model.Seed;
import io.quorate.common.model.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Documents for tests. */
public final class Members {
  private Members() {}

  /** A founder of a cluster of one, under that directory. */
  public static MemberConfig one(
      String cluster, String name, Path data, Release release, int clientPort, int peerPort) {
    MemberConfig.Endpoints endpoints =
        new MemberConfig.Endpoints("127.0.0.1", clientPort, peerPort);
    return new MemberConfig(
        new MemberConfig.Id(ClusterName.of(cluster), MemberName.of(name)),
        endpoints,
        new MemberConfig.Directories(
            data.resolve(cluster).toString(), data.resolve(cluster + "-wal").toString()),
        new MemberConfig.Releases(release, List.of(release)),
        new TreeMap<>(Map.of("quota-backend-bytes", new Setting.Whole(1L << 30))),
        new MemberConfig.Data("token-1", new Seed.Empty(), List.of()),
        new MemberConfig.Formation(
            new TreeMap<>(Map.of(name, endpoints.peerUrl())), false, "token-1"),
        new MemberConfig.Certificates(List.of(), "", Duration.ofDays(90), 0),
        new MemberConfig.Conduct(
            MemberConfig.Run.RUNNING,
            0,
            MemberConfig.Drift.REPAIR,
            new TreeMap<>(),
            Optional.empty()));
  }

  public static MemberConfig founded(MemberConfig member, Map<String, String> founders) {
    return member.withFormation(
        new MemberConfig.Formation(new TreeMap<>(founders), false, member.formation().token()));
  }

  public static MemberConfig accepting(MemberConfig member) {
    return accepting(member, "test");
  }

  /** Accepted because the quorum is gone. */
  public static MemberConfig recovering(MemberConfig member) {
    return accepting(member, MemberConfig.Conduct.RECOVERY);
  }

  private static MemberConfig accepting(MemberConfig member, String why) {
    MemberConfig.Conduct conduct = member.conduct();
    return member.withConduct(
        new MemberConfig.Conduct(
            conduct.run(),
            conduct.restartSerial(),
            conduct.drift(),
            conduct.unit(),
            Optional.of(why)));
  }

  public static MemberConfig restarted(MemberConfig member, long serial) {
    MemberConfig.Conduct conduct = member.conduct();
    return member.withConduct(
        new MemberConfig.Conduct(
            conduct.run(), serial, conduct.drift(), conduct.unit(), conduct.acceptedQuorumLoss()));
  }

  public static MemberConfig drift(MemberConfig member, MemberConfig.Drift drift) {
    MemberConfig.Conduct conduct = member.conduct();
    return member.withConduct(
        new MemberConfig.Conduct(
            conduct.run(),
            conduct.restartSerial(),
            drift,
            conduct.unit(),
            conduct.acceptedQuorumLoss()));
  }

  public static MemberConfig data(MemberConfig member, String lineage, Seed seed, String... gone) {
    return member.withData(new MemberConfig.Data(lineage, seed, List.of(gone)));
  }
}
