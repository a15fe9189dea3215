package io.quorate.agent.boot;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.common.model.MemberConfig;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member's peer port while its etcd waits to be allowed to start: says to its peers, and to
 * nobody else, how it last knew the cluster. Everything but that one question is told to come
 * later, on the same connection: peers whose etcd runs ask many times a second.
 */
final class TlsDoor implements Peers.Door {
  private static final Logger LOG = LoggerFactory.getLogger(TlsDoor.class);
  private static final int BACKLOG = 32;
  private static final int MOST = 32;
  private static final int IDLE_MILLIS = 30_000;
  private static final int LONGEST_LINE = 8192;

  private final SSLServerSocket server;
  private final Supplier<Membership> known;
  private final Reception reception;
  private final Set<Socket> guests = ConcurrentHashMap.newKeySet();

  private TlsDoor(SSLServerSocket server, Supplier<Membership> known) {
    this.server = server;
    this.known = known;
    this.reception = new Reception(server, Reception.PAUSE, this::receive);
  }

  static TlsDoor open(SSLContext context, MemberConfig member, Supplier<Membership> known)
      throws IOException {
    MemberConfig.Endpoints endpoints = member.endpoints();
    boolean number = endpoints.address().contains(":") || endpoints.address().matches("[0-9.]+");
    if (!(context.getServerSocketFactory().createServerSocket()
        instanceof SSLServerSocket server)) {
      throw new IOException("no server of TLS can be made");
    }
    server.setNeedClientAuth(true);
    server.setReuseAddress(true);
    try {
      server.bind(
          number
              ? new InetSocketAddress(
                  InetAddress.getByName(endpoints.address()), endpoints.peerPort())
              : new InetSocketAddress(endpoints.peerPort()),
          BACKLOG);
    } catch (IOException e) {
      server.close();
      throw e;
    }
    TlsDoor door = new TlsDoor(server, known);
    Thread.ofVirtual().name("door-" + member.id().cluster()).start(door.reception);
    return door;
  }

  private void receive(Socket guest) {
    guests.add(guest);
    if (guests.size() > MOST || server.isClosed()) {
      leave(guest);
    } else {
      Thread.ofVirtual().name("guest").start(() -> serve(guest));
    }
  }

  private void serve(Socket guest) {
    try {
      guest.setSoTimeout(IDLE_MILLIS);
      InputStream in = new BufferedInputStream(guest.getInputStream());
      OutputStream out = guest.getOutputStream();
      Optional<String> request = line(in);
      while (request.isPresent()) {
        skipRest(in);
        out.write(answer(request.get()));
        out.flush();
        request = line(in);
      }
    } catch (IOException e) {
      LOG.debug("a peer went away", e);
    } finally {
      leave(guest);
    }
  }

  private byte[] answer(String request) {
    boolean asked = request.startsWith("GET " + TlsPeers.OF_AGENT + " ");
    Membership list = known.get();
    String body = asked ? list.toJson() : "etcd does not run here yet\n";
    String id =
        asked && !list.clusterId().isEmpty()
            ? "X-Etcd-Cluster-ID: %s\r\n".formatted(list.clusterId())
            : "";
    String reply =
        "HTTP/1.1 %s\r\nContent-Type: %s\r\n%sContent-Length: %d\r\n\r\n%s"
            .formatted(
                asked ? "200 OK" : "503 Service Unavailable",
                asked ? "application/json" : "text/plain",
                id,
                body.getBytes(UTF_8).length,
                body);
    return reply.getBytes(UTF_8);
  }

  /** The headers, and as much of a body as they announce. */
  private static void skipRest(InputStream in) throws IOException {
    long length = 0;
    Optional<String> header = line(in);
    while (header.isPresent() && !header.get().isEmpty()) {
      String lower = header.get().toLowerCase(java.util.Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = size(lower.substring(15).strip());
      } else if (lower.startsWith("transfer-encoding:")) {
        throw new IOException("a body of unknown length is not awaited");
      }
      header = line(in);
    }
    in.skipNBytes(length);
  }

  private static long size(String text) throws IOException {
    if (!text.matches("[0-9]{1,9}")) {
      throw new IOException("that is no length");
    }
    return Long.parseLong(text);
  }

  /** Empty at the end. */
  private static Optional<String> line(InputStream in) throws IOException {
    byte[] text = new byte[LONGEST_LINE];
    for (int length = 0; length < text.length; length++) {
      int next = in.read();
      if (next < 0) {
        return Optional.empty();
      }
      if (next == '\n') {
        return Optional.of(new String(text, 0, length, ISO_8859_1).strip());
      }
      text[length] = (byte) next;
    }
    throw new IOException("a line that is too long");
  }

  private void leave(Socket guest) {
    guests.remove(guest);
    try {
      guest.close();
    } catch (IOException e) {
      LOG.debug("it was gone already", e);
    }
  }

  @Override
  public void close() {
    reception.close();
    guests.forEach(this::leave);
  }
}
