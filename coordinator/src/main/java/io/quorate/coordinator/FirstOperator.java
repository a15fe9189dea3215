package io.quorate.coordinator;

import io.quorate.common.pki.Certificates;
import io.quorate.common.pki.KeyAlgorithm;
import io.quorate.common.pki.Keys;
import io.quorate.common.pki.Pem;
import io.quorate.common.pki.SecretFiles;
import io.quorate.coordinator.cli.context.ContextFile;
import io.quorate.coordinator.cli.context.ServerContext;
import io.quorate.coordinator.pki.Authorities;
import io.quorate.coordinator.pki.Role;
import io.quorate.coordinator.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first operator, an administrator, so that somebody can begin. Made once, in the data
 * directory; its context is also written where this user's command line looks, unless a context of
 * that name is there.
 */
final class FirstOperator {
  private static final Logger LOG = LoggerFactory.getLogger(FirstOperator.class);
  private static final Duration VALIDITY = Duration.ofDays(365);
  private static final String NAME = "local";

  private FirstOperator() {}

  static void ensure(Setup setup, Store store, Authorities authorities, String address)
      throws IOException {
    Path directory = setup.data().resolve("operator");
    ServerContext context =
        new ServerContext(
            NAME,
            address,
            directory.resolve("ca.crt"),
            directory.resolve("operator.crt"),
            directory.resolve("operator.key"));
    if (Files.notExists(context.certificate())) {
      SecretFiles.makeDirectory(directory);
      KeyPair keys = Keys.generate(KeyAlgorithm.ECDSA_P256);
      X509Certificate certificate =
          authorities.operator("admin", Role.ADMIN, keys.getPublic(), VALIDITY);
      SecretFiles.write(context.ca(), Pem.encode(authorities.coordinatorAuthorities()));
      SecretFiles.write(context.key(), Keys.toPem(keys));
      SecretFiles.write(context.certificate(), Pem.encode(certificate));
    }
    X509Certificate certificate =
        Certificates.fromPem(Files.readString(context.certificate())).getFirst();
    if (store.operators().find(Certificates.serial(certificate)).isEmpty()) {
      PkiOperators.remember(
          store,
          certificate,
          "admin",
          Role.ADMIN,
          "first start",
          certificate.getNotBefore().toInstant());
    }
    write(directory.resolve("contexts.yaml"), context);
    setup.contextFile().ifPresent(file -> offer(file, context));
  }

  private static void write(Path file, ServerContext context) {
    ContextFile contexts = ContextFile.load(file);
    if (!contexts.find(NAME).equals(java.util.Optional.of(context))) {
      contexts.with(context).save();
    }
  }

  /** A convenience: a home that cannot be written is no reason not to start. */
  private static void offer(Path file, ServerContext context) {
    try {
      if (ContextFile.load(file).find(NAME).isEmpty()) {
        ContextFile.load(file).with(context).save();
        LOG.info("the first operator's context is in {}", file);
      }
    } catch (RuntimeException e) {
      LOG.info(
          "no context was written to {} ({}); it is in {}",
          file,
          e.getMessage(),
          context.certificate().resolveSibling("contexts.yaml"));
    }
  }
}
