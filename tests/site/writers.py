"""Takers who keep writing while something is killed, and what must be there afterwards."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException
from uuid import UUID

from tests.live import Live
from tests.site.client import Reply, Taker, answers_of, choice, item_keys, new_client, stored

WRITERS = 4
FINISHERS = 2
# Of each answer, before the writer takes another attempt.
ROUNDS = 2
PATIENCE_SECONDS = 60.0


@dataclass
class Ledger:
    """What writers sent and what the site acknowledged, by attempt and item."""

    sent: dict[tuple[UUID, str], dict[int, str]] = field(default_factory=dict)
    acknowledged: dict[tuple[UUID, str], tuple[int, int]] = field(default_factory=dict)
    finished: set[UUID] = field(default_factory=set)
    count: int = 0
    refused: list[Reply] = field(default_factory=list)
    # Saves and finishes to which no whole answer came.
    broken: list[str] = field(default_factory=list)
    # The longest time to an acknowledgement, in seconds.
    slowest: float = 0.0

    def __str__(self) -> str:
        return (
            f"{self.count} answers acknowledged, {len(self.acknowledged)} of them to be read back,"
            f" {len(self.finished)} attempts finished, {len(self.refused)} requests refused,"
            f" {len(self.broken)} broken off"
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
        # Half of them keep their connections, the others open one for each request.
        self._threads = [
            threading.Thread(target=self._guarded, args=[deed, number % 2 == 0])
            for number, deed in enumerate(deeds)
        ]

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

    def _guarded(self, deed: Callable[[bool], None], keeps_alive: bool) -> None:
        try:
            deed(keeps_alive)
        except BaseException as error:
            self.faults.append(error)
            raise

    def _insist(self, deed: Callable[[], Reply]) -> Reply | None:
        # As a page does: what is not acknowledged is sent again, the same.
        while not self._stop.is_set():
            try:
                reply = deed()
            except (OSError, HTTPException) as error:
                with self._lock:
                    self.ledger.broken.append(repr(error))
                time.sleep(0.02)
                continue
            if reply.status not in (200, 302):
                with self._lock:
                    self.ledger.refused.append(reply)
                time.sleep(0.02)
                continue
            return reply
        return None

    def _write(self, keeps_alive: bool) -> None:
        while taker := self._start("full", keeps_alive):
            with contextlib.closing(taker):
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
                self.ledger.slowest = max(self.ledger.slowest, reply.seconds)
                self.ledger.acknowledged[place] = (seq, reply.json["revision"])
                self.ledger.count += 1

    def _finish_one_after_another(self, keeps_alive: bool) -> None:
        while taker := self._start("short", keeps_alive):
            key = item_keys("short")[0]
            first = partial(taker.save, key, choice(key, 0), client=new_client(), seq=1)
            with contextlib.closing(taker):
                if self._insist(first) and self._insist(taker.finish):
                    self.ledger.finished.add(taker.attempt)

    def _start(self, form: str, keeps_alive: bool) -> Taker | None:
        while not self._stop.is_set():
            with contextlib.suppress(OSError, HTTPException, AssertionError):
                return Taker(self.site, form, keeps_alive=keeps_alive)
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
