package io.quorate.coordinator.etcd.live;

import io.quorate.common.model.EtcdVersion;
import io.quorate.coordinator.etcd.Access;
import io.quorate.coordinator.etcd.MemberLists;
import io.quorate.coordinator.etcd.rpc.Member;
import io.quorate.coordinator.etcd.rpc.MemberListResponse;
import io.quorate.coordinator.etcd.rpc.StatusResponse;
import io.quorate.coordinator.plan.EtcdView.Alarm;
import io.quorate.coordinator.plan.EtcdView.Database;
import io.quorate.coordinator.plan.EtcdView.MemberList;
import io.quorate.coordinator.plan.EtcdView.Raft;
import io.quorate.coordinator.plan.EtcdView.Status;
import io.quorate.coordinator.plan.EtcdView.Versions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What one member said in one observation, and the records that are made of it. */
record Answer(
    Access.Target target,
    StatusResponse status,
    Optional<MemberListResponse> ownList,
    Optional<String> clusterVersion,
    Optional<MemberListResponse> agreedList) {
  private static final Pattern ALARM = Pattern.compile("memberID:(\\d+)\\s+alarm:(\\w+)");
  private static final Pattern VERSION = Pattern.compile("v?(\\d+\\.\\d+\\.\\d+)");
  private static final EtcdVersion UNKNOWN_VERSION = new EtcdVersion(0, 0, 0);

  long clusterId() {
    return status.getHeader().getClusterId();
  }

  long memberId() {
    return status.getHeader().getMemberId();
  }

  boolean leads() {
    return memberId() == status.getLeader();
  }

  /** One that answers for another cluster is a stranger at this address, and says so. */
  Status asStatus(Optional<MemberList> agreed) {
    List<String> errors = new ArrayList<>(status.getErrorsList());
    agreed
        .filter(list -> list.clusterId() != clusterId())
        .ifPresent(
            list ->
                errors.add(
                    "answers for the cluster %x, not for %x"
                        .formatted(clusterId(), list.clusterId())));
    Optional<EtcdVersion> server = version(status.getVersion());
    if (server.isEmpty()) {
      errors.add("unknown version '%s'".formatted(status.getVersion()));
    }
    return new Status(
        memberId(),
        new Versions(
            server.orElse(UNKNOWN_VERSION),
            clusterVersion.flatMap(Answer::version),
            version(status.getStorageVersion())),
        status.getLeader(),
        status.getIsLearner(),
        new Raft(status.getRaftTerm(), status.getRaftIndex(), status.getRaftAppliedIndex()),
        new Database(status.getDbSize(), status.getDbSizeInUse(), status.getDbSizeQuota()),
        errors,
        ownList.map(list -> MemberLists.digest(members(list))).orElse(""));
  }

  Optional<MemberList> agreed() {
    return agreedList.map(list -> new MemberList(list.getHeader().getClusterId(), members(list)));
  }

  /**
   * Etcd repeats every alarm among the errors of its status. Asking for alarms would be a proposal
   * to raft each time, down to the disk.
   */
  Stream<Alarm> alarms() {
    return status.getErrorsList().stream().flatMap(Answer::alarm);
  }

  private static Stream<Alarm> alarm(String error) {
    Matcher matcher = ALARM.matcher(error);
    return matcher.find()
        ? Stream.of(new Alarm(Long.parseUnsignedLong(matcher.group(1)), matcher.group(2)))
        : Stream.empty();
  }

  private static Optional<EtcdVersion> version(String text) {
    Matcher matcher = VERSION.matcher(text);
    return matcher.lookingAt()
        ? Optional.of(EtcdVersion.parse(matcher.group(1)))
        : Optional.empty();
  }

  private static List<io.quorate.coordinator.plan.EtcdView.Member> members(
      MemberListResponse list) {
    return list.getMembersList().stream()
        .map(Answer::member)
        .sorted(Comparator.comparing(io.quorate.coordinator.plan.EtcdView.Member::id))
        .toList();
  }

  private static io.quorate.coordinator.plan.EtcdView.Member member(Member member) {
    return new io.quorate.coordinator.plan.EtcdView.Member(
        member.getID(),
        member.getName(),
        member.getPeerURLsList(),
        member.getClientURLsList(),
        member.getIsLearner());
  }
}
