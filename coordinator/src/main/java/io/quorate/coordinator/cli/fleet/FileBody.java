package io.quorate.coordinator.cli.fleet;

import io.quorate.coordinator.cli.http.HttpsClient;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file as the body of a request, never in memory as a whole. */
public record FileBody(Path file, long length) implements HttpsClient.Body {
  public static FileBody of(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException("it is not a file");
    }
    return new FileBody(file, Files.size(file));
  }

  @Override
  public String contentType() {
    return "application/octet-stream";
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    Files.copy(file, out);
  }
}
