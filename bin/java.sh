# Finds a Java and the jars for the launchers beside it. Sourced by POSIX shells, never run.
# It starts no process until Java itself, because the command line is run often.

# java_feature HOME : the feature version in $feature; 0 when this is no JDK.
java_feature() {
  feature=0
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 0
  while IFS='=' read -r java_key java_value; do
    if [ "$java_key" = JAVA_VERSION ]; then
      java_value=${java_value#\"}
      java_value=${java_value%%[!0-9]*}
      feature=${java_value:-0}
    fi
  done <"$1/release"
}

# find_java LEAST [PROGRAM] : sets $java_home and $feature. A runtime shipped beside us wins, then JAVA_HOME, then the
# newest that is installed. PROGRAM (javac) must be in it as well, where given.
find_java() {
  java_home=
  java_best=0
  for java_candidate in "$app/runtime" "${JAVA_HOME:-/nonexistent}"; do
    java_consider "$java_candidate" "$@"
    [ -z "$java_home" ] || break
  done
  if [ -z "$java_home" ]; then
    for java_candidate in /usr/lib/jvm/* /usr/lib64/jvm/* /opt/jdk* /opt/java* /opt/java/* "${HOME:-/nonexistent}"/.sdkman/candidates/java/*; do
      java_consider "$java_candidate" "$@"
    done
  fi
  if [ -z "$java_home" ] && java_candidate=$(command -v java); then
    java_candidate=$(readlink -f "$java_candidate")
    java_consider "${java_candidate%/bin/java}" "$@"
  fi
  feature=$java_best
  [ -n "$java_home" ]
}

java_consider() {
  java_feature "$1"
  [ "$feature" -ge "$2" ] && [ "$feature" -gt "$java_best" ] || return 0
  [ -z "${3:-}" ] || [ -x "$1/bin/$3" ] || return 0
  java_home=$1
  java_best=$feature
}

# prepare PART : sets $java_home and $class_path for the agent or the coordinator, or ends with what to do.
prepare() {
  find_java 21 || {
    echo "${0##*/}: needs Java 21 or newer, and found none in JAVA_HOME, /usr/lib/jvm, /opt and PATH." >&2
    echo "${0##*/}: install one with the package manager (for example openjdk-25-jre-headless), or set JAVA_HOME." >&2
    exit 69
  }
  if [ -d "$app/lib/$1" ]; then
    class_path="$app/lib/$1/*"
    return 0
  fi
  for jar in "$app/$1"/target/quorate-*.jar; do
    case $jar in
      *-tests.jar | *-sources.jar | *-javadoc.jar) continue ;;
    esac
    if [ -f "$jar" ] && [ -d "$app/$1/target/lib" ]; then
      class_path="$jar:$app/$1/target/lib/*"
      return 0
    fi
  done
  echo "${0##*/}: this checkout is not built yet: run $app/bin/build" >&2
  exit 69
}
