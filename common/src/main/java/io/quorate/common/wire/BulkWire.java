package io.quorate.common.wire;

import com.google.protobuf.UnsafeByteOperations;
import io.quorate.common.wire.v1.BlobChunk;
import io.quorate.common.wire.v1.UploadChunk;
import java.nio.ByteBuffer;

/**
 * Pieces of files. Bytes are wrapped, not copied: who hands them over does not touch them again.
 */
public final class BulkWire {
  private BulkWire() {}

  public static BlobChunk blob(long offset, long total, ByteBuffer bytes) {
    return BlobChunk.newBuilder()
        .setOffset(offset)
        .setTotal(total)
        .setData(UnsafeByteOperations.unsafeWrap(bytes))
        .build();
  }

  public static byte[] bytes(BlobChunk chunk) {
    return chunk.getData().toByteArray();
  }

  public static UploadChunk upload(String operationId, long offset, byte[] bytes) {
    return UploadChunk.newBuilder()
        .setOperationId(operationId)
        .setOffset(offset)
        .setData(UnsafeByteOperations.unsafeWrap(bytes))
        .build();
  }

  /** The last piece, which brings the digest of the whole. */
  public static UploadChunk last(UploadChunk chunk, String sha256) {
    return chunk.toBuilder().setLast(true).setSha256(sha256).build();
  }

  public static ByteBuffer bytes(UploadChunk chunk) {
    return chunk.getData().asReadOnlyByteBuffer();
  }
}
