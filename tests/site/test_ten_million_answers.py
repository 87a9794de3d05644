"""What a taker does costs the same with ten million answers in the table as with ten thousand."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import statistics
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.live import Live, live_site
from tests.site.client import Reply, Taker, choice, item_keys, new_client

pytestmark = [pytest.mark.soak, pytest.mark.live]
FEW, MANY = 10_000, 10_000_000
ROUNDS = 40
# Three more levels of an index, and pages that no longer lie in memory.
DEARER_AT_MOST = 2.0

# So many copies of one finished attempt: copied unfinished, with its answers, and then finished,
# since the database refuses answers to a finished one.
COPY = """
CREATE TEMPORARY TABLE copies AS
  WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < {count})
  SELECT {new_id} AS id FROM series;
INSERT INTO assessments_attempt ({attempt})
  SELECT {attempt_copied} FROM assessments_attempt a CROSS JOIN copies c WHERE a.id = '{model}';
INSERT INTO assessments_answer ({answer})
  SELECT {answer_copied} FROM copies c CROSS JOIN assessments_answer a
  WHERE a.attempt_id = '{model}';
INSERT INTO assessments_report ({report})
  SELECT {report_copied} FROM copies c CROSS JOIN assessments_report a
  WHERE a.attempt_id = '{model}';
UPDATE assessments_attempt SET finished_at = started_at WHERE id IN (SELECT id FROM copies)
"""
# Each row of the copy would ask whether its attempt is finished.
WITHOUT_QUESTIONS = "ALTER TABLE assessments_answer {} TRIGGER USER"
ERASE = """
import json, time
from django.utils import timezone
from assessments.people.models import User
from assessments.privacy.services import erase_account
from assessments.responses.models import Attempt
spent = []
for number, attempt in enumerate(Attempt.objects.filter(owner=None).order_by("pk")[:{rounds}]):
    user = User.objects.create_user(f"e{{number}}@example.org", "five tall quiet herons")
    Attempt.objects.filter(pk=attempt.pk).update(owner=user)
    began = time.perf_counter()
    erase_account(user=user, at=timezone.now())
    spent.append(time.perf_counter() - began)
print(json.dumps(spent))
"""


@pytest.fixture(scope="module")
def sites(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Live, Live]]:
    """The same site twice: with few answers and with many."""
    with contextlib.ExitStack() as stack:
        pair = []
        for count in (FEW, MANY):
            folder: Path = tmp_path_factory.mktemp(f"answers-{count}")
            site = stack.enter_context(live_site(folder, os.environ["DATABASE_URL"]))
            fill(site, count)
            pair.append(site)
        yield pair[0], pair[1]


def fill(site: Live, answers: int) -> None:
    """So many answers more, of finished attempts."""
    taker = Taker(site)
    taker.answer(item_keys())
    assert taker.finish().status == 302
    is_lite = site.database_url.startswith("sqlite")
    columns = {
        table: [name for (name,) in site.rows(NAMES[is_lite], [f"assessments_{table}"])]
        for table in ("attempt", "answer", "report")
    }
    changed = {
        "attempt": {"id": "c.id", "finished_at": "NULL"},
        "answer": {"attempt_id": "c.id"},
        "report": {"attempt_id": "c.id"},
    }
    parts = {table: ", ".join(names) for table, names in columns.items()}
    parts |= {
        f"{table}_copied": ", ".join(changed[table].get(name, f"a.{name}") for name in names)
        for table, names in columns.items()
    }
    script = COPY.format(
        count=answers // len(item_keys()),
        new_id="lower(hex(randomblob(16)))" if is_lite else "gen_random_uuid()",
        model=taker.attempt.hex if is_lite else taker.attempt,
        **parts,
    )
    if is_lite:
        file = site.database_url.removeprefix("sqlite:///")
        with contextlib.closing(sqlite3.connect(file, timeout=60)) as lite:
            lite.executescript(
                f"BEGIN; {script}; COMMIT; ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)"
            )
        return
    # Each by itself: keys are checked at the end of a transaction, which must come first.
    with psycopg.connect(site.database_url, autocommit=True) as postgres:
        postgres.execute(WITHOUT_QUESTIONS.format("DISABLE").encode())
        postgres.execute(script.encode())
        postgres.execute(WITHOUT_QUESTIONS.format("ENABLE").encode())
        postgres.execute("VACUUM ANALYZE")


NAMES = {
    True: "SELECT name FROM pragma_table_info(%s)",
    False: "SELECT column_name::text FROM information_schema.columns WHERE table_name = %s",
}


def in_turn(sites: tuple[Live, Live], deed: Callable[[Live], float]) -> float:
    """How many times as long as with few answers it takes with many; medians of alternating."""
    times: tuple[list[float], list[float]] = ([], [])
    for _round in range(ROUNDS):
        for site, spent in zip(sites, times, strict=True):
            spent.append(deed(site))
    few, many = map(statistics.median, times)
    return many / few


def test_a_taker_pays_for_their_own_rows_only(
    sites: tuple[Live, Live], capsys: pytest.CaptureFixture[str]
):
    [(few,)], [(many,)] = (site.rows("SELECT COUNT(*) FROM assessments_answer") for site in sites)
    assert FEW * 0.99 <= few < FEW * 1.1
    assert MANY * 0.99 <= many < MANY * 1.1
    takers = {site: Taker(site) for site in sites}
    done = {site: finished(site) for site in sites}
    seq = iter(range(1, 10**6))
    client = new_client()

    def saving(site: Live) -> float:
        number = next(seq)
        key = item_keys()[number % 50]
        return seconds(takers[site].save(key, choice(key, number), client=client, seq=number))

    ratios = {
        "autosave": in_turn(sites, saving),
        "section": in_turn(sites, lambda site: seconds(takers[site].get(takers[site].path("2")))),
        "result": in_turn(
            sites, lambda site: seconds(done[site].get(f"/result/{done[site].attempt}/"))
        ),
        "deletion": in_turn(sites, deleting),
        "erasure of an account": erasing(sites),
    }

    with capsys.disabled():
        sys.stdout.write(f"\n{few:,} and {many:,} answers: {json.dumps(ratios, indent=1)}\n")
    assert {name for name, ratio in ratios.items() if ratio > DEARER_AT_MOST} == set()


def seconds(reply: Reply) -> float:
    assert reply.status in (200, 302), reply.text
    return reply.seconds


def finished(site: Live) -> Taker:
    taker = Taker(site)
    taker.answer(item_keys())
    assert taker.finish().status == 302
    return taker


def deleting(site: Live) -> float:
    taker = Taker(site, form="short")
    taker.answer(item_keys("short")[:3])
    return seconds(taker.post(taker.path("delete"), {"really": "on"}))


def erasing(sites: tuple[Live, Live]) -> float:
    script = ERASE.format(rounds=ROUNDS)
    few, many = (
        statistics.median(json.loads(site.manage("shell", "-c", script).splitlines()[-1]))
        for site in sites
    )
    return many / few
