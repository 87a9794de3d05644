"""New code comes and the server goes without a failed save (trust 3: R16)."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from tests.live import Live
from tests.site.client import Taker, answers_of, choice, item_keys, new_client
from tests.site.conftest import Tell
from tests.site.faults import locked
from tests.site.writers import WRITERS, Writers, lost

RELOADS = [2, pytest.param(20, marks=pytest.mark.soak)]
# Under way while the server is told to go; as many as the site has threads, and more.
SAVES = 12


@pytest.mark.parametrize("reloads", RELOADS)
def test_no_save_fails_while_the_site_is_reloaded(live: Live, tell: Tell, reloads: int):
    workers = live.workers()
    with Writers(live) as writers:
        for _reload in range(reloads):
            writers.wait_for(writers.ledger.count + 10 * WRITERS)
            live.reload()
        writers.wait_for(writers.ledger.count + 10 * WRITERS)

    ledger = writers.ledger
    tell(f"{reloads} reloads: {ledger}; the slowest took {ledger.slowest:.1f} s")
    assert not set(workers) & set(live.workers())
    assert not writers.faults
    assert [reply.text for reply in ledger.refused] == []
    assert ledger.broken == []
    assert lost(live, ledger) == []


def test_requests_under_way_are_answered_before_the_server_goes(live: Live):
    taker, client = Taker(live), new_client()
    keys = item_keys()[:SAVES]
    saves = [partial(taker.save, key, choice(key, 0), client=client, seq=1) for key in keys]
    with ThreadPoolExecutor(SAVES) as pool:
        with locked(live):
            replies = [pool.submit(save) for save in saves]
            time.sleep(1)
            live.terminate()
            time.sleep(1)
            assert not any(reply.done() for reply in replies)
        statuses = [reply.result().status for reply in replies]
    code = live.wait_until_stopped()
    live.start()

    assert statuses == [200] * SAVES
    assert code == 0
    assert set(answers_of(live, taker.attempt)) == set(keys)
