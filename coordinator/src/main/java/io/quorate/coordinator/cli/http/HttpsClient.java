package io.quorate.coordinator.cli.http;

import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 over TLS 1.3 to one coordinator, one request at a time. The connection is kept for the
 * next request; one that the coordinator has closed meanwhile is made anew, but a request is only
 * sent again when it cannot have arrived.
 */
public final class HttpsClient implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(3);

  /** Longer: the other end has to compute, and may be busy. */
  private static final Duration HANDSHAKE = Duration.ofSeconds(10);

  private final Address address;
  private final SSLContext tls;
  private @Nullable SSLSocket open;
  private @Nullable InputStream in;
  private boolean changing;

  public HttpsClient(Address address, SSLContext tls) {
    this.address = address;
    this.tls = tls;
  }

  /** A body: its length is known before it is sent. */
  public interface Body {
    String contentType();

    long length();

    void writeTo(OutputStream out) throws IOException;

    static Body json(String text) {
      return new Bytes("application/json", text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static final class Bytes implements Body {
    private final String contentType;
    private final byte[] bytes;

    Bytes(String contentType, byte[] bytes) {
      this.contentType = contentType;
      this.bytes = bytes;
    }

    @Override
    public String contentType() {
      return contentType;
    }

    @Override
    public long length() {
      return bytes.length;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      out.write(bytes);
    }
  }

  /**
   * @throws QuorateException Q1401 when nobody answers within the deadline, Q1205 when it is not
   *     the coordinator, Q1302 when it does not accept our certificate
   */
  public Reply send(String method, String path, Optional<Body> body, Duration deadline) {
    return send(new Request(method, path, body, !method.equals("GET")), deadline);
  }

  /** A question that needs a body: it changes nothing. */
  public Reply ask(String path, Body body, Duration deadline) {
    return send(new Request("POST", path, Optional.of(body), false), deadline);
  }

  /** Whether a request that may change something has begun to leave, whatever became of it. */
  public boolean mayHaveChanged() {
    return changing;
  }

  private record Request(String method, String path, Optional<Body> body, boolean changes) {}

  private Reply send(Request request, Duration deadline) {
    boolean fresh = open == null;
    try {
      SSLSocket socket = connection(deadline);
      socket.setSoTimeout((int) deadline.toMillis());
      changing |= request.changes();
      return exchange(socket, request);
    } catch (IOException e) {
      close();
      // A kept connection may have been closed at its other end before this request was read.
      if (!fresh && request.method().equals("GET")) {
        return send(request, deadline);
      }
      throw refused(e);
    }
  }

  private Reply exchange(SSLSocket socket, Request request) throws IOException {
    InputStream input = in;
    if (input == null) {
      throw new IOException("not connected");
    }
    try {
      write(socket, request);
    } catch (IOException e) {
      // It may have answered and hung up before it had read everything: then that answer counts.
      return early(input, e);
    }
    HttpReply reply = HttpReply.read(input);
    if (!reply.keep()) {
      close();
    }
    return new Reply(reply.status(), reply.body());
  }

  private static Reply early(InputStream input, IOException failure) throws IOException {
    try {
      HttpReply reply = HttpReply.read(input);
      return new Reply(reply.status(), reply.body());
    } catch (IOException e) {
      failure.addSuppressed(e);
      throw failure;
    }
  }

  private void write(SSLSocket socket, Request request) throws IOException {
    Optional<Body> body = request.body();
    StringBuilder head = new StringBuilder();
    head.append(request.method()).append(' ').append(request.path());
    head.append(" HTTP/1.1\r\nHost: ").append(address);
    head.append("\r\nAccept: application/json\r\nUser-Agent: quorate\r\n");
    if (body.isPresent()) {
      head.append("Content-Type: ").append(body.get().contentType());
      head.append("\r\nContent-Length: ").append(body.get().length()).append("\r\n");
    } else if (!request.method().equals("GET")) {
      head.append("Content-Length: 0\r\n");
    }
    head.append("\r\n");
    OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
    out.write(head.toString().getBytes(StandardCharsets.US_ASCII));
    if (body.isPresent()) {
      body.get().writeTo(out);
    }
    out.flush();
  }

  private SSLSocket connection(Duration deadline) throws IOException {
    SSLSocket existing = open;
    if (existing != null) {
      return existing;
    }
    Socket plain = connect();
    try {
      SSLSocket socket =
          (SSLSocket)
              tls.getSocketFactory().createSocket(plain, address.host(), address.port(), true);
      socket.setSoTimeout((int) Math.min(HANDSHAKE.toMillis(), deadline.toMillis()));
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setProtocols(new String[] {"TLSv1.3"});
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      parameters.setApplicationProtocols(new String[] {"http/1.1"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
      open = socket;
      return socket;
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  /** Tries each address that the name has. */
  private Socket connect() throws IOException {
    IOException last = new IOException("the name has no address");
    for (InetAddress each : InetAddress.getAllByName(address.host())) {
      Socket socket = new Socket();
      try {
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(each, address.port()), (int) CONNECT.toMillis());
        return socket;
      } catch (IOException e) {
        socket.close();
        last = e;
      }
    }
    throw last;
  }

  private QuorateException refused(IOException failure) {
    Problem problem = ConnectionFailure.explain(address, failure);
    return new QuorateException(problem, failure);
  }

  @Override
  public void close() {
    SSLSocket socket = open;
    open = null;
    in = null;
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException e) {
        // It is gone either way, and what was asked has its answer or its refusal.
        return;
      }
    }
  }
}
