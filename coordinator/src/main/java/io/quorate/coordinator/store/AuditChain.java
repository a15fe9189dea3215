package io.quorate.coordinator.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The chain of the audit trail.
 *
 * <ol>
 *   <li>Records are numbered 1, 2, 3 … without a gap.
 *   <li>A record's hash is SHA-256 over a canonical text of all its fields and the hash of the one
 *       before; the first follows 64 zeros. Each field is written as its length in bytes, a colon
 *       and its bytes, so that no two records share a text.
 *   <li>Verifying walks the records in order and names the first index that does not follow.
 * </ol>
 *
 * Guarantees: an edit, a deletion in the middle, an insertion and a change of order are found. A
 * truncation at the end is not; it shows against a head that was kept elsewhere.
 */
public final class AuditChain {
  public static final String GENESIS = "0".repeat(64);

  private AuditChain() {}

  /** The record that follows {@code head}. */
  public static Audit.Entry next(
      Optional<Audit.Entry> head,
      Instant at,
      String who,
      String what,
      String subject,
      String outcome,
      String detail) {
    long index = head.map(Audit.Entry::index).orElse(0L) + 1;
    String previous = head.map(Audit.Entry::hash).orElse(GENESIS);
    Audit.Entry unhashed =
        new Audit.Entry(index, at, who, what, subject, outcome, detail, previous, "");
    return new Audit.Entry(
        index, at, who, what, subject, outcome, detail, previous, hash(unhashed));
  }

  /** The hash that a record of this content must carry. */
  public static String hash(Audit.Entry entry) {
    MessageDigest digest = sha256();
    digest.update("quorate-audit-1\n".getBytes(StandardCharsets.UTF_8));
    for (String field :
        new String[] {
          Long.toString(entry.index()),
          entry.at().toString(),
          entry.who(),
          entry.what(),
          entry.subject(),
          entry.outcome(),
          entry.detail(),
          entry.previousHash()
        }) {
      byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
      digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
      digest.update(bytes);
      digest.update((byte) '\n');
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Walks a chain from its first record on; fed one by one, so that a long trail fits. */
  public static final class Verifier {
    private Audit.@Nullable Entry last;

    /** Whether this one follows from those before; after the first that does not, stop asking. */
    public Optional<Audit.Broken> follow(Audit.Entry entry) {
      long expected = last == null ? 1 : last.index() + 1;
      String previous = last == null ? GENESIS : last.hash();
      last = entry;
      if (entry.index() != expected) {
        return broken(expected, "record %d is missing".formatted(expected));
      }
      if (!entry.previousHash().equals(previous)) {
        return broken(expected, "record %d does not follow the one before".formatted(expected));
      }
      if (!entry.hash().equals(hash(entry))) {
        return broken(expected, "record %d was changed".formatted(expected));
      }
      return Optional.empty();
    }

    private static Optional<Audit.Broken> broken(long index, String why) {
      return Optional.of(new Audit.Broken(index, why));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
