package io.quorate.agent.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.agent.host.CrashPoints;
import io.quorate.agent.host.Host;
import io.quorate.agent.host.HostProcesses.ProcessFacts;
import io.quorate.agent.host.Layout;
import io.quorate.agent.host.LinuxHost;
import io.quorate.common.model.HostReport.UnitState;
import io.quorate.lab.fleet.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The contract of service managers with the real systemd, as a program of its own that a test runs
 * on a lab's host: it needs to be root on a machine whose PID 1 is systemd.
 */
public final class SystemdContract extends ServiceContract {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** It begins what it is told and goes on by itself; the contract looks when that is over. */
  private static final Set<UnitState> ON_ITS_WAY = Set.of(UnitState.STARTING, UnitState.STOPPING);

  private final LinuxHost host = new LinuxHost(CrashPoints.NONE, InstantSource.system());
  private final SystemdManager systemd = new SystemdManager(host, layout());
  private final ServiceManager patient =
      (ServiceManager)
          Proxy.newProxyInstance(
              SystemdContract.class.getClassLoader(),
              new Class<?>[] {ServiceManager.class},
              (proxy, method, arguments) -> patiently(method, arguments));

  private Object patiently(Method method, Object[] arguments) throws Throwable {
    try {
      Object result = method.invoke(systemd, arguments);
      if (method.getName().equals("start") || method.getName().equals("restart")) {
        awaitArrival();
      }
      return result;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private void awaitArrival() {
    Await.until(
        "it has arrived", PATIENCE, () -> !ON_ITS_WAY.contains(state()), () -> "" + state());
  }

  private UnitState state() {
    try {
      return systemd.state(CLUSTER).state();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  Host host() {
    return host;
  }

  @Override
  Layout layout() {
    return Layout.system();
  }

  @Override
  ServiceManager services() {
    return patient;
  }

  @Override
  void awaitEnd(ProcessFacts process) {
    Await.until(
        "its process has ended",
        PATIENCE,
        () -> {
          try {
            return host.process(process.pid()).filter(process::equals).isEmpty();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        () -> "" + state());
    awaitArrival();
  }

  /** Like etcd it says itself that it is ready, and has no children. */
  @Override
  byte[] program() {
    return """
        #!/usr/bin/perl
        use Socket;
        my $path = $ENV{NOTIFY_SOCKET};
        $path =~ s/^@/\\0/;
        socket(my $socket, PF_UNIX, SOCK_DGRAM, 0) or die;
        send($socket, "READY=1", 0, pack_sockaddr_un($path)) or die;
        sleep 1000 while 1;
        """
        .getBytes(UTF_8);
  }

  /** Runs all of it, and ends with 1 when a part fails. */
  public static void main(String[] none) {
    List<Method> parts =
        Arrays.stream(ServiceContract.class.getDeclaredMethods())
            .filter(method -> method.isAnnotationPresent(Test.class))
            .sorted(Comparator.comparing(Method::getName))
            .toList();
    long failed = parts.stream().filter(part -> !kept(part)).count();
    System.out.printf("%d of %d kept%n", parts.size() - failed, parts.size());
    System.exit(failed == 0 && !parts.isEmpty() ? 0 : 1);
  }

  private static boolean kept(Method part) {
    SystemdContract contract = new SystemdContract();
    try {
      try {
        contract.layDown();
        part.setAccessible(true);
        part.invoke(contract);
      } finally {
        contract.endIt();
      }
      System.out.println("kept: " + part.getName());
      return true;
    } catch (InvocationTargetException e) {
      System.out.println("broken: " + part.getName() + ": " + e.getCause());
      return false;
    } catch (Exception e) {
      System.out.println("broken: " + part.getName() + ": " + e);
      return false;
    }
  }
}
