# shellcheck shell=bash
# The lab's hosts: what up, down, boot and the others share. Sourced, never run.
#
# A host is a systemd-nspawn container with systemd as PID 1, an overlay file system over one cached Debian root, a
# network namespace of its own and a cgroup of its own; a veth pair joins it to a bridge in the switch's namespace.
# Everything of a lab is named after it (QUORATE_LAB), so that several live side by side, and everything can be found
# again without memory: directories under $lab_dir, namespaces and cgroups named quorate-LAB-…

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

lab=${QUORATE_LAB:-q}
lab_dir=${QUORATE_LAB_DIR:-/var/tmp/quorate-lab-$lab}
[[ $lab =~ ^[a-z0-9]{1,12}$ ]] || die "QUORATE_LAB must be 1 to 12 of a-z and 0-9, not '$lab'"
switch=quorate-$lab-switch
client=quorate-$lab-client
suite=bookworm

# ---- names ----

# host_number hK : K
host_number() {
  [[ ${1:-} =~ ^h([1-9][0-9]?)$ ]] || die "a host is named h1, h2 and so on, not '${1:-}'"
  printf '%s\n' "${BASH_REMATCH[1]}"
}
address_of() {
  case $1 in
    switch) echo 10.77.0.1 ;;
    client) echo 10.77.0.2 ;;
    *) echo "10.77.0.$((10 + $(host_number "$1")))" ;;
  esac
}
namespace_of() { echo "quorate-$lab-$1"; }
known_host() { host_number "${1:-}" >/dev/null && [ -d "$lab_dir/$1" ] || die "there is no host ${1:-} in the lab '$lab'"; }
all_hosts() {
  local dir
  for dir in "$lab_dir"/h[0-9]*; do
    [ ! -d "$dir" ] || echo "${dir##*/}"
  done | sort -V
}
lock_lab() {
  mkdir -p "$lab_dir"
  exec 9>"$lab_dir/.lock"
  flock 9
}

# ---- the root file system that all hosts are laid over ----

base_root() {
  local recipe base mirror
  recipe=$(sed -n '/^make_base()/,/^}/p' "${BASH_SOURCE[0]}" | sha256sum | cut -c1-12)
  base=$cache/lab-root-$suite-$recipe
  if [ ! -d "$base" ]; then
    mkdir -p "$cache"
    (
      flock 8
      [ -d "$base" ] && exit 0
      mirror=$(debian_mirror)
      say "making the hosts' root file system (once, about a minute): $base"
      rm -rf "$base.new"
      make_base "$base.new" "$mirror" >"$cache/debootstrap.log" 2>&1 ||
        { tail -n 20 "$cache/debootstrap.log" >&2 && die "debootstrap failed"; }
      mv "$base.new" "$base"
    ) 8>"$cache/.lab-root.lock" || exit 1
  fi
  echo "$base"
}

# make_base DIRECTORY MIRROR ; a change in here makes a new cached root.
make_base() {
  local root=$1 unit
  debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,iproute2,procps,ca-certificates \
    "$suite" "$root" "$2"
  for unit in systemd-firstboot.service console-getty.service getty.target apt-daily.timer apt-daily-upgrade.timer \
    dpkg-db-backup.timer e2scrub_all.timer fstrim.timer systemd-networkd-wait-online.service; do
    ln -sf /dev/null "$root/etc/systemd/system/$unit"
  done
  rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root/etc/machine-id" "$root/etc/hostname"
  # Names for the switch, where the coordinator runs, and the hosts; the same in every lab.
  {
    echo '127.0.0.1 localhost'
    echo '10.77.0.1 switch coordinator'
    for unit in $(seq 1 20); do
      echo "10.77.0.$((10 + unit)) h$unit"
    done
  } >"$root/etc/hosts"
}

# ---- what the hosts run: the app directory ----

