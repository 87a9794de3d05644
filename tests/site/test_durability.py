"""What was acknowledged is there, whatever is killed (trust 3: R1, R2)."""

from __future__ import annotations

import time

import pytest

from tests.live import Live
from tests.private_postgres import Cluster
from tests.site.client import Browser, half_finished, report_of
from tests.site.conftest import Tell
from tests.site.writers import WRITERS, Writers, lost

# How often it is killed, and how many answers are acknowledged meanwhile.
KILLS_OF_SERVER = [(3, 300), pytest.param(20, 5000, marks=pytest.mark.soak)]
KILLS_OF_POSTGRESQL = [(2, 200), pytest.param(10, 5000, marks=pytest.mark.soak)]
BACK_WITHIN_SECONDS = 5.0


@pytest.mark.parametrize(("kills", "answers"), KILLS_OF_SERVER)
def test_killing_the_server_loses_no_acknowledged_answer(
    live: Live, tell: Tell, kills: int, answers: int
):
    with Writers(live) as writers:
        for kill in range(1, kills + 1):
            writers.wait_for(kill * answers // kills)
            live.kill_hard()
            live.start()
        writers.wait_for(writers.ledger.count + WRITERS)

    ledger = writers.ledger
    tell(f"{kills} kills of the server: {ledger}")
    assert not writers.faults
    assert ledger.count >= answers
    assert lost(live, ledger) == []
    assert ledger.finished
    assert half_finished(live) == []
    assert [one for one in ledger.finished if not report_of(live, one)] == []
    assert [reply.text for reply in ledger.refused] == []
    if live.database_url.startswith("sqlite"):
        assert live.rows("PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize(("kills", "answers"), KILLS_OF_POSTGRESQL)
def test_killing_postgresql_loses_no_acknowledged_answer(
    on_private_postgres: tuple[Cluster, Live], tell: Tell, kills: int, answers: int
):
    cluster, site = on_private_postgres
    visitor = Browser(site)
    back_after = []
    with Writers(site) as writers:
        for kill in range(1, kills + 1):
            writers.wait_for(kill * answers // kills)
            cluster.stop_hard()
            meanwhile = {path: visitor.get(path) for path in ("/start/", "/healthz", "/readyz")}
            back_at = start(cluster)
            known = writers.ledger.count
            # The same processes serve on: nobody restarts the site.
            writers.wait_for(known + WRITERS)
            back_after.append(time.monotonic() - back_at)
            assert back_after[-1] < BACK_WITHIN_SECONDS
            assert visitor.get("/readyz").status == 200

            assert meanwhile["/start/"].status == 503
            assert meanwhile["/start/"].headers["Retry-After"] == "5"
            assert "<h1>We will be back in a moment</h1>" in meanwhile["/start/"].text
            assert meanwhile["/healthz"].status == 200
            assert meanwhile["/readyz"].status == 503

    ledger = writers.ledger
    tell(f"{kills} kills of PostgreSQL: {ledger}; back within {max(back_after):.1f} s")
    assert not writers.faults
    assert ledger.count >= answers
    assert lost(site, ledger) == []
    assert half_finished(site) == []
    assert [one for one in ledger.finished if not report_of(site, one)] == []
    assert {reply.status for reply in ledger.refused} == {503}
    assert {reply.headers["Retry-After"] for reply in ledger.refused} == {"5"}


def start(cluster: Cluster) -> float:
    """Start the database again; when it answered."""
    cluster.start()
    return time.monotonic()
