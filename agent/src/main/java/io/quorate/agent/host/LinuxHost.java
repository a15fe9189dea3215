package io.quorate.agent.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The machine that the agent runs on. */
public final class LinuxHost implements Host {
  private final LinuxFiles files = new LinuxFiles();
  private final LinuxProcesses processes = new LinuxProcesses();
  private final Digests digests;
  private final CrashPoints crashPoints;

  /**
   * @param clock the machine's own
   */
  public LinuxHost(CrashPoints crashPoints, InstantSource clock) {
    this.crashPoints = crashPoints;
    this.digests = new Digests(clock);
  }

  @Override
  public CrashPoints crashPoints() {
    return crashPoints;
  }

  @Override
  public Stat stat(Path path) throws IOException {
    return files.stat(path);
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    return files.list(directory);
  }

  @Override
  public byte[] read(Path file) throws IOException {
    return files.read(file);
  }

  @Override
  public InputStream open(Path file, long offset) throws IOException {
    return files.open(file, offset);
  }

  @Override
  public String sha256(Path file) throws IOException {
    return digests.of(file);
  }

  @Override
  public void write(Path file, byte[] content, Access access) throws IOException {
    files.write(file, content, access);
  }

  @Override
  public OutputStream create(Path file, Access access) throws IOException {
    return files.create(file, access);
  }

  @Override
  public OutputStream append(Path file) throws IOException {
    return files.append(file);
  }

  @Override
  public void makeDirectory(Path directory, Access access) throws IOException {
    files.makeDirectory(directory, access);
  }

  @Override
  public void giveTree(Path tree, String owner) throws IOException {
    files.giveTree(tree, owner);
  }

  @Override
  public void link(Path link, Path target) throws IOException {
    files.link(link, target);
  }

  @Override
  public Optional<Path> readLink(Path link) throws IOException {
    return files.readLink(link);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    files.rename(from, to);
  }

  @Override
  public void removeTree(Path tree) throws IOException {
    files.removeTree(tree);
  }

  @Override
  public void empty(Path file) throws IOException {
    files.empty(file);
  }

  @Override
  public long freeBytes(Path path) throws IOException {
    return files.freeBytes(path);
  }

  @Override
  public Finished run(Command command) throws IOException {
    return processes.run(command);
  }

  @Override
  public long spawn(Command command, Path log, Ended ended) throws IOException {
    return processes.spawn(command, log, ended);
  }

  @Override
  public List<Long> processes() throws IOException {
    return processes.processes();
  }

  @Override
  public Optional<ProcessFacts> process(long pid) throws IOException {
    return processes.process(pid);
  }

  @Override
  public Map<String, String> environment(long pid) throws IOException {
    return processes.environment(pid);
  }

  @Override
  public Optional<Path> executable(long pid) {
    return processes.executable(pid);
  }

  @Override
  public String executableSha256(long pid) throws IOException {
    return digests.of(LinuxProcesses.image(pid));
  }

  @Override
  public void signal(ProcessFacts process, Signal signal) throws IOException {
    processes.signal(process, signal);
  }

  @Override
  public boolean userExists(String user) {
    return LinuxFiles.user(user).isPresent();
  }

  @Override
  public boolean canListen(String address, int port) {
    return processes.canListen(address, port);
  }

  @Override
  public String bootId() throws IOException {
    return processes.bootId();
  }
}
