"""The git host: made-up histories, served by git itself over HTTP as a smart host does.

A repository that is not known is answered with the question for a login, as GitHub does. That commits are
made up is told by a ref, `refs/sample/…`. Source: https://git-scm.com/docs/http-protocol
"""

import gzip
import os
import subprocess
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from flows.sources.maintenance.demo_repository import repository_at
from flows.standin.clock import Clock, StandIn

SERVICE = "git-upload-pack"
NEVER_KEPT = {"cache-control": "no-cache, max-age=0, must-revalidate"}


class GitHost:
    """Answers what `git fetch` asks of a repository, as of the clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def routes(self) -> list[Route]:
        """Return the two paths of a repository that can be read."""
        return [
            Route("/{owner}/{name}.git/info/refs", self.refs),
            Route(f"/{{owner}}/{{name}}.git/{SERVICE}", self.upload, methods=["POST"]),
        ]

    async def refs(self, request: Request) -> Response:
        """Answer with what the server can, and in the old protocol with its refs."""
        if request.query_params.get("service") != SERVICE:
            return PlainTextResponse("Please upgrade your git client.\n", 403)
        told = await run_in_threadpool(self._asked, request, b"", "--advertise-refs")
        if told is None:
            return _login()
        begin = b"" if "version=2" in request.headers.get("git-protocol", "") else _announcement()
        return Response(begin + told, 200, NEVER_KEPT, f"application/x-{SERVICE}-advertisement")

    async def upload(self, request: Request) -> Response:
        """Answer with the refs or the commits that the body asks for."""
        body = await request.body()
        if request.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        told = await run_in_threadpool(self._asked, request, body)
        if told is None:
            return _login()
        return Response(told, 200, NEVER_KEPT, f"application/x-{SERVICE}-result")

    def _asked(self, request: Request, body: bytes, *options: str) -> bytes | None:
        """Return what git answers; None for a repository that is not known."""
        name = f"{request.path_params['owner']}/{request.path_params['name']}"
        folder = repository_at(name, self._clock.now)
        if folder is None:
            return None
        return _served(folder, request.headers.get("git-protocol", ""), body, *options)


def _served(folder: Path, protocol: str, body: bytes, *options: str) -> bytes:
    command = ["git", "upload-pack", "--stateless-rpc", *options, str(folder)]
    around = {**os.environ, "GIT_PROTOCOL": protocol, "GIT_CONFIG_GLOBAL": os.devnull}
    return subprocess.run(command, input=body, capture_output=True, env=around, check=False).stdout


def _announcement() -> bytes:
    line = f"# service={SERVICE}\n".encode()
    return b"%04x" % (len(line) + 4) + line + b"0000"


def _login() -> Response:
    headers = {"www-authenticate": 'Basic realm="Barometer\'s demo"'}
    return PlainTextResponse("Repository not found.", 401, headers)


def stand_ins(clock: Clock) -> list[StandIn]:
    """Return what answers in the place of the git host."""
    return [GitHost(clock)]
