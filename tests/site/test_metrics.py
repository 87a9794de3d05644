"""What monitoring reads: counts of all workers, and how the database is."""

from __future__ import annotations

import re

from tests.live import METRICS_TOKEN, Live
from tests.private_postgres import Cluster
from tests.site.client import Browser, Reply, Taker, at_once, choices, item_keys, new_client


def fetched(site: Live, token: str = METRICS_TOKEN) -> Reply:
    return Browser(site).request("GET", "/metrics", None, {"Authorization": f"Bearer {token}"})


def counted(site: Live, name: str) -> float:
    """The sum over all labels, or of the ones that `name` gives."""
    lines = fetched(site).text.splitlines()
    pattern = re.compile(rf"{re.escape(name)}(\{{.*\}})? (\S+)")
    return sum(float(found[2]) for line in lines if (found := pattern.fullmatch(line)))


def test_all_workers_count_together(live: Live):
    page = 'roleassess_requests_total{method="GET",page="healthz",status="200"}'
    names = ["roleassess_starts_total", "roleassess_finishes_total", page,
             'roleassess_saves_total{outcome="store"}', 'roleassess_saves_total{outcome="keep"}',
             'roleassess_saves_total{outcome="conflict"}']  # fmt: skip
    before = [counted(live, name) for name in names]

    assert {reply.status for reply in at_once([lambda: Browser(live).get("/healthz")] * 40)} == {
        200
    }
    taker, key = Taker(live), item_keys()[0]
    first, second = choices(key)[:2]
    one, other = new_client(), new_client()
    taker.save(key, first, client=one, seq=1)
    taker.save(key, first, client=one, seq=1)
    taker.save(key, second, client=other, seq=1)
    taker.finish()
    taker.finish()

    after = [counted(live, name) for name in names]
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1, 40, 1, 1, 1]
    seconds = counted(live, 'roleassess_request_seconds_count{page="healthz"}')
    assert seconds == counted(live, page)


def test_nobody_reads_them_without_the_token(live: Live):
    for token in ("", "x", METRICS_TOKEN + "x", METRICS_TOKEN[:-1]):
        reply = fetched(live, token)
        assert (reply.status, reply.text) == (401, "wrong token\n")


def test_a_stopped_database_is_seen(on_private_postgres: tuple[Cluster, Live]):
    cluster, site = on_private_postgres
    assert counted(site, "roleassess_database_up") == 1
    assert counted(site, "roleassess_database_connections") >= 1
    assert counted(site, "roleassess_database_connections_limit") > 1
    cluster.stop()
    assert counted(site, "roleassess_database_up") == 0
    cluster.start()
    assert counted(site, "roleassess_database_up") == 1
