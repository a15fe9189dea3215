package io.quorate.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.quorate.common.pki.Authority;
import io.quorate.common.pki.KeyAlgorithm;
import io.quorate.common.pki.Keys;
import io.quorate.common.pki.Leaf;
import io.quorate.common.pki.Pem;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The writing client against one real etcd that asks for client certificates. */
class WritingClientTest {
  @TempDir private Path directory;
  private Process etcd;
  private WritingClient.Settings settings;

  @BeforeEach
  void startEtcd() throws IOException {
    Optional<Releases.Archive> release = Releases.find("3.5");
    assumeTrue(release.isPresent(), Releases.missing("3.5"));
    Commands.run(
            List.of(
                "tar",
                "-C",
                directory.toString(),
                "--strip-components=1",
                "-xzf",
                release.get().path().toString()),
            Map.of(),
            Duration.ofMinutes(1))
        .orThrow();
    Authority authority =
        Authority.create("clients", KeyAlgorithm.ECDSA_P256, Duration.ofDays(1), Instant.now());
    Files.writeString(directory.resolve("ca.pem"), Pem.encode(authority.certificate()));
    issue(authority, "server", Leaf.Usage.SERVER, Leaf.Usage.CLIENT);
    issue(authority, "client", Leaf.Usage.CLIENT);
    String client = "https://127.0.0.1:" + freePort();
    String peer = "http://127.0.0.1:" + freePort();
    etcd =
        new ProcessBuilder(
                directory.resolve("etcd").toString(),
                "--name=one",
                "--data-dir=" + directory.resolve("data"),
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=one=" + peer,
                "--cert-file=" + directory.resolve("server.pem"),
                "--key-file=" + directory.resolve("server-key.pem"),
                "--client-cert-auth",
                "--trusted-ca-file=" + directory.resolve("ca.pem"))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("etcd.log").toFile())
            .start();
    settings =
        new WritingClient.Settings(
            List.of(URI.create(client)),
            Optional.of(
                new WritingClient.Tls(file("ca.pem"), file("client.pem"), file("client-key.pem"))),
            200,
            true,
            "run");
  }

  @AfterEach
  void stopEtcd() throws InterruptedException {
    if (etcd != null) {
      etcd.destroyForcibly().waitFor();
    }
  }

  @Test
  void readsBackWhatItWrote() throws Exception {
    WritingSummary summary;
    try (WritingClient client = new WritingClient(settings)) {
      writeForASecond(client);
      summary = client.verify();
    }
    assertTrue(summary.nothingLost(), summary::toJson);
    assertTrue(summary.attempted() > 50, summary::toJson);
    assertEquals(summary.attempted(), summary.acknowledged(), summary::toJson);
  }

  @Test
  void findsWhatEtcdDidWrong() throws Exception {
    WritingSummary summary;
    try (WritingClient client = new WritingClient(settings);
        Client other = tampering()) {
      writeForASecond(client);
      KV kv = other.getKVClient();
      kv.delete(bytes("run/000000000003")).get(10, TimeUnit.SECONDS);
      kv.put(bytes("run/000000000005"), bytes("else")).get(10, TimeUnit.SECONDS);
      kv.put(bytes("run/000000999999"), bytes("else")).get(10, TimeUnit.SECONDS);
      kv.put(bytes("run/stranger"), bytes("else")).get(10, TimeUnit.SECONDS);
      summary = client.verify();
    }
    assertFalse(summary.nothingLost());
    assertEquals(1, summary.lost(), summary::toJson);
    assertEquals(2, summary.wrong(), summary::toJson);
    assertEquals(2, summary.foreign(), summary::toJson);
  }

  private static void writeForASecond(WritingClient client) throws Exception {
    client.warmUp();
    CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS).execute(client::stop);
    client.write();
  }

  private Client tampering() throws IOException {
    WritingClient.Tls tls = settings.tls().orElseThrow();
    File key = tls.key().toFile();
    return Client.builder()
        .endpoints(settings.endpoints())
        .sslContext(
            context ->
                context
                    .trustManager(tls.authority().toFile())
                    .keyManager(tls.certificate().toFile(), key))
        .build();
  }

  private void issue(Authority authority, String name, Leaf.Usage... usages) throws IOException {
    KeyPair keys = Keys.generate(KeyAlgorithm.ECDSA_P256);
    Leaf leaf = Leaf.of(name, Duration.ofDays(1), usages).withNames(List.of("127.0.0.1"));
    Files.writeString(
        directory.resolve(name + ".pem"),
        Pem.encode(authority.issue(leaf, keys.getPublic(), Instant.now())));
    Files.writeString(directory.resolve(name + "-key.pem"), Keys.toPem(keys.getPrivate()));
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static ByteSequence bytes(String text) {
    return ByteSequence.from(text, StandardCharsets.UTF_8);
  }
}
