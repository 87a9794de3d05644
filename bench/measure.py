"""Drives the floor and the site in turn, and notes what each turn cost."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bench.cpu import cpu_seconds
from bench.takers import (
    answer_by_answer,
    by_sections,
    floor_pages,
    floor_upserts,
    the_example,
)
from bench.visitor import Timed, Visitor, WeighingVisitor, Weight
from tests.live import Live, fresh_database
from tests.prepared import prepare
from tests.private_postgres import private_postgres

# Takers who are under way at the same time: as many as the web server has workers.
AT_ONCE = 2
FLOOR_SETTINGS = "bench.floor.settings"
# Of all tables only its own: it asks for no other.
MAKE_FLOOR_TABLE = """
from django.db import connection
from bench.floor.models import Given
with connection.schema_editor() as editor:
    editor.create_model(Given)
"""

Take = Callable[[Visitor], None]


@dataclass(frozen=True, slots=True)
class Turn:
    """Many takers on one site: processor seconds of web and database, seconds, requests."""

    takers: int
    web: float
    database: float
    seconds: float
    requests: list[Timed]


@dataclass(frozen=True, slots=True)
class Measured:
    """The turns of every subject, one a round, and what the pages of the site weigh."""

    rounds: list[dict[str, Turn]]
    first_visit: Weight
    later_pages: list[Weight]


@dataclass(frozen=True, slots=True)
class Bench:
    """Two sites on one kind of database, and the processes of the database's own."""

    floor: Live
    site: Live
    database: tuple[int, ...]

    @property
    def subjects(self) -> dict[str, tuple[Live, Take]]:
        """What is driven in each round, in this order."""
        return {
            "floor": (self.floor, floor_pages),
            "sections": (self.site, by_sections),
            "upserts": (self.floor, floor_upserts),
            "autosaved": (self.site, answer_by_answer),
        }


def measure(bench: Bench, *, rounds: int, takers: int) -> Measured:
    """Interleaved rounds, each with so many takers per subject."""
    for site, take in bench.subjects.values():
        # Each worker parses the edition, compiles the templates and connects once.
        _drive(site, take, takers=2 * AT_ONCE)
    first_visit, later_pages = _weights(bench.site)
    measured = [
        {name: _turn(bench, name, takers) for name in bench.subjects} for _ in range(rounds)
    ]
    return Measured(measured, first_visit, later_pages)


@contextlib.contextmanager
def benched(database: str) -> Iterator[Bench]:
    """Both sites on fresh databases of a kind, `sqlite` or `postgresql`, gone on leaving."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        url, processes = "sqlite:///", tuple[int, ...]()
        if database == "postgresql":
            cluster = stack.enter_context(private_postgres())
            url, processes = cluster.url("postgres"), (cluster.pid,)
        floor = stack.enter_context(the_floor(folder / "floor", url))
        site = _site(stack, folder / "site", url, "roleassess.settings")
        prepare(site.database_url)
        stack.callback(site.stop)
        site.start()
        yield Bench(floor, site, processes)


@contextlib.contextmanager
def the_floor(folder: Path, like: str) -> Iterator[Live]:
    """The bare project, running on an empty database of the same kind."""
    with contextlib.ExitStack() as stack:
        floor = _site(stack, folder, like, FLOOR_SETTINGS)
        floor.manage("shell", "--no-imports", "--command", MAKE_FLOOR_TABLE)
        stack.callback(floor.stop)
        floor.start()
        yield floor


def _site(stack: contextlib.ExitStack, folder: Path, url: str, settings: str) -> Live:
    folder.mkdir()
    fresh = stack.enter_context(fresh_database(folder, like=url))
    site = Live(folder, fresh)
    site.environ |= {
        "DJANGO_SETTINGS_MODULE": settings,
        "ERASURES_FILE": str(folder / "erasures.jsonl"),
    }
    return site


def _turn(bench: Bench, name: str, takers: int) -> Turn:
    site, take = bench.subjects[name]
    web, database = cpu_seconds([site.pid]), cpu_seconds(bench.database)
    began = time.perf_counter()
    requests = _drive(site, take, takers)
    return Turn(
        takers=takers,
        seconds=time.perf_counter() - began,
        web=cpu_seconds([site.pid]) - web,
        database=cpu_seconds(bench.database) - database,
        requests=requests,
    )


def _drive(site: Live, take: Take, takers: int) -> list[Timed]:
    def one(_number: int) -> list[Timed]:
        with contextlib.closing(Visitor(site.url)) as visitor:
            take(visitor)
        return visitor.requests

    with ThreadPoolExecutor(min(AT_ONCE, takers)) as pool:
        return [timed for requests in pool.map(one, range(takers)) for timed in requests]


def _weights(site: Live) -> tuple[Weight, list[Weight]]:
    with contextlib.closing(WeighingVisitor(site.url)) as visitor:
        visitor.get("/", "first visit")
        the_example(visitor)
    return visitor.pages[0], visitor.pages[1:]
