#!/usr/bin/env bash
# A worker of Prefect copies the whole folder that a flow was deployed from, anew for each of its runs.
#
# A good engineer would guess: a flow that is deployed by a path on this machine is run where it lies, by a worker that
# is started in the same folder. A process is a process: nothing is packed, nothing is fetched.
#
# What happens: each run has a temporary folder of its own, into which all that lies beside the flow is copied first,
# data of earlier runs and folders for packages included, and which is removed behind it. What a run writes beside the
# flow is gone with it, without a word, and the next run begins with the files of the day of the deployment. The same
# flow, served by its own process (`serve`), is run where it lies. A `working_dir` among the job's variables ends it.
#
# Who meets it: whoever moves from `serve` to a worker and keeps a database, a cache or data beside the code.
#
# Seen with prefect 3.8.8 (with SQLAlchemy 2.0.58; fastapi 0.150.0, newer ones keep its server from starting) and
# Python 3.11 on 2026-11-30. Exits non-zero if that changes.
set -euo pipefail
folder=$(mktemp -d)
server='' worker=''
trap '{ kill -KILL $worker $server; wait; } 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check prefect==3.8.8 sqlalchemy==2.0.58 fastapi==0.150.0
export PREFECT_HOME="$folder/home" PREFECT_SERVER_ANALYTICS_ENABLED=false DO_NOT_TRACK=1 PREFECT_LOGGING_LEVEL=ERROR
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export PREFECT_API_URL="http://127.0.0.1:$port/api" PREFECT_WORKER_QUERY_SECONDS=1
env --default-signal=INT venv/bin/prefect server start --host 127.0.0.1 --port "$port" --no-ui >server.log 2>&1 &
server=$!
for _ in $(seq 120); do
    python3 -c "import urllib.request as u; u.urlopen('$PREFECT_API_URL/health')" 2>/dev/null && break
    sleep 1
done
venv/bin/prefect work-pool create pool --type process >/dev/null
mkdir project && cd project
echo 'of earlier runs' >data.txt
export TOLD="$folder/told.txt"
cat >job.py <<'PYTHON'
import os
from pathlib import Path

from prefect import flow


@flow
def job() -> None:
    lines = len(Path("data.txt").read_text().splitlines())
    with Path("data.txt").open("a") as data:
        data.write("of this run\n")
    with open(os.environ["TOLD"], "a") as told:
        told.write(f"{Path.cwd()} {lines}\n")
PYTHON
cat >deploy.py <<'PYTHON'
import sys

from prefect.deployments.runner import RunnerDeployment

variables = {"working_dir": sys.argv[2]} if sys.argv[2:] else {}
RunnerDeployment.from_entrypoint(
    "job.py:job", sys.argv[1], work_pool_name="pool", job_variables=variables
).apply()
PYTHON
../venv/bin/python deploy.py beside
../venv/bin/python deploy.py inside "$PWD"
env --default-signal=INT ../venv/bin/prefect worker start --pool pool >../worker.log 2>&1 &
worker=$!
for name in beside beside inside inside; do
    ../venv/bin/prefect deployment run "job/$name" --watch >/dev/null 2>&1
done
../venv/bin/prefect version | grep -i '^version'
read -r -d '' first second third fourth <<<"$(awk -v here="$PWD" '{print ($1 == here ? "here" : "elsewhere") "," $2}' "$TOLD")" || true
echo "deployed by its path: run $first lines found, then $second; with working_dir: $third, then $fourth"
[ "$first $second" = 'elsewhere,1 elsewhere,1' ]
[ "$third $fourth" = 'here,1 here,2' ]
