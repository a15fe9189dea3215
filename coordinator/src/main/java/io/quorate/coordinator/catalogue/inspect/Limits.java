package io.quorate.coordinator.catalogue.inspect;

/**
 * How much is taken of a stranger's archive. etcd's own are 20 to 30 MB, unpack to 60 to 90 MB and
 * hold some 60 files.
 *
 * @param ratio how many bytes one compressed byte may become, once more than {@code ratioFrom} have
 */
public record Limits(
    long archiveBytes, long unpackedBytes, int entries, int ratio, long ratioFrom) {
  private static final long MEGABYTE = 1024L * 1024;

  public static Limits standard() {
    return new Limits(512 * MEGABYTE, 1024 * MEGABYTE, 4096, 50, 16 * MEGABYTE);
  }
}
