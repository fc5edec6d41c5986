#!/usr/bin/env bash
# A Prefect worker that a script has started in the background does not end on SIGTERM.
#
# A good engineer would guess: `kill PID` ends a worker however it was started; in a terminal and under systemd it does.
#
# What happens: the worker answers SIGTERM by sending itself SIGINT and waits for Python's KeyboardInterrupt. A shell
# without job control (every script, so many an entrypoint of a container or a step of CI) starts what ends in `&` with
# SIGINT ignored, and a process inherits that. The SIGINT then does nothing and the worker works on, until SIGKILL takes
# it away together with the run it has in hand. Nothing is logged of it.
#
# Who meets it: whoever starts a worker, or anything that ends by KeyboardInterrupt, as `prefect worker start … &`, and
# stops it by SIGTERM: deploy scripts, containers that start two processes, tests. `env --default-signal=INT` before the
# command mends it.
#
# Seen with prefect 3.8.8 (with fastapi 0.150.0, newer ones keep its server from starting) and Python 3.11 on
# 2026-11-29. Exits non-zero if that changes.
set -euo pipefail
folder=$(mktemp -d)
server='' worker=''
trap 'kill -KILL $server $worker 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check prefect==3.8.8 'sqlalchemy<2.1' fastapi==0.150.0
export PREFECT_HOME="$folder/home" PREFECT_SERVER_ANALYTICS_ENABLED=false DO_NOT_TRACK=1
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export PREFECT_API_URL="http://127.0.0.1:$port/api"

env --default-signal=INT venv/bin/prefect server start --host 127.0.0.1 --port "$port" >server.log 2>&1 &
server=$!
for _ in $(seq 120); do
    python3 -c "import urllib.request as u; u.urlopen('$PREFECT_API_URL/health')" 2>/dev/null && break
    sleep 1
done
venv/bin/prefect work-pool create pool --type process >/dev/null

# Prints "ended" or "still there" of a worker that got SIGTERM, 30 seconds later at the latest.
after_sigterm() {
    "$@" venv/bin/prefect worker start --pool pool >worker.log 2>&1 &
    worker=$!
    for _ in $(seq 120); do
        grep -q 'started' worker.log && break
        sleep 1
    done
    sleep 3
    kill -TERM "$worker"
    for _ in $(seq 30); do
        kill -0 "$worker" 2>/dev/null || { echo 'ended'; return; }
        sleep 1
    done
    echo 'still there'
    kill -KILL "$worker"
}

asked=$(after_sigterm env --default-signal=INT)
plain=$(after_sigterm env)
venv/bin/prefect version | grep -i '^version'
echo "started with SIGINT as usual:  $asked"
echo "started by a script with '&':  $plain"
[ "$asked" = 'ended' ] && [ "$plain" = 'still there' ]
