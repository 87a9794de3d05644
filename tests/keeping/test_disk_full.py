"""A full disk: said in words, nothing acknowledged that is not kept, and back by itself (R11)."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from assessments.responses.models import Answer
from tests.cast import holder_of, new_attempt, published
from tests.keeping.places import clone_of, working_on
from tests.live import Live, fresh_database
from tests.prepared import prepare
from tests.private_postgres import Cluster, find_server_binaries, private_postgres
from tests.site.client import Browser, Reply, Taker, answers_of, choice, item_keys, new_client
from tests.site.test_faults import assert_asks_to_come_back

DISK_MEGABYTES = 48
TAKERS = 4


@contextlib.contextmanager
def no_room() -> Iterator[None]:
    """The database takes no row more, and says so as it does on a full disk."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA page_count")
            (pages,) = cursor.fetchone()
            cursor.execute(f"PRAGMA max_page_count = {pages}")
            yield
            cursor.execute("PRAGMA max_page_count = 1073741823")
            return
        cursor.execute("""
            CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
            CREATE TRIGGER no_room BEFORE INSERT ON assessments_answer
                FOR EACH ROW EXECUTE FUNCTION no_room();
        """)
        yield
        cursor.execute("DROP FUNCTION no_room() CASCADE")


@pytest.mark.database
def test_without_room_a_save_is_not_acknowledged_and_what_was_is_there(
    populated: str, tmp_path: Path
):
    with clone_of(populated, tmp_path / "full") as url, working_on(url):
        edition = published()
        attempt = new_attempt(edition)
        page = holder_of(attempt)
        page.raise_request_exception = False
        path, keys = f"/take/{attempt.pk}/", iter(item_keys())
        acknowledged: list[str] = []

        def save() -> Any:
            """Give one answer more."""
            key = next(keys)
            fields = {"item": key, "value": choice(key, 0), "client": new_client(), "seq": 1}
            reply = page.post(f"{path}save/", {**fields, "base_revision": 0})
            if reply.status_code == 200:
                acknowledged.append(key)
            return reply

        assert save().status_code == 200
        with no_room():
            # What is left of the last page is filled first.
            while (reply := save()).status_code == 200:
                pass
            assert reply.status_code == 503
            assert reply.headers["Retry-After"] == "5"
            assert "<h1>We will be back in a moment</h1>" in reply.content.decode()
            assert page.get(f"{path}1/").status_code == 200
            stored = Answer.objects.filter(attempt=attempt).values_list("item_key", flat=True)
            assert sorted(stored) == sorted(acknowledged)
        assert save().status_code == 200
        assert sorted(stored.all()) == sorted(acknowledged)


# --- The real thing -----------------------------------------------------------------------------


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of its own, a small one, in memory."""
    if os.geteuid() != 0:
        pytest.skip("a file system of the test's own needs root: run the long tests as root")
    folder = Path(tempfile.mkdtemp(prefix="roleassess-small-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m,mode=755", "tmpfs"]
    if subprocess.run([*mount, str(folder)]).returncode != 0:
        folder.rmdir()
        pytest.skip("no file system may be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()


def fill(disk: Path) -> Path:
    """A file that leaves no room at all."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    assert shutil.disk_usage(disk).free == 0
    return filler


@contextlib.contextmanager
def on_disk(disk: Path, folder: Path) -> Iterator[Live]:
    """The site whose database, and nothing else, is on the disk."""
    with contextlib.ExitStack() as stack:
        like = os.environ["DATABASE_URL"]
        if not like.startswith("sqlite"):
            cluster = stack.enter_context(private_postgres())
            _new_databases_go_to(disk, cluster)
            like = cluster.url("postgres")
        site = Live(folder, stack.enter_context(fresh_database(disk, like=like)))
        prepare(site.database_url)
        try:
            site.start()
            yield site
        finally:
            site.stop()


def _new_databases_go_to(disk: Path, cluster: Cluster) -> None:
    place = disk / "postgresql"
    place.mkdir()
    shutil.chown(place, "postgres", "postgres")
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as server:
        server.execute(f"CREATE TABLESPACE small LOCATION '{place}'".encode())
        # What new databases are made like, and where.
        server.execute("ALTER DATABASE template1 SET TABLESPACE small")


@pytest.mark.soak
@pytest.mark.database
def test_on_a_full_disk_nothing_acknowledged_is_lost_and_the_site_comes_back_by_itself(
    small_disk: Path, tmp_path: Path
):
    if not os.environ["DATABASE_URL"].startswith("sqlite") and not find_server_binaries():
        pytest.skip("no PostgreSQL server programs: apt install postgresql")
    with on_disk(small_disk, tmp_path) as site:
        takers = [Taker(site) for _number in range(TAKERS)]
        deeds: list[tuple[Taker, str]] = [(t, key) for key in item_keys() for t in takers]
        acknowledged: dict[Taker, set[str]] = {taker: set() for taker in takers}

        def save(taker: Taker, key: str) -> bool:
            reply = taker.save(key, choice(key, 0), client=new_client(), seq=1)
            if reply.status != 200:
                assert_asks_to_come_back(reply)
                return False
            acknowledged[taker].add(key)
            return True

        for deed in deeds[: 2 * TAKERS]:
            assert save(*deed)
        filler = fill(small_disk)
        rest = deeds[2 * TAKERS :]
        refused = [deed for deed in rest if not save(*deed)]
        assert refused
        for taker in takers:
            assert set(answers_of(site, taker.attempt)) == acknowledged[taker]
            assert taker.get(taker.path("1")).status == 200
        assert_asks_to_come_back(first_refusal(site))
        assert_asks_to_come_back(takers[0].finish())
        assert Browser(site).get("/healthz").status == 200

        filler.unlink()
        for taker, key in refused:
            assert save(taker, key)
        for taker in takers:
            assert set(answers_of(site, taker.attempt)) == set(item_keys())
            assert taker.finish().status == 302
            assert taker.export()["report"]["answered"] == len(item_keys())


def first_refusal(site: Live) -> Reply:
    """What somebody new is told, once nothing is left of the last pages."""
    while True:
        reply = Browser(site).post("/start/", {"length": "full", "consent": "on"})
        if reply.status != 302:
            return reply
