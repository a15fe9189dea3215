package io.quorate.agent.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** Time, level, the class's own name, the message; a stack trace in the lines after it. */
@SuppressWarnings("serial") // a logger is not sent anywhere
final class PlainLogger extends LegacyAbstractLogger {
  private final Level least;
  private final String shown;

  PlainLogger(String name, Level least) {
    this.name = name;
    this.least = least;
    this.shown = name.substring(name.lastIndexOf('.') + 1);
  }

  private boolean on(Level level) {
    return level.toInt() >= least.toInt();
  }

  @Override
  public boolean isTraceEnabled() {
    return on(Level.TRACE);
  }

  @Override
  public boolean isDebugEnabled() {
    return on(Level.DEBUG);
  }

  @Override
  public boolean isInfoEnabled() {
    return on(Level.INFO);
  }

  @Override
  public boolean isWarnEnabled() {
    return on(Level.WARN);
  }

  @Override
  public boolean isErrorEnabled() {
    return on(Level.ERROR);
  }

  @Override
  protected @Nullable String getFullyQualifiedCallerName() {
    return null;
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      String pattern,
      Object @Nullable [] arguments,
      @Nullable Throwable failure) {
    StringWriter text = new StringWriter();
    text.append(LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.MILLIS).toString())
        .append(' ')
        .append(level.name())
        .append(' ')
        .append(shown)
        .append(' ')
        .append(MessageFormatter.basicArrayFormat(pattern, arguments))
        .append(System.lineSeparator());
    if (failure != null) {
      failure.printStackTrace(new PrintWriter(text, true));
    }
    System.err.print(text);
    System.err.flush();
  }
}
