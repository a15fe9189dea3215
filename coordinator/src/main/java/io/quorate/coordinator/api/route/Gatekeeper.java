package io.quorate.coordinator.api.route;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.coordinator.api.control.Caller;
import io.quorate.coordinator.api.control.Identities;
import io.quorate.coordinator.pki.Role;
import io.quorate.coordinator.store.Audit;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets requests in, and writes down those that change something:
 *
 * <ol>
 *   <li>Without an operator's certificate nothing is reachable but what is open to all.
 *   <li>The operator's role must include the route's; a refusal of a change is audited as denied.
 *   <li>A change is audited as asked before it takes effect. When that cannot be written, the
 *       change does not happen.
 *   <li>Its outcome is audited afterwards: done or refused, with the code.
 * </ol>
 */
public final class Gatekeeper {
  private static final Logger LOG = LoggerFactory.getLogger(Gatekeeper.class);
  private static final int LONGEST_DETAIL = 500;

  /** Stands for whoever asks what is open to all. */
  private static final Caller ANYBODY = new Caller("anybody", Role.VIEWER);

  private final Identities identities;
  private final Audit audit;
  private final InstantSource clock;

  public Gatekeeper(Identities identities, Audit audit, InstantSource clock) {
    this.identities = identities;
    this.audit = audit;
    this.clock = clock;
  }

  /** Who it is, when he may; the subject is for the audit of a denial. */
  public Caller admit(Route.Access access, List<X509Certificate> chain, String subject) {
    if (access.role().isEmpty()) {
      return ANYBODY;
    }
    Caller caller = identify(chain);
    Role needed = access.role().get();
    if (!caller.may(needed)) {
      Problem problem =
          Problem.of(
                  Code.Q1302,
                  "%s has the role %s, and this needs the role %s"
                      .formatted(caller.name(), caller.role().text(), needed.text()))
              .withState("nothing was changed")
              .withRemedy("ask someone with the role " + needed.text());
      if (access.audited()) {
        write(caller, access.auditedAs(), subject, "denied", problem.sentence());
      }
      throw problem.asException();
    }
    return caller;
  }

  public Caller identify(List<X509Certificate> chain) {
    if (chain.isEmpty()) {
      throw new Refusal(
          HttpStatus.UNAUTHENTICATED,
          Problem.of(Code.Q1302, "no client certificate was shown")
              .withState("nothing was changed")
              .withRemedy("use a context made for you: quorate context list"));
    }
    return identities
        .operator(chain)
        .orElseThrow(
            () ->
                new Refusal(
                    HttpStatus.FORBIDDEN,
                    Problem.of(Code.Q1302, "the client certificate is not a valid operator's")
                        .withState("nothing was changed")
                        .withRemedy("ask an admin for a new operator certificate")));
  }

  /** Runs the work of an admitted request between its two audit entries. */
  public Answer perform(Route.Access access, Ask ask, Supplier<Answer> work) {
    if (!access.audited()) {
      return work.get();
    }
    String subject = subject(ask);
    write(ask.caller(), access.auditedAs(), subject, "asked", detail(ask));
    try {
      Answer answer = work.get();
      close(access, ask, subject, "done", answer.summary());
      return answer;
    } catch (QuorateException e) {
      Problem problem = e.problem();
      close(access, ask, subject, "refused", problem.code() + ": " + problem.sentence());
      throw e;
    } catch (RuntimeException e) {
      close(access, ask, subject, "failed", e.getClass().getSimpleName());
      throw e;
    }
  }

  /** What the request was about, from its path; a body's own text is told by its digest. */
  static String subject(Ask ask) {
    return ask.path().isEmpty() ? "-" : String.join("/", ask.path().values());
  }

  private static String detail(Ask ask) {
    return ask.body().map(Details::of).orElse("");
  }

  private void close(Route.Access access, Ask ask, String subject, String outcome, String detail) {
    try {
      write(ask.caller(), access.auditedAs(), subject, outcome, detail);
    } catch (QuorateException e) {
      // The effect has happened and its beginning is on record; the answer must still be told.
      LOG.error("{}: the outcome of {} could not be audited", e.problem().code(), subject, e);
    }
  }

  private void write(Caller caller, String what, String subject, String outcome, String detail) {
    String cut =
        detail.length() > LONGEST_DETAIL ? detail.substring(0, LONGEST_DETAIL) + "…" : detail;
    try {
      audit.append(clock.instant(), caller.name(), what, subject, outcome, cut);
    } catch (RuntimeException e) {
      throw new QuorateException(
          Problem.of(Code.Q1310, "the audit trail cannot be written")
              .withCause(String.valueOf(e.getMessage()))
              .withState("nothing was changed"),
          e);
    }
  }
}
