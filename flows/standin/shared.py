"""A path that the stand-ins of several sources serve, as one service may tell several things there."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Serve: TypeAlias = Callable[[Request], Awaitable[Response]]


class Declined(Exception):
    """What a stand-in raises for a question that another one may answer at the same path.

    `response` is the answer where none does.
    """

    def __init__(self, response: Response | None = None) -> None:
        super().__init__()
        self.response = response or Response(status_code=404)


class SharedRoute(Route):
    """A path at which a question may be declined; then another that serves it answers."""


def served(routes: Sequence[Route]) -> Iterator[Route]:
    """Yield the routes, each path and method once: who may decline is asked first, who may not last."""
    shared = [route for route in routes if isinstance(route, SharedRoute)]
    places = dict.fromkeys((route.path, method) for route in shared for method in _methods(route))
    for path, method in places:
        here = [one for one in routes if one.path == path and method in _methods(one)]
        in_order = sorted(here, key=lambda one: one not in shared)
        yield Route(path, _first(*(one.endpoint for one in in_order)), methods=[method])
    for route in routes:
        if not places.keys() & {(route.path, method) for method in _methods(route)}:
            yield route


def _methods(route: Route) -> set[str]:
    """Return the methods of a route; whoever answers to GET answers to HEAD."""
    return set(route.methods or ()) - {"HEAD"}


def _first(*serve: Serve) -> Serve:
    async def answer(request: Request) -> Response:
        declined = Declined()
        for one in serve:
            try:
                return await one(request)
            except Declined as told:
                declined = told
        return declined.response

    return answer
