"""Hugging Face: how many public models carry a library's tag today, and how many models there are.

Cost: one request a library and day, and one for all models. Of an answer the numbers are kept, and nothing
of the models that it lists, which bear their authors' names.
"""

import json
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from pydantic import Field

from flows.client.answer_model import Count, Shape, read_json
from flows.client.client import Client
from flows.client.errors import Unanswered
from flows.client.request import Question
from flows.client.service import Service
from flows.client.session import Pace
from warehouse.archive.write import LastAnswers, Page
from warehouse.config.ecosystem import Subject
from warehouse.config.settings import Settings
from warehouse.errors import Refused

SOURCE, ENDPOINT = "hugging_face", "models"
# The key of all models; no library is written so.
ALL_MODELS = "*"
# The website shows no more at once.
MOST_LISTED = 100


class Listed(Shape):
    """A model of the first page; what it is called is not kept."""

    id: str


class Models(Shape):
    """The first page of models, and how many there are on all pages."""

    models: Annotated[tuple[Listed, ...], Field(max_length=MOST_LISTED)]
    page: Annotated[int, Field(alias="pageIndex", ge=0, le=0)]
    per_page: Annotated[Count, Field(alias="numItemsPerPage", gt=0)]
    total: Annotated[Count, Field(alias="numTotalItems")]
    sample: str | None = None


def services(settings: Settings) -> tuple[Service]:
    """Return the Hub's website. Source: https://huggingface.co/docs/hub/rate-limits"""
    return (Service(SOURCE, pace=Pace(per_minute=15)),)


def questions(subjects: Sequence[Subject], settings: Settings, known: LastAnswers) -> Iterator[Question]:
    """Yield one question for all models, and one a library: only the present is told."""
    libraries = dict.fromkeys(library for subject in subjects for library in subject.identifiers(SOURCE))
    told: dict[str, int] = {}
    for library in (ALL_MODELS, *libraries) if libraries else ():
        yield Question(ENDPOINT, library, partial(_ask, library, told))


def read_models(library: str, told: dict[str, int], body: bytes) -> Models:
    """Return how many models there are; raises Unanswered where there are none.

    As many of a library as there are in all, `told` of in this run, were asked for without it.
    """
    found = read_json(Models, body)
    if found.total == 0 and not found.models:
        raise Unanswered("found no models")
    if len(found.models) != min(found.per_page, found.total):
        raise ValueError(f"found {len(found.models)} models on the first page, of {found.total} in all")
    if library != ALL_MODELS and found.total >= told.get(ALL_MODELS, found.total + 1):
        raise ValueError(f"found {found.total} models, as many as there are, expected those of a library")
    return found


def _ask(library: str, told: dict[str, int], client: Client) -> None:
    """Ask for the first page of models, and keep how many there are."""
    params = {"withCount": "true", **({"library": library} if library != ALL_MODELS else {})}
    url = f"{client.settings.urls['HUGGING_FACE_URL']}/models-json?{urlencode(params)}"
    try:
        found = client.consult(library, url, parse=partial(read_models, library, told))
    except Refused as error:
        client.keep(_page(client, library, url, {}, str(error)))
        return
    told[library] = found.total
    made_up = {"sample": found.sample} if found.sample else {}
    client.keep(_page(client, library, url, {"numTotalItems": found.total, **made_up}))


def _page(client: Client, library: str, url: str, kept: dict[str, Any], problem: str | None = None) -> Page:
    body = json.dumps(kept).encode()
    return Page(ENDPOINT, library, url, 200, client.settings.clock(), body, problem)
