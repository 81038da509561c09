#!/usr/bin/env bash
# A real S3 server for tests: one Ceph RADOS Gateway on loopback, from Debian's packages, all of it in one folder and in memory.
#   ceph.sh up DIR [PORT]    starts it (installs the packages when they are missing and this is root) and prints the environment to use
#   ceph.sh down DIR         stops what `up` started there, by the process ids it recorded
# CEPH_MEMORY_BYTES: what all objects together may take (4 GiB)
set -euo pipefail

command=${1:?usage: ceph.sh up|down DIR [PORT]}
dir=$(mkdir -p "${2:?usage: ceph.sh up|down DIR [PORT]}" && cd "$2" && pwd)
port=${3:-7480}
monitor_port=$((port + 9000))
access_key=FRESHFRONTTEST000000
secret_key=freshfronttestsecretfreshfronttestsecret
packages=(ceph-mon ceph-mgr ceph-osd ceph-common radosgw)

stop() {
  [ -f "$dir/pids" ] || return 0
  while read -r pid; do
    # A recorded id may belong to another process by now: only one that still names this folder is ours.
    if tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF "$dir/ceph.conf"; then kill "$pid" 2>/dev/null || true; fi
  done <"$dir/pids"
  for _ in $(seq 100); do
    local alive=0
    while read -r pid; do kill -0 "$pid" 2>/dev/null && alive=1; done <"$dir/pids"
    [ "$alive" = 0 ] && break
    sleep 0.1
  done
  rm -f "$dir/pids"
}

wait_for() { # seconds, command …
  local tries=$(($1 * 10))
  shift
  for _ in $(seq "$tries"); do "$@" >/dev/null 2>&1 && return 0; sleep 0.1; done
  echo "ceph.sh: gave up waiting for: $*" >&2
  tail -n 5 "$dir"/log/*.log >&2 || true
  return 1
}

start_daemon() { # pid file, command …
  local pid_file=$1
  shift
  "$@" >/dev/null 2>>"$dir/log/start.err"
  wait_for 20 test -s "$pid_file"
  echo "$(<"$pid_file")" >>"$dir/pids"
}

write_config() {
  cat >"$dir/ceph.conf" <<CONF
[global]
fsid = $1
mon host = [v2:127.0.0.1:$monitor_port,v1:127.0.0.1:$((monitor_port + 1))]
mon initial members = a
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind ipv6 = false
auth cluster required = none
auth service required = none
auth client required = none
auth supported = none
ms mon client mode = crc
mon allow pool size one = true
mon data avail warn = 1
mon data avail crit = 1
mon osd full ratio = .97
mon osd backfillfull ratio = .96
mon osd nearfull ratio = .95
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd class load list = *
osd class default list = *
run dir = $dir/run
log file = $dir/log/\$name.log
admin socket = $dir/run/\$name.asok
pid file = $dir/run/\$name.pid
keyring = $dir/keyring
[mon.a]
host = $(hostname)
mon data = $dir/mon
[mgr.a]
mgr data = $dir/mgr
mgr initial modules =
[osd.0]
host = $(hostname)
osd data = $dir/osd
osd objectstore = memstore
memstore device bytes = ${CEPH_MEMORY_BYTES:-4294967296}
[client.rgw.a]
host = $(hostname)
rgw frontends = beast endpoint=127.0.0.1:$port
rgw dynamic resharding = false
rgw override bucket index max shards = 4
CONF
}

start() {
  if ! command -v radosgw >/dev/null || ! command -v ceph-osd >/dev/null; then
    [ "$(id -u)" = 0 ] || { echo "ceph.sh: install these first: ${packages[*]}" >&2; exit 1; }
    apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >&2
  fi
  stop
  rm -rf "${dir:?}"/{mon,mgr,osd,run,log,keyring,monmap}
  mkdir -p "$dir"/{mon,mgr,osd,run,log}
  local fsid osd_id ceph
  fsid=$(cat /proc/sys/kernel/random/uuid)
  osd_id=$(cat /proc/sys/kernel/random/uuid)
  write_config "$fsid"
  export CEPH_CONF=$dir/ceph.conf
  ceph=(timeout 10 ceph -c "$dir/ceph.conf")
  ceph-authtool --create-keyring "$dir/keyring" --gen-key -n mon. --cap mon 'allow *' >/dev/null
  ceph-authtool "$dir/keyring" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *' >/dev/null
  monmaptool --create --clobber --fsid "$fsid" --addv a "[v2:127.0.0.1:$monitor_port,v1:127.0.0.1:$((monitor_port + 1))]" "$dir/monmap" >/dev/null
  ceph-mon -c "$dir/ceph.conf" --mkfs -i a --monmap "$dir/monmap" --keyring "$dir/keyring" >/dev/null
  start_daemon "$dir/run/mon.a.pid" ceph-mon -c "$dir/ceph.conf" -i a
  wait_for 30 "${ceph[@]}" -s
  start_daemon "$dir/run/mgr.a.pid" ceph-mgr -c "$dir/ceph.conf" -i a
  "${ceph[@]}" osd new "$osd_id" 0 >/dev/null
  ceph-osd -c "$dir/ceph.conf" -i 0 --mkfs --osd-uuid "$osd_id" >/dev/null 2>>"$dir/log/start.err"
  start_daemon "$dir/run/osd.0.pid" ceph-osd -c "$dir/ceph.conf" -i 0
  wait_for 60 sh -c "${ceph[*]} osd stat | grep -q '1 up'"
  radosgw-admin -c "$dir/ceph.conf" user create --uid=test --display-name=test \
    --access-key="$access_key" --secret-key="$secret_key" >/dev/null 2>>"$dir/log/start.err"
  start_daemon "$dir/run/client.rgw.a.pid" radosgw -c "$dir/ceph.conf" -n client.rgw.a
  wait_for 60 curl -sf -o /dev/null "http://127.0.0.1:$port/"
}

case $command in
  up)
    start
    echo "export AWS_ENDPOINT_URL_S3=http://127.0.0.1:$port"
    echo "export AWS_ACCESS_KEY_ID=$access_key"
    echo "export AWS_SECRET_ACCESS_KEY=$secret_key"
    echo "export AWS_REGION=us-east-1"
    ;;
  down) stop ;;
  *) echo "usage: ceph.sh up|down DIR [PORT]" >&2; exit 2 ;;
esac
