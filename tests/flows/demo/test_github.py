"""GitHub's side of the demo: totals, weeks of stars, conditional requests, limits that never bite."""

from datetime import UTC, datetime

import pytest
import requests

from flows.standin.facts import load_facts


def get(demo, path, **headers):
    return requests.get(f"{demo.url}{path}", headers=headers, timeout=5)


def test_totals_of_a_day_are_the_committed_ones(demo):
    """On a day of the table the repository shows that row's counters, under GitHub's names."""
    demo.now = datetime(2018, 12, 18, 6, tzinfo=UTC)

    assert get(demo, "/repos/tensorflow/tensorflow").json() == {
        "id": 45717250,
        "name": "tensorflow",
        "full_name": "tensorflow/tensorflow",
        "private": False,
        "owner": {"login": "tensorflow"},
        "html_url": "https://github.com/tensorflow/tensorflow",
        "fork": False,
        "created_at": "2015-11-07T01:19:20Z",
        "archived": False,
        "disabled": False,
        "stargazers_count": 116901,
        "watchers_count": 116901,
        "watchers": 116901,
        "forks_count": 70648,
        "forks": 70648,
        "open_issues_count": 1827,
        "open_issues": 1827,
        "subscribers_count": None,
    }


def test_counters_without_a_figure_are_null(demo):
    """JAX has stars but neither forks nor issues; watchers are known of none."""
    answer = get(demo, "/repos/jax-ml/jax").json()

    assert answer["stargazers_count"] == 32682
    unknown = {"forks", "forks_count", "open_issues", "open_issues_count", "subscribers_count"}
    assert {name: answer[name] for name in unknown} == dict.fromkeys(unknown)


def test_paging_reaches_the_first_week_and_sums_to_the_facts(demo):
    """Following `next` from the first page gives every week once, newest first."""
    url, weeks, pages = f"{demo.url}/repos/pytorch/pytorch/stargazers/history", [], 0
    while url:
        response = requests.get(url, timeout=5)
        weeks += response.json()
        pages += 1
        url = response.links.get("next", {}).get("url")

    days = [week.days for week in reversed(load_facts().weeks["pytorch/pytorch"])]
    assert pages == 16
    assert [tuple(week["days"]) for week in weeks] == days
    assert sum(week["total"] for week in weeks) == sum(map(sum, days)) == 92082
    assert weeks[0]["week"] == datetime(2025, 8, 3, tzinfo=UTC).timestamp()
    assert weeks[-1]["week"] == datetime(2016, 8, 7, tzinfo=UTC).timestamp()


def test_pages_are_linked_as_github_links_them(demo):
    """By repository id, an oversized page cut to 30, first and last page without what they have not."""
    path = "/repos/pytorch/pytorch/stargazers/history?per_page=100&page="
    by_id = f"{demo.url}/repositories/65600975/stargazers/history?per_page=30&page="

    assert links(get(demo, path + "1")) == {"next": by_id + "2", "last": by_id + "16"}
    assert links(get(demo, path + "16")) == {"prev": by_id + "15", "first": by_id + "1"}
    assert get(demo, path + "17").json() == []


def links(response):
    return {rel: link["url"] for rel, link in response.links.items()}


def test_days_that_are_not_over_have_no_stars(demo):
    """The current week is there, with zeros from the clock's day on."""
    demo.now = datetime(2017, 1, 19, 23, 59, tzinfo=UTC)
    week = get(demo, "/repos/pytorch/pytorch/stargazers/history").json()[0]

    sunday = int(datetime(2017, 1, 15, tzinfo=UTC).timestamp())
    assert week == {"week": sunday, "total": 408, "days": [0, 0, 3, 405, 0, 0, 0]}


