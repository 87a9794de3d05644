"""When the database does not answer, the site says so and comes back by itself (trust 3: R12)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial

import pytest
from django.db import connection

from tests.cast import answer, holder_of, new_attempt, published
from tests.live import Live, restarted_with
from tests.private_postgres import Cluster
from tests.site.client import (
    Browser,
    Fields,
    Reply,
    Taker,
    answers_of,
    at_once,
    choices,
    item_keys,
    new_client,
)
from tests.site.faults import cancel_what_waits, locked, out_of_connections, read_only

LOCK_SECONDS = 1
PATIENCE_SECONDS = 5.0

Fault = Callable[[Cluster, Live], AbstractContextManager[None]]


@pytest.fixture
def impatient(live: Live) -> Iterator[Live]:
    """The site, waiting one second for a lock instead of ten."""
    with restarted_with(live, DATABASE_LOCK_SECONDS=str(LOCK_SECONDS)):
        yield live


def assert_asks_to_come_back(reply: Reply) -> None:
    assert reply.status == 503, reply.text
    assert reply.headers["Retry-After"] == "5"
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<h1>We will be back in a moment</h1>" in reply.text
    assert "Your saved answers are safe" in reply.text


def test_a_locked_database_is_said_to_be_away_and_nothing_is_lost(impatient: Live):
    taker, key, client = Taker(impatient), item_keys()[0], new_client()
    taker.answer([key])
    link = taker.post(taker.path("later")).text.split("/a/")[1][:43]
    before = answers_of(impatient, taker.attempt)
    newcomer = Browser(impatient)
    posts: list[tuple[Browser, str, Fields]] = [
        (taker, taker.path("save"), {"item": item_keys()[1], "value": "1", "client": client,
                                     "seq": 1, "base_revision": 0}),
        (taker, taker.path("about"), {}),
        (taker, taker.path("check"), {}),
        (taker, taker.path("later"), {}),
        (taker, taker.path("delete"), {}),
        (taker, "/start/", {"length": "full", "consent": "on"}),
        (newcomer, "/start/", {"length": "full", "consent": "on"}),
    ]  # fmt: skip

    with locked(impatient):
        refused = at_once(
            [partial(browser.post, path, fields) for browser, path, fields in posts]
            # Opening a link stores who holds the attempt.
            + [partial(browser.get, f"/a/{link}/") for browser in (taker, newcomer)]
        )
        health = [newcomer.get(path).status for path in ("/healthz", "/readyz")]

    # It can be read.
    assert health == [200, 200]
    for reply in refused:
        assert_asks_to_come_back(reply)
        assert LOCK_SECONDS <= reply.seconds < LOCK_SECONDS + PATIENCE_SECONDS
    assert answers_of(impatient, taker.attempt) == before
    again = taker.save(key, choices(key)[-1], client=client, seq=2, base_revision=1)
    assert again.json == {"revision": 2, "value": choices(key)[-1]}
    assert taker.finish().status == 302


def test_a_stopped_database_is_said_to_be_away_until_it_is_back(
    on_private_postgres: tuple[Cluster, Live],
):
    cluster, site = on_private_postgres
    taker = Taker(site)
    keys = item_keys()
    taker.answer(keys[:2])
    before = answers_of(site, taker.attempt)
    assert taker.get("/readyz").status == 200

    cluster.stop()
    away = [
        taker.get("/start/"),
        taker.get(taker.path("1")),
        taker.save(keys[2], choices(keys[2])[0], client=new_client(), seq=1),
        taker.finish(),
        Browser(site).post("/start/", {"length": "full", "consent": "on"}),
    ]
    health = [taker.get("/healthz"), taker.get("/readyz")]
    cluster.start()

    for reply in away:
        assert_asks_to_come_back(reply)
    assert [(reply.status, reply.text) for reply in health] == [
        (200, "ok\n"),
        (503, "database down\n"),
    ]
    assert taker.get("/readyz").status == 200
    assert answers_of(site, taker.attempt) == before
    saved = taker.save(keys[2], choices(keys[2])[0], client=new_client(), seq=1)
    assert (saved.status, len(answers_of(site, taker.attempt))) == (200, 3)


@pytest.mark.parametrize(("fault", "ready"), [(read_only, 200), (out_of_connections, 503)])
def test_a_database_that_refuses_is_said_to_be_away_while_it_does(
    on_private_postgres: tuple[Cluster, Live], fault: Fault, ready: int
):
    cluster, site = on_private_postgres
    taker, keys = Taker(site), item_keys()
    taker.answer(keys[:2])
    link = taker.post(taker.path("later")).text.split("/a/")[1][:43]
    before = answers_of(site, taker.attempt)

    with fault(cluster, site):
        refused = [
            taker.save(keys[2], choices(keys[2])[0], client=new_client(), seq=1),
            taker.post(taker.path("later")),
            taker.finish(),
            Browser(site).post("/start/", {"length": "full", "consent": "on"}),
            Browser(site).post("/account/login/", {"login": "a@example.org", "password": "x"}),
            # It stores in the session who holds the attempt, and nothing else.
            *(browser.get(f"/a/{link}/") for browser in (taker, Browser(site))),
        ]
        health = [taker.get(path).status for path in ("/healthz", "/readyz")]

    for reply in refused:
        assert_asks_to_come_back(reply)
    assert health == [200, ready]
    assert answers_of(site, taker.attempt) == before
    saved = taker.save(keys[2], choices(keys[2])[0], client=new_client(), seq=1)
    assert (saved.status, taker.finish().status) == (200, 302)


def test_a_cancelled_statement_is_said_to_be_away_and_can_be_sent_again(
    on_private_postgres: tuple[Cluster, Live],
):
    cluster, site = on_private_postgres
    taker, key = Taker(site), item_keys()[0]
    save = partial(taker.save, key, choices(key)[0], client=new_client(), seq=1)
    with ThreadPoolExecutor(1) as pool, locked(site):
        waiting = pool.submit(save)
        cancel_what_waits(cluster)
        assert_asks_to_come_back(waiting.result())
    assert answers_of(site, taker.attempt) == {}
    assert save().status == 200


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL is told so above")
def test_a_file_that_can_only_be_read_is_said_to_be_away_for_whoever_writes():
    first, second = item_keys()[:2]
    attempt = new_attempt(published())
    answer(attempt, {first: 1})
    client = holder_of(attempt)
    client.raise_request_exception = False
    save = {"item": second, "value": choices(second)[0], "client": new_client(), "seq": 1,
            "base_revision": 0}  # fmt: skip
    path = f"/take/{attempt.pk}"

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        refused = [client.post(f"{path}/save/", save), client.post(f"{path}/check/")]
        read = [client.get(f"{path}/1/"), client.get("/readyz")]
        cursor.execute("PRAGMA query_only = OFF")

    assert [reply.status_code for reply in refused] == [503, 503]
    assert {reply.headers["Retry-After"] for reply in refused} == {"5"}
    assert [reply.status_code for reply in read] == [200, 200]
    assert client.post(f"{path}/save/", save).status_code == 200


def test_nobody_notices_that_the_database_was_started_again_between_two_requests(
    on_private_postgres: tuple[Cluster, Live],
):
    cluster, site = on_private_postgres
    taker = Taker(site)
    visit = partial(taker.get, taker.path("1"))
    # Every thread of the site has its connection.
    assert {reply.status for reply in at_once([visit] * 30)} == {200}

    cluster.stop()
    cluster.start()

    assert {reply.status for reply in at_once([visit] * 30)} == {200}
