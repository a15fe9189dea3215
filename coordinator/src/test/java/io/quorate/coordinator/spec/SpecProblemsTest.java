package io.quorate.coordinator.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a file, where, and in which words. */
final class SpecProblemsTest {
  private static final String GOOD = SpecFileTest.SHORT;

  /** Line 7 is the first after the good file. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // keys
        "versoin: 3.5.30 | 7:1 Q1002 unknown key 'versoin' — did you mean 'version'?",
        "backups: {every: 6h} | 7:1 Q1002 unknown key 'backups' — did you mean 'backup'?",
        "colour: blue | 7:1 Q1002 unknown key 'colour'",
        "rollout: {soak: 10s, canarysoak: 1m} | 7:22 Q1002 unknown key 'canarysoak' — did you mean 'canarySoak'?",
        "etcd: {quota-backend-byte: 8GiB} | 7:8 Q1002 unknown key 'quota-backend-byte' — did you mean 'quota-backend-bytes'?",
        "etcd: {quota_backend_bytes: 8GiB} | 7:8 Q1002 unknown key 'quota_backend_bytes' — did you mean 'quota-backend-bytes'?",
        "unit: {LimitNOFILES: 65536} | 7:8 Q1002 unknown key 'LimitNOFILES' — did you mean 'LimitNOFILE'?",
        "unit: {ExecStartPre: /bin/sh} | 7:8 Q1002 unknown key 'ExecStartPre'",
        "<<: {drift: report} | 7:1 Q1002 unknown key '<<'",
        "[a, b]: c | 7:1 Q1002 unknown key: a list",
        "cluster: other | 7:1 Q1003 duplicate key 'cluster'",
        "ports: {client: 2379, client: 2380} | 7:23 Q1003 duplicate key 'client'",
        // types
        "ports: 2379 | 7:8 Q1004 'ports' is to be a mapping, not '2379'",
        "ports: {client: [1]} | 7:17 Q1004 'client' is to be one value, not a list",
        "spares: node-4 | 7:9 Q1004 'spares' is to be a list, not 'node-4'",
        "drift: | 7:7 Q1004 'drift' has no value",
        "drift: ~ | 7:8 Q1004 'drift' has no value",
        "drift: maybe | 7:8 Q1004 'drift' is to be one of repair, report, not 'maybe'",
        "allowDowntime: yes | 7:16 Q1004 'allowDowntime' is to be true or false, not 'yes'",
        // ports
        "ports: {client: 0} | 7:17 Q1004 'client' is to be a whole number from 1 to 65535, not '0'",
        "ports: {client: -1} | 7:17 Q1004 'client' is to be a whole number from 1 to 65535, not '-1'",
        "ports: {peer: 65536} | 7:15 Q1004 'peer' is to be a whole number from 1 to 65535, not '65536'",
        "ports: {peer: 9223372036854775808} | 7:15 Q1004 'peer' is to be a whole number from 1 to 65535, not '9223372036854775808'",
        "ports: {peer: .nan} | 7:15 Q1004 'peer' is to be a whole number from 1 to 65535, not '.nan'",
        "ports: {peer: 0x94c} | 7:15 Q1004 'peer' is to be a whole number from 1 to 65535, not '0x94c'",
        "ports: {client: 2380} | 7:8 Q1008 clients and peers share port 2380",
        // spans and sizes
        "rollout: {soak: 10} | 7:17 Q1004 'soak' is to be a span of time from 0s to 1d such as 100ms, 10s, 1h or 7d, not '10'",
        "rollout: {soak: -1s} | 7:17 Q1004 'soak' is to be a span of time from 0s to 1d such as 100ms, 10s, 1h or 7d, not '-1s'",
        "rollout: {memberDeadline: 0s} | 7:27 Q1004 'memberDeadline' is to be a span of time from 10s to 1d such as 100ms, 10s, 1h or 7d, not '0s'",
        "rollout: {freeDisk: lots} | 7:21 Q1004 'freeDisk' is to be how many times the database must fit, such as 2 or 1.5, not 'lots'",
        "rollout: {canary: etcd-4} | 7:11 Q1004 the canary 'etcd-4' is not a member — did you mean 'etcd-1'?",
        "backup: {keep: 0} | 7:16 Q1004 'keep' is to be a whole number from 1 to 10000, not '0'",
        "replaceAfter: 5s | 7:15 Q1004 'replaceAfter' is to be a span of time from 10s to 31d such as 100ms, 10s, 1h or 7d, not '5s'",
        "certificates: {key: dsa} | 7:21 Q1004 unknown key algorithm",
        "certificates: {names: ['*.example']} | 7:24 Q1004 address '*.example' is neither IPv4, IPv6 nor a DNS name in lower case",
        // etcd's settings
        "etcd: {quota-backend-bytes: 8GB} | 7:29 Q1004 'quota-backend-bytes' is to be a size from 1MiB to 1TiB such as 8GiB, 512MiB or a number of bytes, not '8GB'",
        "etcd: {heartbeat-interval: 0} | 7:28 Q1004 'heartbeat-interval' is to be a span of time from 1ms to 10s such as 100ms, 10s or 1h, not '0'",
        "etcd: {heartbeat-interval: 1s, election-timeout: 4s} | 7:32 Q1004 election-timeout is to be at least five times the heartbeat-interval",
        "etcd: {auto-compaction-mode: revision} | 7:8 Q1005 auto-compaction-mode 'revision' needs auto-compaction-retention",
        "etcd: {auto-compaction-mode: revision, auto-compaction-retention: 1h} | 7:40 Q1004 with auto-compaction-mode 'revision' the retention is a number of revisions, not '1h'",
        "etcd: {force-new-cluster: true} | 7:8 Q1010 etcd's setting 'force-new-cluster' can cost data or quorum, and is never taken from a file",
        "etcd: {unsafe-no-fsync: true} | 7:8 Q1010 etcd's setting 'unsafe-no-fsync' can cost data or quorum, and is never taken from a file",
        "etcd: {data-dir: /tmp} | 7:8 Q1010 etcd's setting 'data-dir' is derived from the members of the file",
        "etcd: {trusted-ca-file: /x} | 7:8 Q1010 etcd's setting 'trusted-ca-file' is Quorate's: it makes and renews every certificate",
        "etcd: {max-learners: 2} | 7:8 Q3204 etcd 3.5.30 does not know 'max-learners'; 3.6, 3.7 do",
        // directories
        "paths: {data: relative} | 7:15 Q1004 directory 'relative' is not an absolute path of plain names",
        "paths: {data: /var/lib/../../etc} | 7:15 Q1004 directory '/var/lib/../../etc' is not an absolute path of plain names",
        "paths: {data: /data} | 7:15 Q1004 directory '/data' is the system's own, or shared by others",
        "paths: {data: /etc/etcd/prod} | 7:15 Q1004 directory '/etc/etcd/prod' is the system's own, or shared by others",
        "paths: {data: /d/a, wal: /d/a/wal} | 7:21 Q1008 the directories '/d/a' and '/d/a/wal' lie in each other",
        "paths: {data: /d/a/b, wal: /d/a} | 7:23 Q1008 the directories '/d/a/b' and '/d/a' lie in each other",
        "paths: {data: /d/a, wal: /d/a} | 7:21 Q1008 the directories '/d/a' and '/d/a' lie in each other",
        // spares and accepted hazards
        "spares: [node-1] | 7:10 Q1008 the spare 'node-1' is a member's host already, or named twice",
        "spares: [Node_4] | 7:10 Q1006 host name 'Node_4' is not made of 1 to 40 lower-case letters, digits and dashes, a letter first",
        "accept: [Q9999] | 7:10 Q1004 'Q9999' is neither a code nor a hazard's name",
        "accept: [a;rm] | 7:10 Q1004 'a;rm' is neither a code nor a hazard's name",
        // not YAML, or more of it than is good
        "a: &x 1 | 7:4 Q1001 anchors and aliases are not used here",
        "a: *x | 7:4 Q1001 anchors and aliases are not used here",
        "drift: !!str repair | 7:8 Q1001 tags are not used here",
        "--- | 7:1 Q1001 a second document",
        "drift: [repair | 8:1 Q1001 the file cannot be read as YAML: expected ',' or ']', but got <stream end>",
        "drift: 'repair | 8:1 Q1001 the file cannot be read as YAML: found unexpected end of stream",
        "a: [[[[[[[[1]]]]]]]] | 7:11 Q1011 nested deeper than 8 levels",
      })
  void oneLineTooMany(String line, String problem) {
    assertEquals(List.of("prod.yaml:" + problem), problems(GOOD + line + "\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "cluster: prod | cluster: Prod | 1:10 Q1006 cluster name 'Prod' is not made of 1 to 40 lower-case letters, digits and dashes, a letter first",
        "cluster: prod | cluster: ../server | 1:10 Q1006 cluster name '../server' is not made of 1 to 40 lower-case letters, digits and dashes, a letter first",
        "cluster: prod | cluster: -x | 1:10 Q1006 cluster name '-x' is not made of 1 to 40 lower-case letters, digits and dashes, a letter first",
        "cluster: prod | # nothing | 2:1 Q1005 the key 'cluster' is missing",
        "version: 3.5.30 | version: 3.5 | 2:10 Q1004 '3.5' is not an etcd version",
        "version: 3.5.30 | version: 3.5.1 | 2:1 Q3202 etcd 3.5.1: a member that crashes under load can lose acknowledged writes, unnoticed",
        "version: 3.5.30 | version: 3.8.0 | 2:1 Q3201 etcd 3.8.0 is none of the versions that Quorate knows: 3.4, 3.5, 3.6, 3.7",
        "name: etcd-2 | name: x@y | 5:12 Q1006 member name 'x@y' is not made of 1 to 40 lower-case letters, digits and dashes, a letter first",
        "name: etcd-2 | name: etcd-1 | 5:6 Q1008 two members have the name 'etcd-1'",
        "host: node-2 | host: node-1 | 5:20 Q1008 'etcd-1' and 'etcd-2' have both host 'node-1'",
        "host: node-2, | host: node-2, hots: x, | 5:34 Q1002 unknown key 'hots' — did you mean 'host'?",
        "host: node-2, | note: x, | 5:5 Q1005 the key 'host' is missing",
        "10.77.0.12 | 10.77.0.300 | 5:43 Q1004 address '10.77.0.300' is neither IPv4, IPv6 nor a DNS name in lower case",
        "10.77.0.12 | 0.0.0.0 | 5:43 Q1004 address '0.0.0.0' is not an address of one host",
        "10.77.0.12 | 224.0.0.1 | 5:43 Q1004 address '224.0.0.1' is not an address of one host",
        "10.77.0.12 | fe80::1 | 5:43 Q1004 address 'fe80::1' is link-local, which needs a zone",
        "10.77.0.12 | '[fd00::1]' | 5:43 Q1004 address '[fd00::1]' is neither IPv4, IPv6 nor a DNS name in lower case",
        "10.77.0.12 | https://a | 5:43 Q1004 address 'https://a' is neither IPv4, IPv6 nor a DNS name in lower case",
        "10.77.0.12 | a.example:2379 | 5:43 Q1004 address 'a.example:2379' is neither IPv4, IPv6 nor a DNS name in lower case",
        "10.77.0.12 | Etcd.Example | 5:43 Q1004 address 'Etcd.Example' is neither IPv4, IPv6 nor a DNS name in lower case",
        "10.77.0.12} | 10.77.0.12, ports: {peer: 0}} | 5:69 Q1004 'peer' is to be a whole number from 1 to 65535, not '0'",
      })
  void oneThingChanged(String from, String to, String problem) {
    assertTrue(GOOD.contains(from));
    List<String> found = problems(GOOD.replace(from, to));
    assertTrue(found.contains("prod.yaml:" + problem), () -> String.valueOf(found));
  }

  @Test
  void twoMembersAtOneAddressAndPort() {
    assertEquals(
        List.of(
            "prod.yaml:5:34 Q1008 'etcd-1' and 'etcd-2' have both address 10.77.0.11 port 2379",
            "prod.yaml:5:34 Q1008 'etcd-1' and 'etcd-2' have both address 10.77.0.11 port 2380"),
        problems(GOOD.replace("10.77.0.12", "10.77.0.11")));
  }

  @Test
  void twoSpellingsOfOneAddressAreOneAddress() {
    String text = GOOD.replace("10.77.0.11", "'fd00:0:0::1'").replace("10.77.0.12", "'FD00::0001'");
    assertEquals(
        "prod.yaml:5:34 Q1008 'etcd-1' and 'etcd-2' have both address fd00::1 port 2379",
        problems(text).getFirst());
  }

  @Test
  void twoMembersAtOneAddressWithPortsOfTheirOwnAreFine() {
    String text = GOOD.replace("10.77.0.12}", "10.77.0.11, ports: {client: 22379, peer: 22380}}");
    assertEquals(List.of(), problems(text));
  }

  @Test
  void evenNumbersNeedAWord() {
    String even =
        GOOD.lines().filter(line -> !line.contains("etcd-3")).reduce("", SpecProblemsTest::line);
    assertEquals(
        List.of("prod.yaml:4:3 Q1009 2 members can lose no more than 1 could"), problems(even));
    assertEquals(List.of(), problems(even + "allowEvenMembers: true\n"));
    assertEquals(
        List.of("prod.yaml:3:10 Q1005 a cluster needs at least one member"),
        problems("cluster: prod\nversion: 3.5.30\nmembers: []\n"));
  }

  @Test
  void everythingIsToldAtOnceInTheOrderOfTheFile() {
    String text =
        """
        clutser: prod
        version: 3.5
        members:
          - {name: Etcd-1, host: node-1, address: 10.77.0.11}
          - {name: etcd-2, host: node-1, address: 10.77.0.11}
          - {host: node-3, address: nowhere!}
        ports: {client: 0}
        etcd:
          unsafe-no-fsync: true
          max-wals: many
        """;
    List<String> codes = new ArrayList<>();
    problems(text).forEach(problem -> codes.add(problem.substring(10, problem.indexOf(' ', 18))));
    assertEquals(
        List.of(
            "1:1 Q1002",
            "1:1 Q1005",
            "2:10 Q1004",
            "4:12 Q1006",
            "5:20 Q1008",
            "5:34 Q1008",
            "5:34 Q1008",
            "6:5 Q1005",
            "6:29 Q1004",
            "7:17 Q1004",
            "9:3 Q1010",
            "10:13 Q1004"),
        codes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0000", "\u0007", "\u001b", "\u007f", "\u0085", "\u009b", "\u2028", "\u202e", "\u2066",
        "\uFEFF", "\r", "\ud800", "\uffff"
      })
  void controlCharactersAreFoundWhereTheyStand(String control) {
    List<String> found = problems(GOOD + "# it is " + control + "here\n");
    assertEquals(
        List.of("prod.yaml:7:9 Q1007 control character U+%04X".formatted((int) control.charAt(0))),
        found);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\n", "\\r", "\\0", "\\t", "\\e", "\\x9b", "\\u202e", "\\N"})
  void escapedControlCharactersAreFoundToo(String escape) {
    for (String line :
        List.of(
            "etcd: {metrics: \"a%sb\"}",
            "accept: [\"a%sb\"]",
            "certificates: {names: [\"a%sb\"]}",
            "paths: {data: \"/d/%s\"}")) {
      List<String> found = problems(GOOD + line.formatted(escape) + "\n");
      assertEquals(1, found.size(), line);
      assertTrue(found.getFirst().contains(" Q1007 "), () -> String.valueOf(found));
    }
    List<String> block = problems(GOOD + "etcd:\n  cors: |\n    a\n    b\n");
    assertEquals(List.of("prod.yaml:8:9 Q1007 control character U+000A"), block);
  }

  @Test
  void whatIsShownOfAHostileFileIsHarmless() {
    for (String key : List.of("\"\\e[31mred\"", "\"a\\nb\"", "x".repeat(5000))) {
      for (String problem : problems(GOOD + key + ": 1\ndrift: " + key + "\n")) {
        assertTrue(problem.length() < 300, problem);
        assertFalse(problem.chars().anyMatch(c -> c < 0x20), problem);
      }
    }
  }

  @Test
  void anEmptyFileIsNoCluster() {
    for (String text : List.of("", "\n", "# nothing\n", "---\n")) {
      assertFalse(problems(text).isEmpty());
    }
    assertEquals(
        List.of("prod.yaml:1:1 Q1004 the file is to be a mapping, not 'hello'"), problems("hello"));
    assertEquals(
        List.of("prod.yaml:1:1 Q1004 the file is to be a mapping, not a list"), problems("[]"));
  }

  static List<String> problems(String text) {
    return switch (SpecFile.parse(text)) {
      case SpecFile.Result.Accepted accepted -> List.of();
      case SpecFile.Result.Refused refused ->
          refused.problems().stream().map(problem -> problem.render("prod.yaml")).toList();
    };
  }

  private static String line(String before, String line) {
    return before + line + "\n";
  }
}
