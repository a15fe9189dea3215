package io.quorate.agent.host;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** {@link HostFiles} on a Linux file system. */
final class LinuxFiles implements HostFiles {
  private static final int LARGEST_SMALL_FILE = 16 << 20;
  private static final PosixFilePermission[] BITS = {
    PosixFilePermission.OTHERS_EXECUTE,
    PosixFilePermission.OTHERS_WRITE,
    PosixFilePermission.OTHERS_READ,
    PosixFilePermission.GROUP_EXECUTE,
    PosixFilePermission.GROUP_WRITE,
    PosixFilePermission.GROUP_READ,
    PosixFilePermission.OWNER_EXECUTE,
    PosixFilePermission.OWNER_WRITE,
    PosixFilePermission.OWNER_READ
  };

  @Override
  public Stat stat(Path path) throws IOException {
    PosixFileAttributes found;
    try {
      found = Files.readAttributes(path, PosixFileAttributes.class, NOFOLLOW_LINKS);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Stat.NOTHING;
    }
    Stat.Kind kind =
        found.isRegularFile()
            ? Stat.Kind.FILE
            : found.isDirectory()
                ? Stat.Kind.DIRECTORY
                : found.isSymbolicLink() ? Stat.Kind.LINK : Stat.Kind.OTHER;
    return new Stat(
        kind,
        found.size(),
        found.lastModifiedTime().toInstant(),
        found.owner().getName(),
        mode(found.permissions()));
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
  }

  @Override
  public byte[] read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(LARGEST_SMALL_FILE + 1);
      if (content.length > LARGEST_SMALL_FILE) {
        throw new IOException(file + " is larger than " + LARGEST_SMALL_FILE + " bytes");
      }
      return content;
    }
  }

  @Override
  public InputStream open(Path file, long offset) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    channel.position(offset);
    return Channels.newInputStream(channel);
  }

  @Override
  public void write(Path file, byte[] content, Access access) throws IOException {
    Path temporary = temporary(file);
    Files.deleteIfExists(temporary);
    try (OutputStream out = create(temporary, access)) {
      out.write(content);
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    syncDirectory(parent(file));
  }

  @Override
  public OutputStream create(Path file, Access access) throws IOException {
    // Secret from its first moment on, opened to others only when it belongs to its owner.
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(permissions(0600)));
    try {
      give(file, access);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    return new Synced(channel, parent(file));
  }

  @Override
  public OutputStream append(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    return new Synced(channel, parent(file));
  }

  @Override
  public void makeDirectory(Path directory, Access access) throws IOException {
    if (!Files.isDirectory(directory, NOFOLLOW_LINKS)) {
      Path parent = directory.getParent();
      // A parent may well be reached through a link of the administrator's.
      if (parent != null && !Files.isDirectory(parent)) {
        makeDirectory(parent, Access.PUBLIC_DIRECTORY);
      }
      Files.createDirectory(
          directory, PosixFilePermissions.asFileAttribute(permissions(access.mode() & 0700)));
      give(directory, access);
      syncDirectory(parent(directory));
    } else if (!stat(directory).allows(access)) {
      give(directory, access);
    }
  }

  @Override
  public void giveTree(Path tree, String owner) throws IOException {
    if (owner.isEmpty()) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
              throws IOException {
            own(path, owner);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            own(path, owner);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public void link(Path link, Path target) throws IOException {
    Path temporary = temporary(link);
    Files.deleteIfExists(temporary);
    Files.createSymbolicLink(temporary, target);
    Files.move(temporary, link, StandardCopyOption.ATOMIC_MOVE);
    syncDirectory(parent(link));
  }

  @Override
  public Optional<Path> readLink(Path link) throws IOException {
    return Files.isSymbolicLink(link)
        ? Optional.of(Files.readSymbolicLink(link))
        : Optional.empty();
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    if (Files.exists(to, NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(to.toString());
    }
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    syncDirectory(parent(to));
    if (!parent(from).equals(parent(to))) {
      syncDirectory(parent(from));
    }
  }

  @Override
  public void removeTree(Path tree) throws IOException {
    if (!Files.exists(tree, NOFOLLOW_LINKS)) {
      return;
    }
    List<Path> all = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(tree)) {
      walk.forEach(all::add);
    }
    for (Path path : all.reversed()) {
      Files.delete(path);
    }
    syncDirectory(parent(tree));
  }

  @Override
  public void empty(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(0);
    }
  }

  @Override
  public long freeBytes(Path path) throws IOException {
    Path there = path.toAbsolutePath();
    while (!Files.exists(there)) {
      there = parent(there);
    }
    return Files.getFileStore(there).getUsableSpace();
  }

  static Optional<UserPrincipal> user(String name) {
    try {
      return Optional.of(
          FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(name));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static void give(Path path, Access access) throws IOException {
    if (!access.owner().isEmpty()) {
      own(path, access.owner());
    }
    // Without following: nothing that is made here is a link.
    Files.getFileAttributeView(path, PosixFileAttributeView.class)
        .setPermissions(permissions(access.mode()));
  }

  private static void own(Path path, String owner) throws IOException {
    UserPrincipal user = user(owner).orElseThrow(() -> new UserPrincipalNotFoundException(owner));
    PosixFileAttributeView view =
        Files.getFileAttributeView(path, PosixFileAttributeView.class, NOFOLLOW_LINKS);
    view.setOwner(user);
    GroupPrincipal group;
    try {
      group =
          FileSystems.getDefault()
              .getUserPrincipalLookupService()
              .lookupPrincipalByGroupName(owner);
    } catch (UserPrincipalNotFoundException e) {
      return; // a user without a group of the same name: the owner's bits are all that is needed
    }
    view.setGroup(group);
  }

  private static Path temporary(Path path) {
    return path.resolveSibling("." + path.getFileName() + ".quorate-tmp");
  }

  private static Path parent(Path path) {
    Path parent = path.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException(path + " has no parent");
    }
    return parent;
  }

  private static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static int mode(Set<PosixFilePermission> permissions) {
    int mode = 0;
    for (int bit = 0; bit < BITS.length; bit++) {
      mode |= permissions.contains(BITS[bit]) ? 1 << bit : 0;
    }
    return mode;
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (int bit = 0; bit < BITS.length; bit++) {
      if ((mode & 1 << bit) != 0) {
        permissions.add(BITS[bit]);
      }
    }
    return permissions;
  }

  /** Closing it is what makes it durable. */
  private static final class Synced extends FilterOutputStream {
    private final FileChannel channel;
    private final Path directory;

    Synced(FileChannel channel, Path directory) {
      super(Channels.newOutputStream(channel));
      this.channel = channel;
      this.directory = directory;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
    }

    @Override
    public void close() throws IOException {
      if (channel.isOpen()) {
        try (channel) {
          channel.force(true);
        }
        syncDirectory(directory);
      }
    }
  }
}
