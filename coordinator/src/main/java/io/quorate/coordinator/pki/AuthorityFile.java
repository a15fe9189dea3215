package io.quorate.coordinator.pki;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.pki.Authority;
import io.quorate.common.pki.KeyAlgorithm;
import io.quorate.common.pki.SecretFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One authority in one file, made the first time that it is needed. The file is there whole or not
 * at all, so a crash at any instant is either before the authority or after it.
 */
final class AuthorityFile {
  private static final Duration VALIDITY = Duration.ofDays(3650);

  private AuthorityFile() {}

  static Authority openOrCreate(Path file, String name, Instant now) {
    try {
      Optional<String> there = SecretFiles.read(file);
      if (there.isPresent()) {
        return Authority.fromPem(there.get());
      }
      Authority fresh = Authority.create(name, KeyAlgorithm.ECDSA_P256, VALIDITY, now);
      SecretFiles.write(file, fresh.toPem());
      return fresh;
    } catch (IOException | IllegalArgumentException e) {
      throw failed(file, e);
    }
  }

  /** An authority that cannot be read is never replaced: that would cut off all it has signed. */
  static QuorateException failed(Path file, Exception cause) {
    return new QuorateException(
        Problem.of(
                Code.Q1301, "%s cannot be read or written: %s".formatted(file, cause.getMessage()))
            .withRemedy("check that it belongs to the coordinator's user, mode 0600")
            .withRemedy("restore the pki directory from a backup if it is damaged"),
        cause);
  }
}