def test_releases_are_told_from_the_day_after_newest_first(demo):
    """Of a release its UTC day is known, so it is told when that is over; the link counts them."""
    demo.now = datetime(2017, 8, 29, 6, tzinfo=UTC)
    path = "/repos/pytorch/pytorch/releases?per_page=1"
    by_id = f"{demo.url}/repositories/65600975/releases?per_page=1&page="
    answer = get(demo, path)
    (newest,) = answer.json()

    assert newest == {
        "id": 65600975013,
        "tag_name": "v0.2.0",
        "name": None,
        "draft": False,
        "prerelease": False,
        "published_at": "2017-08-28T00:00:00Z",
        "html_url": "https://github.com/pytorch/pytorch/releases/tag/v0.2.0",
    }
    assert links(answer) == {"next": by_id + "2", "last": by_id + "13"}
    demo.now = datetime(2017, 8, 28, 23, tzinfo=UTC)
    assert [release["tag_name"] for release in get(demo, path).json()] == ["v0.1.12"]


def test_a_repository_whose_releases_nobody_printed_shows_none(demo):
    """An unknown repository is GitHub's 404."""
    assert get(demo, "/repos/tensorflow/tensorflow/releases").json() == []
    assert get(demo, "/repos/no/such/releases").status_code == 404


@pytest.mark.parametrize("path", ["/repos/pytorch/pytorch", "/repos/pytorch/pytorch/releases?per_page=100"])
def test_an_unchanged_answer_is_304_and_free(demo, path):
    """The weak tag of a 200, sent back, gives an empty 304 that is not charged."""
    first = get(demo, path)
    tag = first.headers["etag"]
    again = get(demo, path, **{"If-None-Match": tag})

    assert (again.status_code, again.content, "W/" + again.headers["etag"]) == (304, b"", tag)
    assert again.headers["x-ratelimit-used"] == first.headers["x-ratelimit-used"]


def test_limits_are_counted_and_never_reached(demo):
    """An hour's requests are counted, and the last one is always left."""
    demo.now = datetime(2025, 6, 1, 6, 30, tzinfo=UTC)
    shown = [get(demo, "/repos/pytorch/pytorch").headers for _ in range(70)]

    assert [int(headers["x-ratelimit-remaining"]) for headers in shown] == [*range(59, 1, -1), *[1] * 12]
    assert int(shown[0]["x-ratelimit-reset"]) == datetime(2025, 6, 1, 7, tzinfo=UTC).timestamp()


def test_the_unknown_is_404(demo):
    """No such repository, no figure at most 45 days old, no weeks: all are GitHub's 404."""
    assert get(demo, "/repos/no/such").json()["message"] == "Not Found"
    assert get(demo, "/repos/jax-ml/jax/stargazers/history").status_code == 404
    assert get(demo, "/repositories/1/stargazers/history").status_code == 404
    demo.now = datetime(2024, 12, 1, 6, tzinfo=UTC)
    assert get(demo, "/repos/pytorch/pytorch").status_code == 404


def test_a_client_must_say_who_it_is(demo):
    """Without a User-Agent the answer is 403."""
    assert get(demo, "/repos/pytorch/pytorch", **{"User-Agent": ""}).status_code == 403


def test_a_former_name_leads_to_the_present_one(demo):
    """301 to the address by id, which answers as the repository it is now."""
    moved = requests.get(f"{demo.url}/repos/google/jax", timeout=5, allow_redirects=False)

    assert (moved.status_code, moved.headers["location"]) == (301, f"{demo.url}/repositories/154739597")
    assert get(demo, "/repos/google/jax").json()["full_name"] == "jax-ml/jax"


def test_a_search_finds_words_in_names(demo):
    """The most starred first, whatever qualifies the words; a search for nothing is refused."""
    found = get(demo, "/search/repositories?q=tensorflow+pytorch+in:name").json()

    assert [item["full_name"] for item in found["items"]] == ["tensorflow/tensorflow", "pytorch/pytorch"]
    assert found["total_count"] == 2
    assert get(demo, "/search/repositories?q=theano").json()["items"] == []
    assert get(demo, "/search/repositories?q=in:name").status_code == 422
