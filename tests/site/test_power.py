"""What is acknowledged was synced to the disk first, so that a power cut keeps it (trust 3: R3).

No test can cut the power. This one reads the system calls of the web server and of PostgreSQL:
between the request and its reply one of them has a sync, and has waited for it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.live import Live
from tests.private_postgres import Cluster
from tests.processes import children_of
from tests.site.client import Taker, at_once, choice, item_keys, new_client

SYNCED = re.compile(r"\b(fdatasync|fsync)\b.*\) += 0$")
REPLIED = re.compile(r'sendto\(\d+, "HTTP/1.1 200 ')

pytestmark = pytest.mark.skipif(not shutil.which("strace"), reason="no strace: apt install strace")


@contextmanager
def traced(pids: Sequence[int], file: Path) -> Iterator[None]:
    """Write the syncs and the replies of these processes, as they come, into a file."""
    only = "--trace=fdatasync,fsync,sendto"
    command = ["strace", "-f", only, f"--output={file}", *(f"--attach={pid}" for pid in pids)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as strace:
        assert strace.stderr is not None
        for _process in pids:
            said = strace.stderr.readline()
            if "attached" not in said:
                strace.kill()
                pytest.skip(f"strace may not look into other processes here: {said}")
        yield
        strace.terminate()


def test_sqlite_syncs_before_the_reply_leaves(live: Live, tmp_path: Path):
    if not live.database_url.startswith("sqlite"):
        pytest.skip("on PostgreSQL its own processes do it: the next test")
    assert_synced_before_the_reply(live, live.workers, tmp_path)


def test_postgresql_syncs_before_the_reply_leaves(
    on_private_postgres: tuple[Cluster, Live], tmp_path: Path
):
    cluster, site = on_private_postgres
    assert_synced_before_the_reply(
        site, lambda: [*site.workers(), *children_of(cluster.pid)], tmp_path
    )


def assert_synced_before_the_reply(
    site: Live, processes: Callable[[], list[int]], folder: Path
) -> None:
    taker, client = Taker(site), new_client()
    # So many at once that every thread has its connection, and the database a process for each.
    at_once([partial(taker.get, taker.path("1"))] * 30)
    for number, key in enumerate(item_keys()[20:23]):
        file = folder / str(number)
        with traced(processes(), file):
            reply = taker.save(key, choice(key, 0), client=client, seq=number + 1)
        assert reply.status == 200
        calls = file.read_text().splitlines()
        replied = next(place for place, call in enumerate(calls) if REPLIED.search(call))
        assert any(SYNCED.search(call) for call in calls[:replied]), calls
