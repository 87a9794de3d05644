"""Analysis reads from a streaming replica, so that takers never wait for it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.live import Live, live_site
from tests.private_postgres import Cluster, private_postgres
from tests.site.client import Browser, Taker, item_keys
from tests.site.editors import new_editor

pytestmark = [pytest.mark.soak, pytest.mark.live]
PEOPLE = 6
PATIENCE_SECONDS = 60.0


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Cluster, Live]]:
    """The site on one server, its analysis on a replica of it; given are replica and site."""
    folder: Path = tmp_path_factory.mktemp("replica")
    with (
        private_postgres() as primary,
        live_site(folder, primary.url("postgres")) as site,
        private_postgres(following=primary) as replica,
    ):
        name = site.database_url.rpartition("/")[2]
        site.environ["ANALYSIS_DATABASE_URL"] = replica.url(name)
        site.stop()
        site.start()
        yield replica, site


def take(site: Live, people: int) -> None:
    for _one in range(people):
        taker = Taker(site, form="short")
        taker.answer(item_keys("short"))
        assert taker.finish().status == 302


def people_counted(editor: Browser) -> int:
    """What the page of question analysis says, those who answered all alike among them."""
    reply = editor.get("/admin/assessments/questionnaire/1/analysis/?form=short")
    assert reply.status == 200, reply.text
    [said] = re.findall(r"(\d+) people\. Beside them: (\d+) with answers of low", reply.text)
    return sum(map(int, said))


def told(replica: Cluster, site: Live, order: str) -> None:
    with psycopg.connect(replica.url(site.database_url.rpartition("/")[2])) as connection:
        connection.execute(order.encode())


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_analysis_reads_the_replica_and_all_else_the_primary(sites: tuple[Cluster, Live]):
    replica, site = sites
    editor = new_editor(site)
    take(site, PEOPLE)
    site.manage("refresh_sums")
    wait_until(lambda: people_counted(editor) == PEOPLE)

    told(replica, site, "SELECT pg_wal_replay_pause()")
    take(site, 1)
    site.manage("refresh_sums")
    assert people_counted(editor) == PEOPLE
    told(replica, site, "SELECT pg_wal_replay_resume()")
    wait_until(lambda: people_counted(editor) == PEOPLE + 1)

    recounted = json.loads(site.manage("refresh_sums", "--rebuild"))
    assert (recounted["equal"], recounted["differences"]) == (True, [])
    impact = json.loads(site.manage("impact", "pm-b2b-b2c"))
    assert (impact["people"], impact["compared"]) == (PEOPLE + 1, PEOPLE + 1)


def test_takers_do_not_notice_that_the_replica_is_gone(sites: tuple[Cluster, Live]):
    replica, site = sites
    editor = new_editor(site)
    before = people_counted(editor)
    replica.stop_hard()
    reply = editor.get("/admin/assessments/questionnaire/1/analysis/?form=short")
    assert (reply.status, reply.headers["Retry-After"]) == (503, "5")
    take(site, 1)
    assert Browser(site).get("/readyz").status == 200
    site.manage("refresh_sums")

    replica.start()
    wait_until(lambda: people_counted(editor) == before + 1)
