"""A hundred people take the questionnaire at once: no error, no waiting, no growing (DESIGN 7)."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException
from itertools import chain
from random import Random
from statistics import median, quantiles

import pytest

from tests.live import Live
from tests.processes import resident_bytes
from tests.site.client import Browser, Reply, Taker, at_once, choice, new_client, shipped
from tests.site.conftest import Tell

# Takers, for how many seconds, and how many of them each takes to answer a question.
LOADS = [(8, 3, 0.3), pytest.param(100, 600, 3.0, marks=pytest.mark.soak)]
# Of the whole time: from when to when memory is looked at, at the beginning and at the end.
WARM, END = (0.2, 0.3), (0.9, 1.0)
GROWS_BY_LESS_THAN = 1.1
FLOOR = "/healthz"
# Whatever takers asked for, together.
ALL = "all"
FORM = "full"
# Who take the short form before the others come.
AHEAD = 6


@dataclass
class Measured:
    """Seconds of every reply by what was asked, replies that were faults, and memory over time."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    faults: list[str] = field(default_factory=list)
    memory: list[tuple[float, int]] = field(default_factory=list)

    def note(self, what: str, reply: Reply, *, status: int = 200) -> Reply:
        """Keep how long a reply took, and what it said if it is not the one expected."""
        self.seconds[what].append(reply.seconds)
        if reply.status != status:
            self.faults.append(f"{what}: {reply.status} {reply.text[:200]}")
        return reply

    def resident(self, part: tuple[float, float]) -> float:
        """The median memory of the workers in a part of the time, in bytes; 0 if unknown."""
        begin, end = part
        return median([size for share, size in self.memory if begin <= share <= end] or [0])


@pytest.mark.parametrize(("takers", "seconds", "pace"), LOADS)
def test_many_take_it_at_once_without_an_error_and_without_growing(
    live: Live, tell: Tell, takers: int, seconds: float, pace: float
):
    # What others did before is not to be in the memory.
    live.kill_hard()
    live.start()
    # The first ones to finish come late, and a worker loads for them what it then keeps.
    ahead = Measured()
    at_once(partial(take_once, Taker(live, "short"), ahead, lambda: True) for _ in range(AHEAD))
    busy_before = os.getloadavg()[1]
    measured, until = Measured(), time.monotonic() + seconds

    with ThreadPoolExecutor(takers) as pool, beside(live, measured, seconds):
        lives = [
            pool.submit(take, live, measured, number, until, pace) for number in range(takers)
        ]
        for one in lives:
            one.result()

    tell(words_about(measured, takers, seconds, busy_before))
    assert ahead.faults + measured.faults == []
    assert set(ahead.seconds) == {"section", "save", "finish", "result"}
    if seconds >= 600:
        assert {"finish", "result"} <= measured.seconds.keys()
        assert measured.resident(END) < GROWS_BY_LESS_THAN * measured.resident(WARM)


def take(live: Live, measured: Measured, number: int, until: float, pace: float) -> None:
    """One person after another, answering at that pace, until the time is over."""
    due = time.monotonic() + Random(number).uniform(0, pace)

    def wait() -> bool:
        nonlocal due
        due += pace
        time.sleep(max(0.0, min(due, until) - time.monotonic()))
        return time.monotonic() < until

    while wait():
        try:
            with contextlib.closing(Taker(live, FORM, keeps_alive=True)) as taker:
                take_once(taker, measured, wait)
        except (OSError, HTTPException, AssertionError) as error:
            measured.faults.append(repr(error))


def take_once(taker: Taker, measured: Measured, wait: Callable[[], bool]) -> None:
    """The whole form as a page sends it, every answer by itself, up to the result."""
    client, seq = new_client(), 0
    for number, section in enumerate(shipped().form[taker.form].sections, start=1):
        measured.note("section", taker.get(taker.path(str(number))))
        chosen = {key: choice(key, number) for key in section.items}
        for key in section.items:
            if not wait():
                return
            seq += 1
            reply = taker.save(key, chosen[key], client=client, seq=seq)
            measured.note("save", reply)
        seq += 1
        reply = taker.post_section(number, chosen, client=client, seq=seq)
        measured.note("section", reply, status=302)
    measured.note("finish", taker.finish(), status=302)
    measured.note("result", taker.get(f"/result/{taker.attempt}/"))


@contextlib.contextmanager
def beside(live: Live, measured: Measured, seconds: float) -> Iterator[None]:
    """Meanwhile, look at the workers' memory and at how long the site takes to say "ok"."""
    began, stop = time.monotonic(), threading.Event()
    every = min(1.0, seconds / 20)

    def look() -> None:
        with contextlib.closing(Browser(live, keeps_alive=True)) as browser:
            while not stop.wait(every):
                share = (time.monotonic() - began) / seconds
                measured.memory.append((share, resident_bytes(live.workers())))
                measured.note(FLOOR, browser.get("/healthz"))

    with ThreadPoolExecutor(1) as pool:
        looking = pool.submit(look)
        try:
            yield
        finally:
            stop.set()
        looking.result()


def p95(seconds: list[float]) -> float:
    """In milliseconds."""
    return 1000 * quantiles(seconds, n=20)[-1]


def words_about(measured: Measured, takers: int, seconds: float, busy_before: float) -> str:
    """The figures, for people."""
    lines = [
        f"{takers} takers for {seconds:.0f} s: {len(measured.faults)} faults; load average "
        f"{busy_before:.1f} before, {os.getloadavg()[1]:.1f} at the end, {os.cpu_count()} cores;"
        f" memory {measured.resident(WARM) / 2**20:.0f} MB, then"
        f" {measured.resident(END) / 2**20:.0f} MB"
    ]
    of_takers = [took for what, took in measured.seconds.items() if what != FLOOR]
    seconds_of = {**measured.seconds, ALL: list(chain.from_iterable(of_takers))}
    for what, took in sorted(seconds_of.items()):
        ratio = p95(took) / p95(measured.seconds[FLOOR])
        lines.append(
            f"  {what:8} {len(took):6} times, median {1000 * median(took):6.1f} ms,"
            f" p95 {p95(took):6.1f} ms, {ratio:4.1f} x {FLOOR}"
        )
    return "\n".join(lines)