# A copy, so that a build in the checkout does not pull jars from under running processes.
assemble_app() {
  local part new=$lab_dir/app
  mkdir -p "$new/bin" "$new/lib" "$new/systemd"
  for part in quorate quorate-agent quorate-coordinator java.sh; do
    replace_file "$checkout/bin/$part" "$new/bin/$part"
  done
  for part in agent coordinator; do
    rm -rf "$new/lib/.$part"
    mkdir "$new/lib/.$part"
    local jar built=
    for jar in "$checkout/$part"/target/quorate-*.jar "$checkout/$part"/target/lib/*.jar; do
      case $jar in
        *-tests.jar | *-sources.jar | *-javadoc.jar | *'*'*) ;;
        *) cp "$jar" "$new/lib/.$part/" && built=1 ;;
      esac
    done
    if [ -z "$built" ]; then
      say "NOTE: the $part is not built: hosts come up without it; run bin/build, then lab/refresh"
    fi
    rm -rf "$new/lib/.$part-old"
    [ ! -d "$new/lib/$part" ] || mv "$new/lib/$part" "$new/lib/.$part-old"
    mv "$new/lib/.$part" "$new/lib/$part"
    rm -rf "$new/lib/.$part-old"
  done
  rm -rf "$new/systemd"
  cp -r "$checkout/systemd" "$new/systemd"
}
replace_file() {
  cp "$1" "$2.new"
  mv "$2.new" "$2"
}

# Installs the units of the checkout's systemd/ into a host's file system, as a package would.
install_units() {
  local root=$lab_dir/$1/root from=$lab_dir/app/systemd program
  mkdir -p "$root/usr/lib/systemd/system" "$root/usr/lib/sysusers.d" "$root/usr/lib/tmpfiles.d"
  cp "$from"/*.service "$root/usr/lib/systemd/system/"
  cp "$from"/sysusers.d/* "$root/usr/lib/sysusers.d/"
  cp "$from"/tmpfiles.d/* "$root/usr/lib/tmpfiles.d/"
  for program in quorate quorate-agent quorate-coordinator; do
    ln -sfn "/opt/quorate/bin/$program" "$root/usr/bin/$program"
  done
}

# ---- network ----

ensure_switch() {
  ip netns list | grep -qE "^$switch( |\$)" || ip netns add "$switch"
  if ! ip -n "$switch" link show br0 >/dev/null 2>&1; then
    ip -n "$switch" link set lo up
    ip -n "$switch" link add br0 type bridge
    ip -n "$switch" addr add 10.77.0.1/24 dev br0
    ip -n "$switch" link set br0 up
  fi
  ensure_client
}

# Where clients of etcd run: a place of their own, so that a host hidden from the coordinator is not hidden from them.
ensure_client() {
  ip netns list | grep -qE "^$client( |\$)" && return 0
  ip netns add "$client"
  ip -n "$client" link set lo up
  ip link add host0 netns "$client" type veth peer name client netns "$switch"
  ip -n "$switch" link set client master br0 up
  ip -n "$client" addr add "$(address_of client)/24" dev host0
  ip -n "$client" link set host0 up
  ip -n "$client" route add default via 10.77.0.1
}

# A host's cable stays plugged in as it was, so that a host that was cut off boots cut off.
ensure_network() {
  local host=$1 namespace
  namespace=$(namespace_of "$host")
  ip netns list | grep -qE "^$namespace( |\$)" || ip netns add "$namespace"
  ip -n "$namespace" link set lo up
  if ! ip -n "$namespace" link show host0 >/dev/null 2>&1; then
    ip link add host0 netns "$namespace" type veth peer name "$host" netns "$switch"
    ip -n "$switch" link set "$host" master br0 up
  fi
  ip -n "$namespace" addr replace "$(address_of "$host")/24" dev host0
  ip -n "$namespace" link set host0 up
  ip -n "$namespace" route replace default via 10.77.0.1
}

# ---- processes, known by id and start time so that a reused id is never mistaken for ours ----

# Nothing for a process that is gone, or dead and only waiting for its parent to notice.
started_at() { sed 's/.*) //; /^[ZX]/d' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }
# The id of a host's systemd-nspawn, when it runs.
nspawn_of() {
  local pid start
  read -r pid start 2>/dev/null <"$lab_dir/$1/nspawn" || return 1
  [ -n "$start" ] && [ "$(started_at "$pid")" = "$start" ] && echo "$pid"
}
# The id, seen from here, of a host's PID 1.
init_of() {
  local nspawn child
  nspawn=$(nspawn_of "$1") || return 1
  for child in $(cat "/proc/$nspawn/task/$nspawn/children" 2>/dev/null); do
    if grep -qE '^NSpid:.*[[:space:]]1$' "/proc/$child/status" 2>/dev/null; then
      echo "$child"
      return 0
    fi
  done
  return 1
}
is_up() { nspawn_of "$1" >/dev/null; }

# cgroups : the hierarchies that systemd inside a host manages; each host gets a cgroup of its own in them, or hosts
# would see each other's services.
hierarchies() {
  if [ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ]; then
    echo /sys/fs/cgroup
  else
    local dir
    for dir in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
      [ ! -d "$dir" ] || echo "$dir"
    done
  fi
}
remove_cgroups() {
  local dir
  for dir in $(hierarchies); do
    dir=$dir/quorate-$lab-$1
    [ ! -d "$dir" ] || find "$dir" -depth -type d -exec rmdir {} + 2>/dev/null || :
  done
}

in_host() {
  local pid
  pid=$(init_of "$1") || die "$1 is not running: lab/boot $1"
  shift
  nsenter -t "$pid" -a env -i -C / PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
    TERM="${TERM:-dumb}" LANG=C.UTF-8 "$@"
}

# ---- a host's life ----

ensure_root() {
  local host=$1 dir=$lab_dir/$1 base
  mountpoint -q "$dir/root" && return 0
  base=$(base_root)
  mkdir -p "$dir"/{upper,work,root}
  mount -t overlay "quorate-$lab-$host" -o "lowerdir=$base,upperdir=$dir/upper,workdir=$dir/work" "$dir/root"
  echo "$host" >"$dir/root/etc/hostname"
  # With an id of its own a host's first boot is like any other: no wizard, nothing enabled by preset.
  [ -s "$dir/root/etc/machine-id" ] || tr -d - </proc/sys/kernel/random/uuid >"$dir/root/etc/machine-id"
}

java_for_hosts() {
  local app=$checkout java_home='' feature
  . "$checkout/bin/java.sh"
  find_java 21 || die "needs a JDK 21 or newer to put on the hosts: run bin/build"
  readlink -f "$java_home"
}

# Starts a host without waiting for it.
start_host() {
  local host=$1 dir=$lab_dir/$1 namespace jdk extra=() conf hierarchy
  is_up "$host" && return 0
  ensure_switch
  ensure_network "$host"
  ensure_root "$host"
  install_units "$host"
  chroot "$dir/root" systemd-sysusers >"$dir/sysusers.log" 2>&1 || die "systemd-sysusers failed, see $dir/sysusers.log"
  jdk=$(java_for_hosts)
  # Distributions keep their JDK's configuration in /etc.
  for conf in /etc/java-*-openjdk; do
    [ ! -d "$conf" ] || extra+=("--bind-ro=$conf")
  done
  namespace=$(namespace_of "$host")
  mkdir -p /run/systemd/system
  remove_cgroups "$host"
  (
    exec 9>&-
    for hierarchy in $(hierarchies); do
      mkdir -p "$hierarchy/quorate-$lab-$host"
      echo "$BASHPID" >"$hierarchy/quorate-$lab-$host/cgroup.procs"
    done
    if [ "$(stat -fc %T /sys/fs/cgroup)" != cgroup2fs ]; then
      export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=0
    fi
    # Hosts stand for machines of their own: a build beside them must not slow them.
    exec nice -n -10 setsid systemd-nspawn -q -D "$dir/root" --machine="$namespace" --hostname="$host" --register=no --keep-unit \
      --network-namespace-path="/run/netns/$namespace" --boot --console=pipe --link-journal=no --resolv-conf=off \
      --timezone=off --bind-ro="$jdk:/opt/jdk" --bind-ro="$lab_dir/app:/opt/quorate" "${extra[@]}" \
      </dev/null >>"$dir/console.log" 2>&1
  ) &
  echo "$! $(started_at $!)" >"$dir/nspawn"
}

wait_booted() {
  local host=$1 deadline=$((SECONDS + 60)) state
  while :; do
    is_up "$host" || { tail -n 20 "$lab_dir/$host/console.log" >&2 && die "$host did not boot"; }
    state=$(in_host "$host" systemctl is-system-running 2>/dev/null) || :
    case $state in
      running | degraded) return 0 ;;
    esac
    [ "$SECONDS" -lt "$deadline" ] || die "$host has not booted within 60 s (it says: $state); see $lab_dir/$host/console.log"
    sleep 0.1
  done
}

wait_gone() {
  local host=$1 seconds=$2 deadline=$((SECONDS + $2))
  while is_up "$host"; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.05
  done
  rm -f "$lab_dir/$host/nspawn"
  return 0
}

# Power loss: everything of the host is gone at once.
kill_host() {
  local host=$1 nspawn init
  nspawn=$(nspawn_of "$host") || return 0
  init=$(init_of "$host") || init=
  kill -KILL "$nspawn" ${init:+"$init"} 2>/dev/null || :
  wait_gone "$host" 10 || die "$host survives SIGKILL (process $nspawn)"
  # Its PID 1 goes with it, but not in the same instant.
  if [ -n "$init" ]; then
    while [ -d "/proc/$init" ] && grep -qE '^NSpid:.*[[:space:]]1$' "/proc/$init/status" 2>/dev/null; do sleep 0.05; done
  fi
}

power_off() {
  local host=$1 init
  init=$(init_of "$host") || { kill_host "$host" && return 0; }
  kill -s RTMIN+4 "$init"
  wait_gone "$host" 100 || die "$host did not power off within 100 s"
}

# Removes a host and all that it left, also one that a crash left half made.
remove_host() {
  local host=$1
  kill_host "$host"
  remove_cgroups "$host"
  umount -R -l "$lab_dir/$host/root" 2>/dev/null || :
  rm -rf "${lab_dir:?}/$host"
}

# ---- partitions ----

# cut_pair hK hJ|switch : packets between the two are dropped, in hK's namespace.
cut_pair() {
  local namespace other
  namespace=$(namespace_of "$1")
  other=$(address_of "$2")
  ip netns exec "$namespace" nft -f - <<RULES
table inet quorate_cut {
  set others { type ipv4_addr; }
  chain incoming { type filter hook input priority 0; ip saddr @others drop; }
  chain outgoing { type filter hook output priority 0; ip daddr @others drop; }
}
flush chain inet quorate_cut incoming
flush chain inet quorate_cut outgoing
add rule inet quorate_cut incoming ip saddr @others drop
add rule inet quorate_cut outgoing ip daddr @others drop
add element inet quorate_cut others { $other }
RULES
}
heal_pair() {
  ip netns exec "$(namespace_of "$1")" nft delete element inet quorate_cut others "{ $(address_of "$2") }" 2>/dev/null || :
}
cuts_of() {
  ip netns exec "$(namespace_of "$1")" nft list set inet quorate_cut others 2>/dev/null | grep -oE '10\.77\.0\.[0-9]+' || :
}
