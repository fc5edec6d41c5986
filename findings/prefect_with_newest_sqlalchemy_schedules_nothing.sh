#!/usr/bin/env bash
# A Prefect server with SQLAlchemy 2.1 says that it is healthy and its deployments ready, and never runs one of them.
#
# A good engineer would guess: Prefect 3.8 asks for SQLAlchemy 2.0 or newer below 3, so a fresh installation takes 2.1 and
# works; and if the two did not fit, the server would not start, or a deployment would not register.
#
# What happens: the server starts, its health check answers, a deployment with a schedule registers and is READY. The
# insert of the runs that the schedule asks for fails within SQLAlchemy 2.1 ("Can't evaluate bulk DML statement"), in a
# service of the server whose error stands in the server's log alone. No run is ever scheduled, so none is late or fails,
# and no automation on late or failed runs tells anybody. With SQLAlchemy 2.0 the same deployment has runs at once.
#
# Who meets it: whoever installs Prefect 3.8 without a lock file, or lets a lock be made anew, and watches his flows by
# failures. That a next run is scheduled at all is the thing to watch.
#
# Seen with prefect 3.8.8, SQLAlchemy 2.1.9 and 2.0.58 (with fastapi 0.150.0, newer ones keep its server from starting)
# and Python 3.11 on 2026-11-29. Exits non-zero if that changes.
set -euo pipefail
folder=$(mktemp -d)
server='' flow=''
trap 'kill -KILL $server $flow 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check prefect==3.8.8 sqlalchemy==2.1.9 fastapi==0.150.0
export PREFECT_SERVER_ANALYTICS_ENABLED=false DO_NOT_TRACK=1 PREFECT_LOGGING_LEVEL=WARNING
cat >flow.py <<'PYTHON'
from datetime import timedelta

from prefect import flow


@flow
def hourly() -> None:
    pass


if __name__ == "__main__":
    hourly.serve("scheduled", interval=timedelta(hours=1))
PYTHON
cat >look.py <<'PYTHON'
import time

from prefect.client.orchestration import get_client

deadline = time.monotonic() + 45
with get_client(sync_client=True) as client:
    while time.monotonic() < deadline:
        deployments, runs = client.read_deployments(), client.read_flow_runs()
        if runs:
            break
        time.sleep(2)
    healthy = client.api_healthcheck() is None
status = ", ".join(one.status.value for one in deployments) or "no deployment"
print(f"{'healthy' if healthy else 'ill'}, {status}, {'runs are scheduled' if runs else 'no run is scheduled'}")
PYTHON

# Prints how a server and its deployment are with the SQLAlchemy that is installed.
look() {
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    export PREFECT_HOME="$folder/home-$port" PREFECT_API_URL="http://127.0.0.1:$port/api"
    env --default-signal=INT venv/bin/prefect server start --host 127.0.0.1 --port "$port" --no-ui >server.log 2>&1 &
    server=$!
    for _ in $(seq 120); do
        python3 -c "import urllib.request as u; u.urlopen('$PREFECT_API_URL/health')" 2>/dev/null && break
        sleep 1
    done
    env --default-signal=INT venv/bin/python flow.py >flow.log 2>&1 &
    flow=$!
    sleep 10
    venv/bin/python look.py
    kill -KILL "$server" "$flow"
    wait "$server" "$flow" 2>/dev/null || true
}

newest=$(look)
grep -o "Can't evaluate bulk DML statement" server.log | sort -u
venv/bin/pip install --quiet --disable-pip-version-check sqlalchemy==2.0.58
older=$(look)
echo "SQLAlchemy 2.1.9:  $newest"
echo "SQLAlchemy 2.0.58: $older"
[ "$newest" = 'healthy, READY, no run is scheduled' ] && [ "$older" = 'healthy, READY, runs are scheduled' ]
