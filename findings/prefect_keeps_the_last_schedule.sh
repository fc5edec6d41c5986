#!/usr/bin/env bash
# A deployment of Prefect follows its file when one of two schedules is taken out, and keeps the last one when that is.
#
# A good engineer would guess: what is deployed is what the file says; bringing up a deployment with `schedules: []`, or
# without schedules, ends its schedules, as bringing it up with one of two ends the other.
#
# What happens: from two to one the deployment follows. From one to none it keeps the one, active, and its runs go on
# being scheduled: an update with an empty list is taken for one that says nothing of schedules. Nothing is printed of
# it, by `flow.deploy`, `flow.serve` and `prefect deploy` alike. Setting the list to empty through the client ends it.
#
# Who meets it: whoever keeps schedules in a file under version control and stops a job by deleting its last schedule.
#
# Seen with prefect 3.8.8 (with SQLAlchemy 2.0.58; fastapi 0.150.0, newer ones keep its server from starting) and
# Python 3.11 on 2026-11-29. Exits non-zero if that changes.
set -euo pipefail
folder=$(mktemp -d)
server=''
trap '{ kill -KILL $server; wait; } 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check prefect==3.8.8 sqlalchemy==2.0.58 fastapi==0.150.0
export PREFECT_HOME="$folder/home" PREFECT_SERVER_ANALYTICS_ENABLED=false DO_NOT_TRACK=1 PREFECT_LOGGING_LEVEL=ERROR
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export PREFECT_API_URL="http://127.0.0.1:$port/api"
env --default-signal=INT venv/bin/prefect server start --host 127.0.0.1 --port "$port" --no-ui >server.log 2>&1 &
server=$!
for _ in $(seq 120); do
    python3 -c "import urllib.request as u; u.urlopen('$PREFECT_API_URL/health')" 2>/dev/null && break
    sleep 1
done
venv/bin/prefect work-pool create pool --type process >/dev/null
cat >job.py <<'PYTHON'
from prefect import flow


@flow
def job() -> None:
    pass
PYTHON

# Deploys with the schedules that are named and prints how many are active then.
deploy() {
    {
        echo 'name: example'
        echo 'deployments:'
        echo '  - name: job'
        echo '    entrypoint: job.py:job'
        echo '    work_pool: {name: pool}'
        echo "    schedules: [$1]"
    } >prefect.yaml
    venv/bin/prefect --no-prompt deploy --all >/dev/null 2>&1
    venv/bin/python -c '
from prefect.client.orchestration import get_client
with get_client(sync_client=True) as client:
    (one,) = client.read_deployments()
    print(sum(schedule.active for schedule in one.schedules))'
}
two=$(deploy '{cron: "0 6 * * *"}, {cron: "0 18 * * *"}')
one=$(deploy '{cron: "0 6 * * *"}')
none=$(deploy '')
venv/bin/prefect version | grep -i '^version'
echo "two schedules in the file: $two active; one: $one active; none: $none active"
[ "$two $one $none" = '2 1 1' ]
