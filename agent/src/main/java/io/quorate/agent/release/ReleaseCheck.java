package io.quorate.agent.release;

import io.quorate.agent.host.Host;
import io.quorate.agent.host.HostProcesses.Command;
import io.quorate.agent.host.HostProcesses.Finished;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.Release;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether an unpacked etcd is what its archive was announced as: the right digest may be wrong. */
public final class ReleaseCheck {
  private static final Pattern VERSION =
      Pattern.compile("etcd Version:\\s*(\\d{1,4}\\.\\d{1,4}\\.\\d{1,4})\\b");

  /** ELF's numbers for the machines that etcd is released for. */
  private static final Map<String, Integer> MACHINES =
      Map.of("amd64", 0x3e, "arm64", 0xb7, "ppc64le", 0x15, "s390x", 0x16, "riscv64", 0xf3);

  private ReleaseCheck() {}

  /** What a binary calls its version; empty when it does not say. */
  public static Optional<EtcdVersion> version(Host host, Path etcd) throws IOException {
    Finished said =
        host.run(
            new Command(
                List.of(etcd.toString(), "--version"),
                // Older versions want to be told that such a machine is meant.
                Map.of("ETCD_UNSUPPORTED_ARCH", "arm64"),
                Duration.ofSeconds(20)));
    Matcher matcher = VERSION.matcher(said.output());
    return matcher.find() ? Optional.of(EtcdVersion.parse(matcher.group(1))) : Optional.empty();
  }

  static void check(Host host, Path etcd, Release release) throws IOException {
    if (!host.stat(etcd).isFile()) {
      throw Problem.of(Code.Q1101, "the archive holds no program etcd in its directory")
          .asException();
    }
    int wanted = MACHINES.getOrDefault(release.architecture(), -1);
    int found = machine(host, etcd);
    if (found != wanted) {
      throw wrong(release, "is for another machine (%#x)".formatted(found));
    }
    Optional<EtcdVersion> version = version(host, etcd);
    if (!version.equals(Optional.of(release.version()))) {
      throw wrong(
          release, "calls itself " + version.map(EtcdVersion::toString).orElse("nothing at all"));
    }
  }

  private static int machine(Host host, Path etcd) throws IOException {
    try (InputStream in = host.open(etcd, 0)) {
      byte[] header = in.readNBytes(20);
      boolean elf = header.length == 20 && header[0] == 0x7f && header[1] == 'E';
      if (!elf) {
        return 0;
      }
      int low = header[18] & 0xff;
      int high = header[19] & 0xff;
      boolean bigEndian = header[5] == 2;
      return bigEndian ? low << 8 | high : high << 8 | low;
    }
  }

  private static RuntimeException wrong(Release release, String why) {
    return Problem.of(Code.Q2015, "etcd of release %s %s".formatted(release.version(), why))
        .withRemedy("add the right archive to the coordinator: quorate release add FILE")
        .asException();
  }
}
