#!/usr/bin/env bash
# A local PostgreSQL primary with a streaming hot standby, from installed binaries, for tests and for trying the sample.
set -euo pipefail

usage() {
  cat <<'USAGE'
usage: eng/postgres-pair.sh COMMAND [DIR]
       eng/postgres-pair.sh SERVER-COMMAND DIR NAME

  start [DIR]   start the pair (or find it running) and print the lines of `env`: eval "$(eng/postgres-pair.sh start)"
  env [DIR]     print `export` lines with the Npgsql connection strings of both servers
  status [DIR]  exit 0 when both servers run
  stop [DIR]    stop both servers and delete their data
  check         exit 0 when the PostgreSQL binaries that all this needs are installed

For one server of a pair that runs; NAME is primary, replica or replica2:

  stop-server DIR NAME [MODE]  stop it: fast (the default: sessions are told), immediate (as a crash) or smart
  start-server DIR NAME        start it again, on the port that it had
  promote DIR NAME             make a standby a primary of its own, which from then on is no copy of the other any more
  rebuild DIR NAME             throw a standby's data away and make it a standby again, on the port that it had

DIR defaults to a directory for the current user below the temporary directory.

Environment:
  PG_BINDIR                        where initdb, postgres and pg_basebackup are (default: found)
  PG_PRIMARY_PORT, PG_REPLICA_PORT (default: free ports)
  PG_SECOND_REPLICA                1 for another standby, as behind a load balancer: CQRS_ROUTING_PG_REPLICA2
  PG_MAX_STANDBY_STREAMING_DELAY   how long replay waits for a standby's query before cancelling it (default: 30s)
  PG_PAIR_OWNER                    a process id; the pair stops and is deleted when that process is gone

Logins, from loopback only and without a password: `app` owns the database `app`, may create databases, and may pause
and resume replay on the standby; `postgres` is the superuser.
USAGE
}

say() { echo "postgres-pair: $*" >&2; }
die() { say "$*"; exit 1; }

has_server() { [[ -x $1/initdb && -x $1/pg_ctl && -x $1/postgres && -x $1/pg_basebackup && -x $1/psql ]]; }

candidates() {
  [[ -z ${PG_BINDIR:-} ]] || { echo "$PG_BINDIR"; return; }
  pg_config --bindir 2>/dev/null || true
  printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV
  local initdb
  initdb=$(command -v initdb) && dirname "$initdb"
}

find_binaries() {
  local candidate
  while read -r candidate; do
    if has_server "$candidate"; then bin=$candidate; return; fi
  done < <(candidates)
  say "no PostgreSQL server binaries found${PG_BINDIR:+ in PG_BINDIR=$PG_BINDIR}. Install them (Debian, Ubuntu: apt-get install postgresql;" \
    "Fedora: dnf install postgresql-server; macOS: brew install postgresql), or point PG_BINDIR at them."
  exit 3
}

# PostgreSQL refuses to run as root, so root runs it as the user `postgres`.
as_server_user() {
  if [[ $(id -u) -ne 0 ]]; then "$@"
  elif command -v runuser >/dev/null; then runuser -u postgres -- "$@"
  else su postgres -s /bin/sh -c '"$0" "$@"' -- "$@"
  fi
}

make_directory() {
  [[ -z $(ls -A "$dir" 2>/dev/null) ]] || die "$dir is not empty. Name a directory that does not exist yet."
  mkdir -p "$dir"
  touch "$dir/.postgres-pair"
  if [[ $(id -u) -eq 0 ]]; then
    id postgres >/dev/null 2>&1 || die "PostgreSQL does not run as root, and there is no user 'postgres' to run it as. Run this as an ordinary user."
    chown postgres "$dir"
    as_server_user test -w "$dir" || die "the user 'postgres' cannot reach $dir. Choose a directory below /tmp."
  fi
}

