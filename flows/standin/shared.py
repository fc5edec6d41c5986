"""A path that the stand-ins of several sources serve, as one service may tell several things there."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Serve: TypeAlias = Callable[[Request], Awaitable[Response]]


class Declined(Exception):
    """What a stand-in raises for a question that another one answers at the same path."""


class SharedRoute(Route):
    """A path at which a question may be declined; then who serves it alone answers."""


def served(routes: Sequence[Route]) -> Iterator[Route]:
    """Yield the routes, each path once; a shared one hands on what it declines."""
    shared = [route for route in routes if isinstance(route, SharedRoute)]
    for route in shared:
        others = [one.endpoint for one in routes if one not in shared and one.path == route.path]
        yield Route(route.path, _first(route.endpoint, *others), methods=list(route.methods or ()))
    taken = {route.path for route in shared}
    yield from (route for route in routes if route.path not in taken)


def _first(*serve: Serve) -> Serve:
    async def answer(request: Request) -> Response:
        for one in serve:
            try:
                return await one(request)
            except Declined:
                continue
        return Response(status_code=404)

    return answer
