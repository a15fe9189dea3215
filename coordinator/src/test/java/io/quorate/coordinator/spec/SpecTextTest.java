package io.quorate.coordinator.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberName;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SpecTextTest {
  private static final String FLOW_ENTRIES =
      """
      # our production cluster 🚀
      cluster: prod
      version: 3.5.16   # see ticket 4711
      members:
        # rack A
        - {name: etcd-1, host: node-1, address: 10.77.0.11}   # the old one
        # rack B
        - {name: etcd-2, host: node-2, address: 10.77.0.12, ports: {client: 22379}}
        - {name: etcd-3, host: node-3, address: 10.77.0.13} # rack C
      # standing by
      spares: [node-4, node-5]

      rollout: {canary: etcd-1, soak: 10s}
      """;

  private static final String BLOCK_ENTRIES =
      """
      allowEvenMembers: true
      members:
      - name: etcd-1
        host: node-1
        address: "10.77.0.11"
        # trailing thought

      - address: 10.77.0.12
        name: etcd-2   # second
        host: node-2
        ports:
          client: 22379

      - name: etcd-3
        host: 'node-3'
        address: 10.77.0.13
      # the end of members

      spares:
        - node-4
      version: 3.5.16
      cluster: prod
      """;

  private static final String ONE_LINE =
      "{cluster: prod, version: 3.5.16, allowEvenMembers: true, members: [{name: etcd-1, host:"
          + " node-1, address: 10.77.0.11}, {name: etcd-2, host: node-2, address: 10.77.0.12},"
          + " {name: etcd-3, host: node-3, address: 10.77.0.13}]}";

  @Test
  void theVersionAndNothingElse() {
    assertEquals(
        FLOW_ENTRIES.replace("3.5.16", "3.5.30"),
        SpecText.of(FLOW_ENTRIES).withVersion(v("3.5.30")).text());
    assertEquals(
        BLOCK_ENTRIES.replace("3.5.16", "3.5.30"),
        SpecText.of(BLOCK_ENTRIES).withVersion(v("3.5.30")).text());
    assertEquals(
        ONE_LINE.replace("3.5.16", "3.5.30"),
        SpecText.of(ONE_LINE).withVersion(v("3.5.30")).text());
  }

  @Test
  void aMoveKeepsTheNameAndUsesUpTheSpare() {
    SpecText moved =
        SpecText.of(FLOW_ENTRIES)
            .withMemberReplaced(m("etcd-2"), m("etcd-2"), h("node-4"), "10.77.0.14");
    assertEquals(
        FLOW_ENTRIES
            .replace("host: node-2, address: 10.77.0.12", "host: node-4, address: 10.77.0.14")
            .replace("[node-4, node-5]", "[node-5]"),
        moved.text());
    assertEquals(22379, moved.spec().members().get(1).clientPort());
  }

  @Test
  void aReplacementTakesTheCanaryAlong() {
    assertEquals(
        FLOW_ENTRIES
            .replace(
                "name: etcd-1, host: node-1, address: 10.77.0.11",
                "name: etcd-4, host: node-6, address: \"fd00::16\"")
            .replace("canary: etcd-1", "canary: etcd-4"),
        SpecText.of(FLOW_ENTRIES)
            .withMemberReplaced(m("etcd-1"), m("etcd-4"), h("node-6"), "fd00::16")
            .text());
  }

  @Test
  void theLastSpareTakesItsKeyAlong() {
    assertEquals(
        BLOCK_ENTRIES
            .replace("host: 'node-3'", "host: node-4")
            .replace("10.77.0.13", "10.77.0.14")
            .replace("spares:\n  - node-4\n", ""),
        SpecText.of(BLOCK_ENTRIES)
            .withMemberReplaced(m("etcd-3"), m("etcd-3"), h("node-4"), "10.77.0.14")
            .text());
  }

  @Test
  void aNewMemberComesLast() {
    String even = FLOW_ENTRIES + "allowEvenMembers: true\n";
    assertEquals(
        even.replace(
            "# rack C\n", "# rack C\n  - {name: etcd-4, host: node-6, address: etcd-4.example}\n"),
        SpecText.of(even).withMember(m("etcd-4"), h("node-6"), "etcd-4.example").text());
    assertEquals(
        BLOCK_ENTRIES.replace(
            "  address: 10.77.0.13\n",
            "  address: 10.77.0.13\n- {name: etcd-4, host: node-6, address: 10.77.0.16}\n"),
        SpecText.of(BLOCK_ENTRIES).withMember(m("etcd-4"), h("node-6"), "10.77.0.16").text());
    assertEquals(
        ONE_LINE.replace(
            "10.77.0.13}]", "10.77.0.13}, {name: etcd-4, host: node-6, address: 10.77.0.16}]"),
        SpecText.of(ONE_LINE).withMember(m("etcd-4"), h("node-6"), "10.77.0.16").text());
  }

  @Test
  void aMemberGoesWithItsLines() {
    String even = FLOW_ENTRIES + "allowEvenMembers: true\n";
    assertEquals(
        even.replace("  - {name: etcd-3, host: node-3, address: 10.77.0.13} # rack C\n", ""),
        SpecText.of(even).withoutMember(m("etcd-3")).text());
    assertEquals(
        BLOCK_ENTRIES.replace(
            """
            - address: 10.77.0.12
              name: etcd-2   # second
              host: node-2
              ports:
                client: 22379
            """,
            ""),
        SpecText.of(BLOCK_ENTRIES).withoutMember(m("etcd-2")).text());
    for (int i = 1; i <= 3; i++) {
      SpecText rest = SpecText.of(ONE_LINE).withoutMember(m("etcd-" + i));
      assertEquals(2, rest.spec().members().size());
      assertEquals(
          ONE_LINE
              .replace(
                  "{name: etcd-%d, host: node-%d, address: 10.77.0.1%d}".formatted(i, i, i), "")
              .replace("[, ", "[")
              .replace(", , ", ", ")
              .replace(", ]", "]"),
          rest.text());
    }
  }

  @Test
  void windowsLineEndsStay() {
    String text = BLOCK_ENTRIES.replace("\n", "\r\n");
    SpecText changed =
        SpecText.of(text)
            .withMember(m("etcd-4"), h("node-6"), "10.77.0.16")
            .withoutMember(m("etcd-1"))
            .withVersion(v("3.5.30"));
    assertEquals(
        List.of("etcd-2", "etcd-3", "etcd-4"),
        changed.spec().members().stream().map(member -> member.name().value()).toList());
    assertEquals(
        changed.text().lines().count(), changed.text().chars().filter(c -> c == '\r').count());
  }

  @Test
  void addedAndRemovedAgainIsTheSameText() {
    for (String text : List.of(BLOCK_ENTRIES, ONE_LINE, FLOW_ENTRIES + "allowEvenMembers: true")) {
      assertEquals(
          text,
          SpecText.of(text)
              .withMember(m("etcd-9"), h("node-9"), "10.77.0.19")
              .withoutMember(m("etcd-9"))
              .text());
    }
  }

  @Test
  void aResultThatIsNoGoodFileIsRefused() {
    SpecText text = SpecText.of(FLOW_ENTRIES);
    assertEquals(Code.Q1009, refused(() -> text.withoutMember(m("etcd-3"))));
    assertEquals(
        Code.Q1008,
        refused(() -> text.withMemberReplaced(m("etcd-1"), m("etcd-1"), h("node-2"), "10.9.9.9")));
    assertEquals(
        Code.Q1008,
        refused(() -> text.withMemberReplaced(m("etcd-1"), m("etcd-3"), h("node-9"), "10.9.9.9")));
    assertEquals(
        Code.Q1004,
        refused(() -> text.withMemberReplaced(m("etcd-1"), m("etcd-1"), h("node-9"), "10.9.9")));
    assertEquals(Code.Q1008, refused(() -> text.withMember(m("etcd-1"), h("node-9"), "10.9.9.9")));
    assertEquals(Code.Q1004, refused(() -> text.withoutMember(m("etcd-9"))));
    assertEquals(Code.Q3202, refused(() -> text.withVersion(v("3.5.1"))));
    assertEquals(Code.Q1005, refused(() -> SpecText.of("version: 3.5.16\n")));
  }

  @Test
  void anAddressCannotBringMoreThanAnAddress() {
    SpecText text = SpecText.of(ONE_LINE);
    for (String address : List.of("10.0.0.1}, {name: x", "a\nversion: 3.4.0", "\"", "x: y", "#")) {
      Code code =
          refused(() -> text.withMemberReplaced(m("etcd-1"), m("etcd-1"), h("node-1"), address));
      assertTrue(code.name().startsWith("Q10"), address + " " + code);
    }
  }

  @Test
  void aLayoutThatCannotBeChangedInPlaceIsLeftToPeople() {
    String odd = ONE_LINE.replace("11}, {name: etcd-2", "11} # one\n , {name: etcd-2");
    assertEquals(Code.Q1001, refused(() -> SpecText.of(odd).withoutMember(m("etcd-1"))));
  }

  private static Code refused(org.junit.jupiter.api.function.Executable change) {
    return assertThrows(QuorateException.class, change).problem().code();
  }

  private static EtcdVersion v(String text) {
    return EtcdVersion.parse(text);
  }

  private static MemberName m(String text) {
    return MemberName.of(text);
  }

  private static HostName h(String text) {
    return HostName.of(text);
  }
}
