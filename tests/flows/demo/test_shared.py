"""Two stand-ins at one path: what one declines the other answers."""

import asyncio

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from flows.standin.shared import Declined, SharedRoute, served


def ask(routes, path: str, question: str) -> tuple[int, bytes]:
    """Return the status and the body that the first route of a path answers with."""
    route = next(one for one in served(routes) if one.path == path)
    scope = {"type": "http", "method": "GET", "path": path, "query_string": question.encode(), "headers": []}
    response = asyncio.run(route.endpoint(Request(scope)))
    return response.status_code, response.body


async def of_topics(request: Request) -> PlainTextResponse:
    if "topic" not in request.query_params:
        raise Declined
    return PlainTextResponse("a topic's")


async def of_all(request: Request) -> PlainTextResponse:
    return PlainTextResponse("anything's")


def test_what_one_declines_the_other_answers():
    """Whichever comes first; and where there is no other, nothing is found."""
    alone, shared, other = Route("/search", of_all), SharedRoute("/search", of_topics), Route("/else", of_all)
    for routes in ([alone, shared, other], [other, shared, alone]):
        assert ask(routes, "/search", "topic=x") == (200, b"a topic's")
        assert ask(routes, "/search", "q=x") == (200, b"anything's")
        assert ask(routes, "/else", "topic=x") == (200, b"anything's")
        assert [one.path for one in served(routes)].count("/search") == 1
    assert ask([shared], "/search", "q=x") == (404, b"")


def test_of_several_that_may_decline_whoever_knows_answers():
    """What none knows is what the last of them says to that."""

    def knowing(word: str) -> SharedRoute:
        async def answer(request: Request) -> PlainTextResponse:
            if request.query_params["q"] != word:
                raise Declined(PlainTextResponse(f"not {word}", 404))
            return PlainTextResponse(word)

        return SharedRoute("/", answer)

    routes = [knowing("stars"), knowing("stripes")]
    answers = [ask(routes, "/", f"q={word}") for word in ("stars", "stripes", "bars")]
    assert answers == [(200, b"stars"), (200, b"stripes"), (404, b"not stripes")]
