# Finds a JDK and a Maven to build with, and installs what is missing with the distribution's package manager.
# Sourced by bin/build and bin/test; needs $app and java.sh.

# install_package NAME… : the first of these that the package manager has.
install_package() {
  if [ "$(id -u)" != 0 ]; then
    return 1
  fi
  for package; do
    echo "installing $package" >&2
    if command -v apt-get >/dev/null 2>&1; then
      DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$package" >&2 && return 0
    elif command -v dnf >/dev/null 2>&1; then
      dnf install -y -q "$package" >&2 && return 0
    elif command -v zypper >/dev/null 2>&1; then
      zypper --non-interactive install "$package" >&2 && return 0
    elif command -v pacman >/dev/null 2>&1; then
      pacman -S --noconfirm "$package" >&2 && return 0
    fi
  done
  return 1
}

# Sets and exports JAVA_HOME; ends when there is no JDK and none to install.
use_jdk() {
  if ! find_java 21 javac; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
      apt-get update -q >&2
    fi
    install_package openjdk-25-jdk-headless openjdk-21-jdk-headless java-25-openjdk-devel java-21-openjdk-devel \
      java-latest-openjdk-devel jdk-openjdk || :
    find_java 21 javac || {
      echo "${0##*/}: needs a JDK 21 or newer, found none in JAVA_HOME, /usr/lib/jvm, /opt and PATH," >&2
      echo "${0##*/}: and could not install one with the package manager: install one and set JAVA_HOME." >&2
      exit 69
    }
  fi
  export JAVA_HOME="$java_home"
}

# Ends when there is no Maven and none to install.
use_maven() {
  command -v mvn >/dev/null 2>&1 || install_package maven || :
  command -v mvn >/dev/null 2>&1 || {
    echo "${0##*/}: needs Maven 3.8.7 or newer, and could not install it: install the package 'maven' as root." >&2
    exit 69
  }
}
