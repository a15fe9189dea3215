package io.quorate.lab;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.options.GetOption;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes to an etcd cluster at an even rate, each write with a key and a value of its own, and can
 * tell afterwards whether every acknowledged one is there and nothing else is.
 *
 * <ol>
 *   <li>A write is due at its time whether or not the ones before it are done, and its latency
 *       counts from then, so a stall shows in all the writes that it held up.
 *   <li>Retrying, each attempt goes to the next endpoint, until one succeeds or the write's time is
 *       over; the put is the same each time, so doing it twice does no harm. This is what a careful
 *       application does.
 *   <li>Not retrying, one client knows all endpoints and each write is tried once: what a careless
 *       application sees.
 *   <li>jetcd's calls have no deadlines of their own: an interceptor gives every call one, and
 *       waiting for the answer ends a second later in any case.
 * </ol>
 */
public final class WritingClient implements AutoCloseable {
  private static final Duration WHOLE_WRITE = Duration.ofSeconds(60);
  private static final Duration SLOW = Duration.ofSeconds(1);
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final int PAGE = 1000;
  private static final int WARM_UP = 300;

  /** Where the client's certificate, key and the cluster's authority are; PEM, key in PKCS#8. */
  public record Tls(Path authority, Path certificate, Path key) {}

  /**
   * What to write where.
   *
   * @param prefix of the keys, distinct for each run; everything under it is this run's
   */
  public record Settings(
      List<URI> endpoints, Optional<Tls> tls, int writesPerSecond, boolean retry, String prefix) {
    public Settings {
      endpoints = List.copyOf(endpoints);
      if (endpoints.isEmpty() || writesPerSecond < 1 || prefix.isEmpty()) {
        throw new IllegalArgumentException("a writing client needs endpoints, a rate and a prefix");
      }
    }
  }

  private final Settings settings;
  private final WriteLog log = new WriteLog();
  private final Phaser inFlight = new Phaser(1);
  private final EtcdConnections connections;
  private volatile List<Client> clients;
  private volatile boolean stopping;
  private volatile long began;

  public WritingClient(Settings settings) {
    this.settings = settings;
    this.connections = new EtcdConnections(settings.tls(), settings.retry());
    this.clients = connections.open(settings.endpoints());
  }

  /**
   * Opens the connections and lets the JVM compile what writing needs, so that the first writes
   * measure etcd and not this process.
   */
  public void warmUp() throws ExecutionException, TimeoutException {
    ByteSequence key = bytes(settings.prefix() + "-warm-up");
    for (int count = 0; count < WARM_UP; count++) {
      List<Client> now = clients;
      KV kv = now.get(count % now.size()).getKVClient();
      retry(() -> kv.put(key, key));
    }
  }

