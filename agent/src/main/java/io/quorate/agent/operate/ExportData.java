package io.quorate.agent.operate;

import io.quorate.agent.etcd.DataDirectory;
import io.quorate.agent.etcd.DataFound;
import io.quorate.agent.etcd.DataPlaces;
import io.quorate.agent.host.Access;
import io.quorate.agent.host.CrashPoints.DurableStep;
import io.quorate.agent.host.Host;
import io.quorate.agent.host.Sha256;
import io.quorate.agent.operate.Operations.Done;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.MemberConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Packs a stopped member's data and log, for another host to go on with. The directories stay as
 * they are; that they are not started here again is the document's business.
 */
final class ExportData {
  private static final long MARGIN = 64L << 20;

  private final Operations.Tools tools;

  ExportData(Operations.Tools tools) {
    this.tools = tools;
  }

  Done perform(String operationId, MemberConfig member, String lineage, Path scratch)
      throws IOException {
    Host host = tools.host();
    DataFound found = new DataDirectory(host, tools.layout()).observe(member);
    if (tools.services().state(member.id().cluster()).process().isPresent()) {
      throw Problem.of(
              Code.Q3602, member.id() + " runs; its data is packed only while it is stopped")
          .asException();
    }
    if (!found.lineage().equals(lineage) || !found.whole()) {
      throw Problem.of(
              Code.Q2013,
              "there is no whole data of lineage %s, but of '%s'"
                  .formatted(lineage, found.lineage()))
          .asException();
    }
    Path archive = scratch.resolve("data.tar");
    host.removeTree(scratch);
    host.makeDirectory(scratch, Access.closed(""));
    host.crashPoints().before(DurableStep.PACK_DATA);
    String sha256 = pack(DataPlaces.of(member, tools.layout()), archive);
    host.crashPoints().after(DurableStep.PACK_DATA);
    FileContent content = new FileContent(host, archive, sha256);
    host.crashPoints().before(DurableStep.UPLOAD);
    tools.uploads().upload(operationId, content);
    host.crashPoints().after(DurableStep.UPLOAD);
    SortedMap<String, String> facts = new TreeMap<>();
    facts.put("sha256", sha256);
    facts.put("size", Long.toString(content.size()));
    return new Done("packed %s of lineage %s".formatted(member.id(), lineage), facts);
  }

  /** The same data gives the same archive, so that an interrupted upload can go on. */
  private String pack(DataPlaces places, Path archive) throws IOException {
    long needed = size(places.member()) + size(places.wal()) + MARGIN;
    if (tools.host().freeBytes(archive) < needed) {
      throw Problem.of(
              Code.Q2014,
              "an archive of %d bytes does not fit beside %s"
                  .formatted(needed, tools.layout().scratch()))
          .asException();
    }
    MessageDigest digest = Sha256.digest();
    try (OutputStream file = tools.host().create(archive, Access.SECRET);
        TarArchiveOutputStream tar =
            new TarArchiveOutputStream(new DigestOutputStream(file, digest), "UTF-8")) {
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      add(tar, places.member(), "member");
      add(tar, places.wal(), "wal");
    }
    return Sha256.hex(digest);
  }

  private void add(TarArchiveOutputStream tar, Path path, String name) throws IOException {
    Host host = tools.host();
    if (host.stat(path).isDirectory()) {
      TarArchiveEntry entry = new TarArchiveEntry(name + "/");
      entry.setModTime(0);
      entry.setMode(0700);
      tar.putArchiveEntry(entry);
      tar.closeArchiveEntry();
      for (String child : host.list(path)) {
        add(tar, path.resolve(child), name + "/" + child);
      }
    } else if (host.stat(path).isFile()) {
      TarArchiveEntry entry = new TarArchiveEntry(name);
      entry.setModTime(0);
      entry.setMode(0600);
      entry.setSize(host.stat(path).size());
      tar.putArchiveEntry(entry);
      try (InputStream in = host.open(path, 0)) {
        in.transferTo(tar);
      }
      tar.closeArchiveEntry();
    }
  }

  private long size(Path path) throws IOException {
    Host host = tools.host();
    long size = host.stat(path).size();
    for (String child : host.list(path)) {
      size += size(path.resolve(child));
    }
    return size;
  }
}
