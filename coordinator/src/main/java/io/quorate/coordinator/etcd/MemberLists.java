package io.quorate.coordinator.etcd;

import io.quorate.coordinator.plan.EtcdView.Member;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/** Tells whether two members hold the same list. */
public final class MemberLists {
  private MemberLists() {}

  /** Over what membership changes write; the order and the client URLs do not count. */
  public static String digest(List<Member> members) {
    StringBuilder text = new StringBuilder();
    members.stream()
        .sorted(Comparator.comparing(Member::id))
        .forEach(
            member ->
                text.append(Long.toHexString(member.id()))
                    .append(' ')
                    .append(member.name())
                    .append(member.learner() ? " learner " : " voter ")
                    .append(member.peerUrls().stream().sorted().toList())
                    .append('\n'));
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