# Below the range that outgoing connections use, so that nothing takes the port before the server does.
free_port() {
  local port
  while :; do
    port=$((15000 + RANDOM % 15000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

settings() {
  cat <<SETTINGS
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 400
shared_buffers = 32MB
# The data is thrown away, so nothing is made durable. Commits still flush: what is not flushed is not sent to the standby.
fsync = off
full_page_writes = off
wal_level = replica
wal_writer_delay = 10ms
wal_receiver_status_interval = 1s
hot_standby = on
hot_standby_feedback = off
max_standby_streaming_delay = ${PG_MAX_STANDBY_STREAMING_DELAY:-30s}
SETTINGS
}

# The last line counts: a standby's file is a copy of its primary's.
set_port() { echo "port = $2" | as_server_user tee -a "$dir/$1/postgresql.conf" >/dev/null; }

port_of() { sed -n 's/^port = //p' "$dir/$1/postgresql.conf" | tail -n 1; }

run_server() {
  local name=$1
  as_server_user "$bin/pg_ctl" start -w -D "$dir/$name" -l "$dir/$name.log" >/dev/null \
    || { tail -n 20 "$dir/$name.log" >&2; die "the $name did not start; its log is above."; }
}

sql() { as_server_user "$bin/psql" -h 127.0.0.1 -p "$1" -U postgres -d "$2" -qAtX -v ON_ERROR_STOP=1 -c "$3"; }

create_primary() {
  as_server_user "$bin/initdb" -D "$dir/primary" -U postgres -A trust -E UTF8 --locale=C --no-sync >/dev/null
  settings | as_server_user tee -a "$dir/primary/postgresql.conf" >/dev/null
  set_port primary "$primary_port"
  run_server primary
  # In template1, so that every database that `app` creates lets it pause replay too.
  sql "$primary_port" template1 "CREATE ROLE app LOGIN CREATEDB IN ROLE pg_monitor;
    GRANT EXECUTE ON FUNCTION pg_wal_replay_pause(), pg_wal_replay_resume(), pg_switch_wal(), pg_promote(boolean, integer) TO app"
  sql "$primary_port" postgres "CREATE DATABASE app OWNER app"
}

create_replica() {
  local name=$1 port=$2
  sql "$primary_port" postgres "SELECT pg_create_physical_replication_slot('$name')" >/dev/null
  copy_primary "$name" "$port"
}

copy_primary() {
  local name=$1 port=$2
  as_server_user "$bin/pg_basebackup" -h 127.0.0.1 -p "$primary_port" -U postgres -D "$dir/$name" \
    --write-recovery-conf --slot="$name" --checkpoint=fast --no-sync
  set_port "$name" "$port"
  run_server "$name"
  await_streaming "$name"
}

await_streaming() {
  local deadline=$((SECONDS + 30))
  until [[ $(sql "$primary_port" postgres "SELECT active FROM pg_replication_slots WHERE slot_name = '$1'") == t ]]; do
    ((SECONDS < deadline)) || { tail -n 20 "$dir/$1.log" >&2; die "the $1 does not stream; its log is above."; }
    sleep 0.05
  done
}

connection_string() {
  echo "Host=127.0.0.1;Port=$1;Database=app;Username=app;Pooling=true;Maximum Pool Size=40;Include Error Detail=true"
}

write_environment() {
  cat >"$dir/env" <<ENV
export CQRS_ROUTING_PG_PRIMARY='$(connection_string "$primary_port")'
export CQRS_ROUTING_PG_REPLICA='$(connection_string "$replica_port")'
export CQRS_ROUTING_PG_PRIMARY_PORT=$primary_port
export CQRS_ROUTING_PG_REPLICA_PORT=$replica_port
ENV
  [[ -z ${PG_SECOND_REPLICA:-} ]] || echo "export CQRS_ROUTING_PG_REPLICA2='$(connection_string "$second_port")'" >>"$dir/env"
}

# In a process group of its own, so that what kills the owner's group leaves the one that cleans up after it.
stop_with_owner() {
  set -m
  (
    trap '' HUP INT
    while kill -0 "$PG_PAIR_OWNER"; do sleep 0.5; done
    stop
  ) </dev/null >/dev/null 2>&1 &
  set +m
}

is_running() { as_server_user "$bin/pg_ctl" status -D "$dir/$1" >/dev/null 2>&1; }

start() {
  if is_running primary && is_running replica && [[ -f $dir/env ]]; then print_environment; return; fi
  stop
  make_directory
  primary_port=${PG_PRIMARY_PORT:-$(free_port)}
  replica_port=${PG_REPLICA_PORT:-$(free_port)}
  trap stop EXIT
  create_primary
  create_replica replica "$replica_port"
  if [[ -n ${PG_SECOND_REPLICA:-} ]]; then
    second_port=$(free_port)
    create_replica replica2 "$second_port"
  fi
  write_environment
  trap - EXIT
  if [[ -n ${PG_PAIR_OWNER:-} ]]; then stop_with_owner; fi
  print_environment
}

# Only what `start` marked as its own: whoever names a directory by mistake loses nothing.
stop() {
  local name
  [[ -f $dir/.postgres-pair ]] || return 0
  for name in replica2 replica primary; do
    if is_running "$name"; then as_server_user "$bin/pg_ctl" stop -m immediate -D "$dir/$name" >/dev/null || true; fi
    rm -rf "${dir:?}/$name" "$dir/$name.log"
  done
  rm -f "$dir/env" "$dir/.postgres-pair"
  rmdir "$dir" 2>/dev/null || true
}

status() {
  local name result=0
  for name in primary replica; do
    if is_running "$name"; then echo "$name: running"; else echo "$name: not running"; result=1; fi
  done
  return $result
}

require_server() {
  [[ -f $dir/.postgres-pair && -d $dir/${name:-.}/base ]] || die "no server '$name' in $dir; start a pair with: eng/postgres-pair.sh start"
}

stop_server() { as_server_user "$bin/pg_ctl" stop -m "$mode" -D "$dir/$name" >/dev/null || die "the $name does not stop."; }

start_server() { run_server "$name"; }

promote() { as_server_user "$bin/pg_ctl" promote -w -D "$dir/$name" >/dev/null || die "the $name was not promoted."; }

rebuild() {
  local port
  [[ $name != primary ]] || die "the primary is what a standby is rebuilt from."
  port=$(port_of "$name")
  primary_port=$(port_of primary)
  if is_running "$name"; then mode=immediate stop_server; fi
  rm -rf "${dir:?}/$name"
  copy_primary "$name" "$port"
}

print_environment() {
  [[ -f $dir/env ]] || die "no pair in $dir; start one with: eng/postgres-pair.sh start"
  cat "$dir/env"
}

dir=${2:-${TMPDIR:-/tmp}/cqrs-routing-postgres-$(id -u)}
[[ $dir == /* ]] || dir=$PWD/$dir
case ${1:-help} in
  check) find_binaries ;;
  start | stop | status) find_binaries; cd /; "$1" ;;
  stop-server | start-server | promote | rebuild)
    name=${3:-} mode=${4:-fast}
    find_binaries
    cd /
    require_server
    "${1/-/_}"
    ;;
  env) print_environment ;;
  help | -h | --help) usage ;;
  *) usage >&2; exit 2 ;;
esac
