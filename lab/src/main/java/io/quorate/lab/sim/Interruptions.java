package io.quorate.lab.sim;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Ends the coordinator at any of its calls to what outlives it: before the call or right after, so
 * that between any two writes or messages there is a run in which it died.
 */
final class Interruptions {
  /** What a kill looks like from inside: nothing may catch it. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed() {
      super("killed", null, false, false);
    }
  }

  /** Decides, at each call, whether it is the last. */
  interface Fate {
    boolean strikes();
  }

  private Interruptions() {}

  /** An interface whose every call may be the last; what it returns is wrapped as well. */
  static <T> T wrap(Class<T> type, T target, Fate fate) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (fate.strikes()) {
                throw new Killed();
              }
              Object result;
              try {
                result = method.invoke(target, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if (fate.strikes()) {
                throw new Killed();
              }
              Class<?> returned = method.getReturnType();
              boolean part =
                  returned.isInterface()
                      && !returned.isSealed()
                      && returned.getPackage().equals(type.getPackage());
              return part ? wrapPart(returned, result, fate) : result;
            }));
  }

  private static <P> Object wrapPart(Class<P> part, Object result, Fate fate) {
    return wrap(part, part.cast(result), fate);
  }
}
