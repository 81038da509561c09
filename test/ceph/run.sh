#!/usr/bin/env bash
# `npm run test:ceph`: starts a Ceph RADOS Gateway, runs the tests of this folder against it, stops it. Arguments go to vitest.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d)
trap '"$here/ceph.sh" down "$dir"; rm -rf "$dir"' EXIT
eval "$("$here/ceph.sh" up "$dir" "${CEPH_PORT:-7490}")"
cd "$here/../.."
npx vitest run --config test/ceph/vitest.config.ts "$@"
