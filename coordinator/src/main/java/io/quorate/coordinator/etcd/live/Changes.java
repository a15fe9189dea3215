package io.quorate.coordinator.etcd.live;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.quorate.coordinator.etcd.Access;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import javax.net.ssl.SSLException;

/**
 * Calls by way of the etcd client library: a client for one endpoint, made for the one call. A
 * client of several endpoints would send the call to any of them. Its calls carry no deadline and
 * wait for a connection that may never come, so both are set here.
 */
final class Changes {
  private Changes() {}

  static <T> T call(
      Access access,
      Access.Target target,
      Deadline deadline,
      Function<Client, CompletableFuture<T>> call)
      throws CallFailed {
    try (Client client = client(access, target, deadline)) {
      return call.apply(client).get(deadline.leftMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw failure(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw new CallFailed("", "no answer in time");
    } catch (SSLException | IllegalArgumentException e) {
      throw new CallFailed("", String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CallFailed("", "interrupted");
    }
  }

  private static Client client(Access access, Access.Target target, Deadline deadline)
      throws SSLException {
    ClientBuilder builder =
        Client.builder()
            .endpoints(target.clientUrl())
            .loadBalancerPolicy("pick_first")
            .waitForReady(false)
            .keepaliveWithoutCalls(false)
            .interceptor(new EndsBy(deadline));
    if (access.tls().isPresent()) {
      builder.sslContext(TlsOptions.context(access.tls().get()));
    }
    return builder.build();
  }

  private static CallFailed failure(Throwable cause) {
    Status status = Status.fromThrowable(cause);
    String text = status.getDescription();
    return new CallFailed(
        status.getCode() == Status.Code.UNKNOWN && text == null ? "" : status.getCode().name(),
        text == null ? String.valueOf(cause.getMessage()) : text);
  }

  private record EndsBy(Deadline deadline) implements ClientInterceptor {
    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(
        MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
      return next.newCall(
          method, options.withDeadlineAfter(deadline.leftMillis(), TimeUnit.MILLISECONDS));
    }
  }
}
