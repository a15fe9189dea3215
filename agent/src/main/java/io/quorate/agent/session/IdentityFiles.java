package io.quorate.agent.session;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.pki.Certificates;
import io.quorate.common.pki.Credentials;
import io.quorate.common.pki.KeyAlgorithm;
import io.quorate.common.pki.Keys;
import io.quorate.common.pki.SecretFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * Where the agent's identity lies. Keys are made on this host and never leave it.
 *
 * <ol>
 *   <li>A new key is durable before a certificate is asked for, so that an answer that was lost, or
 *       a crash after it, leads to the same request again and to the same certificate.
 *   <li>Key, certificate and the coordinator's authorities are one file, replaced in one atomic
 *       write: the identity is the old one or the new one.
 *   <li>The pending key is removed after that; a crash in between leaves one that is not used.
 * </ol>
 */
public final class IdentityFiles {
  private final Path directory;

  public IdentityFiles(Path directory) {
    this.directory = directory;
    try {
      SecretFiles.makeDirectory(directory);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  public Optional<Identity> load() {
    try {
      Optional<String> identity = SecretFiles.read(directory.resolve("identity.pem"));
      if (identity.isEmpty()) {
        return Optional.empty();
      }
      List<X509Certificate> certificates = Certificates.fromPem(identity.get());
      return Optional.of(
          new Identity(
              new Credentials(Keys.privateFromPem(identity.get()), certificates.subList(0, 1)),
              certificates.subList(1, certificates.size())));
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw failed(e);
    }
  }

  void save(Identity identity) {
    try {
      SecretFiles.write(
          directory.resolve("identity.pem"),
          identity.own().toPem() + io.quorate.common.pki.Pem.encode(identity.authorities()));
      SecretFiles.delete(directory.resolve("pending.pem"));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** The key that the next certificate is for; made when there is none. */
  KeyPair pendingKey() {
    Path file = directory.resolve("pending.pem");
    try {
      Optional<String> pending = SecretFiles.read(file);
      if (pending.isPresent()) {
        return Keys.pairFromPem(pending.get());
      }
      KeyPair keys = Keys.generate(KeyAlgorithm.ECDSA_P256);
      SecretFiles.write(file, Keys.toPem(keys));
      return keys;
    } catch (IOException | IllegalArgumentException e) {
      throw failed(e);
    }
  }

  /** Where the coordinator was when this host joined. */
  List<Endpoint> coordinators() {
    try {
      return SecretFiles.read(directory.resolve("coordinators"))
          .map(text -> text.lines().map(Endpoint::parse).toList())
          .orElse(List.of());
    } catch (IOException e) {
      throw failed(e);
    }
  }

  void saveCoordinators(List<Endpoint> endpoints) {
    try {
      StringBuilder lines = new StringBuilder();
      endpoints.forEach(endpoint -> lines.append(endpoint).append('\n'));
      SecretFiles.write(directory.resolve("coordinators"), lines.toString());
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private QuorateException failed(Exception cause) {
    return new QuorateException(
        Problem.of(
                Code.Q2020,
                "the agent's identity in %s cannot be read or written: %s"
                    .formatted(directory, cause.getMessage()))
            .withRemedy("ls -l " + directory),
        cause);
  }
}
