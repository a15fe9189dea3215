package io.quorate.coordinator.cli.fleet;

import io.quorate.common.error.Code;
import io.quorate.coordinator.api.v1.HostView;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.cli.change.WaitOptions;
import io.quorate.coordinator.cli.change.Waiter;
import io.quorate.coordinator.cli.core.Api;
import io.quorate.coordinator.cli.core.Confirmation;
import io.quorate.coordinator.cli.core.ExitCode;
import io.quorate.coordinator.cli.core.Refused;
import io.quorate.coordinator.cli.core.Session;
import io.quorate.coordinator.cli.screen.HostScreen;
import io.quorate.coordinator.cli.screen.Paper;
import io.quorate.coordinator.cli.screen.Words;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "host", description = "The hosts and who may join")
public final class HostCommand {
  private final Session session;

  public HostCommand(Session session) {
    this.session = session;
  }

  @Command(name = "token", description = "The one line to run on a new host, good for one use")
  int token(
      @Option(names = "--host", paramLabel = "NAME", description = "bind it to this host")
          Optional<String> host,
      @Option(names = "--ttl", paramLabel = "TIME", description = "10m unless told")
          Optional<Duration> ttl) {
    HostView.Token token =
        session
            .api()
            .post(
                "/v1/host-tokens",
                new Requests.Token(host, ttl.map(Duration::toSeconds)),
                HostView.Token.class);
    session.output().one(token, token.token(), paper -> paper.line(token.command()));
    session.say(
        "Run this on %s within %s, as root; it works once."
            .formatted(
                token.host().orElse("the new host"),
                Words.rough(ttl.orElse(Duration.ofMinutes(10)))));
    return ExitCode.DONE.number();
  }

  @Command(name = "list", description = "All hosts: state, version, last seen")
  int list() {
    HostView.All all = session.api().get("/v1/hosts", HostView.All.class);
    session
        .output()
        .list(all, all.hosts(), HostView::name, paper -> HostScreen.all(paper, all.hosts()));
    return ExitCode.DONE.number();
  }

  @Command(name = "describe", description = "One host: facts, disks, members")
  int describe(@Parameters(paramLabel = "NAME") String name) {
    return show(session.api().get(path(name), HostView.class));
  }

  @Command(name = "revoke", description = "Never let this host in again")
  int revoke(
      @Parameters(paramLabel = "NAME") String name,
      @Option(
              names = {"-y", "--yes"},
              description = "do not ask; a host that carries members is refused")
          boolean yes,
      @Option(
              names = "--confirm",
              paramLabel = "NAME",
              description = "the host's name once more: also while it carries members")
          Optional<String> confirm) {
    Confirmation confirmation = new Confirmation(session.terminal());
    if (confirm.isPresent()) {
      return revokeWithMembers(confirmation, name, confirm);
    }
    if (!confirmation.ordinary("Revoke %s for good?".formatted(name), yes)) {
      return ExitCode.FAILED.number();
    }
    try {
      return show(session.api().post(path(name) + "/revoke", HostView.class));
    } catch (Refused refused) {
      boolean inUse = refused.error().code().equals(Code.Q1211.name());
      if (!inUse || yes || !session.terminal().connected().in()) {
        throw refused;
      }
      session.terminal().err().println(Paper.clean(refused.error().sentence()) + ".");
      return revokeWithMembers(confirmation, name, confirm);
    }
  }

  private int revokeWithMembers(Confirmation confirmation, String name, Optional<String> confirm) {
    String given =
        confirmation.destructive(
            ("Members on %s run on, but nobody takes care of them any more:"
                    + " no change, no new certificates, until they are moved or replaced.")
                .formatted(name),
            new Confirmation.Named("host", name),
            confirm);
    return show(
        session.api().post(path(name) + "/revoke?confirm=" + Api.encoded(given), HostView.class));
  }

  @Command(
      name = "drain",
      description = "Move every member off this host, one cluster after the other")
  int drain(
      @Parameters(paramLabel = "NAME") String name,
      @Option(
              names = "--to",
              split = ",",
              paramLabel = "HOST",
              description = "to these hosts; to the clusters' spare hosts unless told")
          @Nullable List<String> to,
      @Option(
              names = {"-y", "--yes"},
              description = "do not ask")
          boolean yes,
      @Mixin WaitOptions wait) {
    if (!new Confirmation(session.terminal())
        .ordinary("Move every member off %s?".formatted(name), yes)) {
      return ExitCode.FAILED.number();
    }
    return stages(
        wait,
        name + " carries no member any more",
        () ->
            session
                .api()
                .post(
                    path(name) + "/drain",
                    new Requests.Drain(to == null ? List.of() : to),
                    HostView.Stage.class));
  }

  @Command(
      name = "readdress",
      description = "The host has a new address: its members get it, one cluster after the other")
  int readdress(
      @Parameters(paramLabel = "NAME") String name,
      @Option(
              names = "--address",
              required = true,
              paramLabel = "NEW",
              description = "one that the host has already")
          String address,
      @Option(
              names = {"-y", "--yes"},
              description = "do not ask")
          boolean yes,
      @Mixin WaitOptions wait) {
    if (!new Confirmation(session.terminal())
        .ordinary("Give every member on %s the address %s?".formatted(name, address), yes)) {
      return ExitCode.FAILED.number();
    }
    return stages(
        wait,
        "every member on %s has the address %s".formatted(name, address),
        () ->
            session
                .api()
                .post(
                    path(name) + "/readdress",
                    new Requests.Readdress(address),
                    HostView.Stage.class));
  }

  /** Cluster by cluster; interrupted, the same command goes on. */
  private int stages(WaitOptions wait, String over, Supplier<HostView.Stage> next) {
    while (true) {
      HostView.Stage stage = next.get();
      if (stage.change().isEmpty()) {
        session.say(over);
        return ExitCode.DONE.number();
      }
      session.say(
          "%s: %s"
              .formatted(
                  stage.change().get().cluster(),
                  Words.count(stage.left().size(), "cluster", "clusters")
                      + " to go"
                      + (stage.note().isEmpty() ? "" : "; " + stage.note())));
      int exit = new Waiter(session, wait).settle(stage.change().get());
      if (exit != ExitCode.DONE.number() || !wait.waits()) {
        return exit;
      }
    }
  }

  private static String path(String name) {
    return "/v1/hosts/" + Api.encoded(name);
  }

  private int show(HostView host) {
    session.output().one(host, host.name(), paper -> HostScreen.one(paper, host));
    return ExitCode.DONE.number();
  }
}