  /** Writes until {@link #stop()}. */
  public void write() {
    long interval = TimeUnit.SECONDS.toNanos(1) / settings.writesPerSecond();
    long first = System.nanoTime();
    began = first;
    log.begin(first);
    for (long number = 0; !stopping; number++) {
      long due = first + number * interval;
      for (long left = due - System.nanoTime();
          left > 0 && !stopping;
          left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      long mine = number;
      inFlight.register();
      Thread.ofVirtual().start(() -> writeOne(mine, due));
    }
    inFlight.arriveAndAwaitAdvance();
    log.silenceUntil(System.nanoTime());
  }

  public void stop() {
    stopping = true;
  }

  /** The cluster's members are elsewhere now: writes from here on go there. */
  public void changeEndpoints(List<URI> endpoints) {
    clients = connections.open(endpoints);
  }

  @Override
  public void close() {
    connections.close();
  }

  /** Reads everything back; call when {@link #write()} has returned. */
  public WritingSummary verify() {
    Map<Long, Boolean> found = new HashMap<>();
    long unknown = 0;
    try {
      ByteSequence from = bytes(settings.prefix() + "/");
      ByteSequence end = bytes(settings.prefix() + "0"); // the character after the slash
      while (true) {
        GetResponse page = read(from, end);
        for (KeyValue entry : page.getKvs()) {
          Optional<Long> number = number(entry.getKey());
          if (number.isPresent()) {
            found.put(number.get(), entry.getValue().equals(value(number.get())));
          } else {
            unknown++;
          }
        }
        if (!page.isMore()) {
          return log.summary(true, log.compare(found, unknown));
        }
        ByteSequence last = page.getKvs().getLast().getKey();
        from = last.concat(ByteSequence.from(new byte[] {0}));
      }
    } catch (ExecutionException | TimeoutException e) {
      log.error("reading back: " + reason(e));
      return log.summary(false, new WriteLog.Verdict(0, 0, 0, 0));
    }
  }

  private void writeOne(long number, long due) {
    log.begun();
    long deadline = due + WHOLE_WRITE.toNanos();
    try {
      for (int attempt = 0; ; attempt++) {
        List<Client> now = clients;
        Client client = now.get((int) ((number + attempt) % now.size()));
        if (put(client.getKVClient(), number, due)) {
          return;
        }
        if (!settings.retry() || System.nanoTime() > deadline) {
          log.failed(number);
          report(number, due, "failed");
          return;
        }
        if (attempt % now.size() == now.size() - 1) {
          LockSupport.parkNanos(pause(System.nanoTime() - due));
        }
      }
    } finally {
      inFlight.arriveAndDeregister();
    }
  }

  /**
   * A quarter of the time that the write has waited so far: soon after a short absence, and no
   * storm when thousands wait for a cluster that is gone.
   */
  private static long pause(long waited) {
    return Math.clamp(waited / 4, PAUSE.toNanos(), LONGEST_PAUSE.toNanos());
  }

  private boolean put(KV kv, long number, long due) {
    log.attempt();
    try {
      await(kv.put(key(number), value(number)));
      long now = System.nanoTime();
      log.acknowledged(number, due, now);
      if (now - due > SLOW.toNanos()) {
        report(number, due, "slow");
      }
      return true;
    } catch (ExecutionException | TimeoutException e) {
      log.error(reason(e));
      return false;
    }
  }

  private GetResponse read(ByteSequence from, ByteSequence end)
      throws ExecutionException, TimeoutException {
    GetOption option = GetOption.builder().withRange(end).withLimit(PAGE).build();
    AtomicInteger attempt = new AtomicInteger();
    return retry(
        () -> {
          List<Client> now = clients;
          Client client = now.get(attempt.getAndIncrement() % now.size());
          return client.getKVClient().get(from, option);
        });
  }

  private <T> T retry(Supplier<CompletableFuture<T>> call)
      throws ExecutionException, TimeoutException {
    long deadline = System.nanoTime() + WHOLE_WRITE.toNanos();
    while (true) {
      try {
        return await(call.get());
      } catch (ExecutionException | TimeoutException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private <T> T await(CompletableFuture<T> answer) throws ExecutionException, TimeoutException {
    try {
      return answer.get(connections.attempt().plusSeconds(1).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ExecutionException(e);
    }
  }

  private void report(long number, long due, String what) {
    System.err.printf(
        "write %d %s: due at %.1f s, took %.0f ms%n",
        number, what, (due - began) / 1e9, (System.nanoTime() - due) / 1e6);
  }

  private ByteSequence key(long number) {
    return bytes("%s/%012d".formatted(settings.prefix(), number));
  }

  private ByteSequence value(long number) {
    return bytes("%s is number %d".formatted(settings.prefix(), number));
  }

  private Optional<Long> number(ByteSequence key) {
    String text = key.toString(StandardCharsets.UTF_8);
    String digits = text.substring(Math.min(text.length(), settings.prefix().length() + 1));
    return digits.matches("\\d{12}") ? Optional.of(Long.parseLong(digits)) : Optional.empty();
  }

  private static ByteSequence bytes(String text) {
    return ByteSequence.from(text, StandardCharsets.UTF_8);
  }

  /** The error's kind and its first words: the rest differs from call to call. */
  private static String reason(Exception e) {
    @Nullable Throwable cause = e instanceof TimeoutException ? e : e.getCause();
    if (cause instanceof StatusRuntimeException refused) {
      Status status = refused.getStatus();
      String words = String.valueOf(status.getDescription()).split("[.\\[/0-9]", 2)[0];
      return status.getCode() + ": " + words.strip();
    }
    return String.valueOf(cause == null ? e : cause);
  }
}
