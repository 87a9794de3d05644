"""What was acknowledged is there, whatever is killed (trust 3: R1, R2)."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException
from uuid import UUID

import pytest

from tests.live import Live
from tests.private_postgres import Cluster
from tests.site.client import (
    Browser,
    Reply,
    Taker,
    answers_of,
    choice,
    half_finished,
    item_keys,
    new_client,
    report_of,
    stored,
)
from tests.site.conftest import Tell

# How often it is killed, and how many answers are acknowledged meanwhile.
KILLS_OF_SERVER = [(5, 500), pytest.param(20, 5000, marks=pytest.mark.soak)]
KILLS_OF_POSTGRESQL = [(2, 200), pytest.param(10, 5000, marks=pytest.mark.soak)]
WRITERS = 4
FINISHERS = 2
# Of each answer, before the writer takes another attempt.
ROUNDS = 2
PATIENCE_SECONDS = 60.0
BACK_WITHIN_SECONDS = 5.0


@dataclass
class Ledger:
    """What writers sent and what the site acknowledged, by attempt and item."""

    sent: dict[tuple[UUID, str], dict[int, str]] = field(default_factory=dict)
    acknowledged: dict[tuple[UUID, str], tuple[int, int]] = field(default_factory=dict)
    finished: set[UUID] = field(default_factory=set)
    count: int = 0
    refused: list[Reply] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.count} answers acknowledged, {len(self.acknowledged)} of them to be read back,"
            f" {len(self.finished)} attempts finished, {len(self.refused)} replies 503"
        )


class Writers:
    """Takers who answer again and again, and others who finish, until they are told to stop."""

    def __init__(self, site: Live) -> None:
        self.site = site
        self.ledger = Ledger()
        self.faults: list[BaseException] = []
        self._lock = threading.Lock()
        self._stop = threading.Event()
        deeds = [self._write] * WRITERS + [self._finish_one_after_another] * FINISHERS
        self._threads = [threading.Thread(target=self._guarded, args=[deed]) for deed in deeds]

    def __enter__(self) -> Writers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS)
        assert not any(thread.is_alive() for thread in self._threads)

    def wait_for(self, count: int) -> None:
        """Return once the site has acknowledged that many answers."""
        known, deadline = -1, 0.0
        while self.ledger.count < count:
            if self.ledger.count > known:
                known, deadline = self.ledger.count, time.monotonic() + PATIENCE_SECONDS
            assert not self.faults
            assert time.monotonic() < deadline, f"{known} of {count} acknowledged"
            time.sleep(0.005)

    def _guarded(self, deed: Callable[[], None]) -> None:
        try:
            deed()
        except BaseException as error:
            self.faults.append(error)
            raise

    def _insist(self, deed: Callable[[], Reply]) -> Reply | None:
        # As a page does: what is not acknowledged is sent again, the same.
        while not self._stop.is_set():
            try:
                reply = deed()
            except (OSError, HTTPException):
                time.sleep(0.02)
                continue
            if reply.status not in (200, 302):
                with self._lock:
                    self.ledger.refused.append(reply)
                time.sleep(0.02)
                continue
            return reply
        return None

    def _write(self) -> None:
        while taker := self._start("full"):
            self._answer_again_and_again(taker)

    def _answer_again_and_again(self, taker: Taker) -> None:
        client, keys = new_client(), item_keys()
        for seq in range(1, ROUNDS * len(keys) + 1):
            key = keys[seq % len(keys)]
            chosen = choice(key, seq // len(keys))
            place = (taker.attempt, key)
            self.ledger.sent.setdefault(place, {})[seq] = stored(key, chosen)
            reply = self._insist(partial(taker.save, key, chosen, client=client, seq=seq))
            if reply is None:
                return
            with self._lock:
                self.ledger.acknowledged[place] = (seq, reply.json["revision"])
                self.ledger.count += 1

    def _finish_one_after_another(self) -> None:
        while taker := self._start("short"):
            key = item_keys("short")[0]
            first = partial(taker.save, key, choice(key, 0), client=new_client(), seq=1)
            if self._insist(first) and self._insist(taker.finish):
                self.ledger.finished.add(taker.attempt)

    def _start(self, form: str) -> Taker | None:
        while not self._stop.is_set():
            with contextlib.suppress(OSError, HTTPException, AssertionError):
                return Taker(self.site, form)
            time.sleep(0.02)
        return None


def lost(site: Live, ledger: Ledger) -> list[str]:
    """What was acknowledged and is not there; also fails if not every answer was read back."""
    found = {
        (attempt, key): row
        for attempt in {attempt for attempt, _key in ledger.acknowledged}
        for key, row in answers_of(site, attempt).items()
    }
    # An empty read would say that nothing is lost.
    assert ledger.acknowledged
    assert len(ledger.acknowledged.keys() & found.keys()) == len(ledger.acknowledged)
    faults = []
    for place, (seq, revision) in ledger.acknowledged.items():
        value, _client, stored_seq, stored_revision = found[place]
        if stored_seq < seq or stored_revision < revision:
            faults.append(f"{place}: acknowledged {seq}, there is {stored_seq}")
        elif ledger.sent[place].get(stored_seq) != value:
            faults.append(f"{place}: {stored_seq} holds {value}, another answer")
    return faults


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


@pytest.mark.live
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
