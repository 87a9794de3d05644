"""Counting, finishing and deleting at once lose nothing, and nobody waits for ever."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.live import ROOT, Live
from tests.site.client import Taker, item_keys

COUNTERS = 2
COUNT_UNTIL_TOLD = """
import django, sys
from pathlib import Path
django.setup()
from django.utils import timezone
from assessments.responses.counting import refresh
while not Path(sys.argv[1]).exists():
    refresh(at=timezone.now(), pause=0.05)
"""


@contextmanager
def counting(site: Live, done: Path) -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that count what is new, again and again, until the block ends."""
    command = [sys.executable, "-W", "ignore", "-c", COUNT_UNTIL_TOLD, str(done)]
    running = [
        subprocess.Popen(command, cwd=ROOT, env=site.environ, stderr=subprocess.PIPE, text=True)
        for _number in range(COUNTERS)
    ]
    try:
        yield running
    finally:
        done.touch()
        for process in running:
            process.wait(timeout=60)


@pytest.mark.parametrize(
    ("takers", "attempts_each"), [(2, 2), pytest.param(4, 25, marks=pytest.mark.soak)]
)
def test_what_is_counted_and_deleted_at_once_is_counted_once_and_gone(
    live: Live, tmp_path: Path, takers: int, attempts_each: int
):
    keys = item_keys("short")

    def take_and_delete(_number: int) -> int:
        """Finish some, delete every second of them; how many replies were faults."""
        faults = 0
        for number in range(attempts_each):
            taker = Taker(live, form="short")
            taker.answer(keys[:4], number)
            replies = [taker.finish()]
            if number % 2:
                replies.append(taker.post(taker.path("delete")))
            faults += sum(reply.status >= 400 for reply in replies)
        return faults

    with counting(live, tmp_path / "done") as counters, ThreadPoolExecutor(takers) as pool:
        assert sum(pool.map(take_and_delete, range(takers))) == 0

    said = [process.communicate()[1] for process in counters]
    assert said == [""] * COUNTERS
    assert [process.returncode for process in counters] == [0] * COUNTERS
    result = json.loads(live.manage("refresh_sums", "--rebuild"))
    assert (result["equal"], result["differences"]) == (True, [])
    finished = "SELECT count(*) FROM assessments_attempt WHERE finished_at IS NOT NULL"
    assert live.rows(f"{finished} AND counted_as = ''") == [(0,)]
