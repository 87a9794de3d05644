"""The real site for tests: gunicorn in processes of its own, on a database of its own."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.prepared import SETTINGS, State, prepare
from tests.processes import children_of, wait_until_gone

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
APPLICATION = "roleassess.wsgi"
METRICS_TOKEN = "for-tests-only-" + 32 * "m"
ANSWERS_WITHIN_SECONDS = 90.0
STOPS_WITHIN_SECONDS = 10.0
RELOADS_WITHIN_SECONDS = 60.0


class SiteError(RuntimeError):
    """A command or the server failed; holds what it said."""


@contextlib.contextmanager
def live_site(
    folder: Path, database_url: str, name: str = HOST, *, state: State = "published"
) -> Iterator[Live]:
    """A running site on a fresh database of the same kind, prepared up to `state`.

    `folder` takes the logs and, on SQLite, the database. Server and database are gone on leaving.
    """
    with new_site(folder, database_url, name, state=state) as site:
        try:
            site.start()
            yield site
        finally:
            site.stop()


@contextlib.contextmanager
def new_site(
    folder: Path, database_url: str, name: str = HOST, *, state: State = "published"
) -> Iterator[Live]:
    """The same, made and not started."""
    with fresh_database(folder, like=database_url) as fresh:
        prepare(fresh, state)
        yield Live(folder, fresh, name)


@contextlib.contextmanager
def restarted_with(site: Live, **environ: str) -> Iterator[None]:
    """The site, started again with more in its environment; as it was before on leaving."""
    before = site.environ
    site.kill_hard()
    site.environ = {**before, **environ}
    site.start()
    try:
        yield
    finally:
        site.kill_hard()
        site.environ = before
        site.start()


@contextlib.contextmanager
def named_database(like: str, name: str) -> Iterator[str]:
    """The URL of an empty database of the same kind: a file, or one more on the server.

    `name` is the file's path or the database's name. What there was of that name is gone.
    """
    parts = urlsplit(like)
    if parts.scheme == "sqlite":
        _delete_file(name)
        try:
            yield f"sqlite:///{name}"
        finally:
            _delete_file(name)
        return
    # One cannot create or drop the database one is connected to; "postgres" always exists.
    maintenance = urlunsplit(parts._replace(path="/postgres"))
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(maintenance, autocommit=True) as server:
        server.execute(drop)
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        # A new connection: the test may have killed the server in between.
        with psycopg.connect(maintenance, autocommit=True) as server:
            server.execute(drop)


def fresh_database(folder: Path, like: str) -> contextlib.AbstractContextManager[str]:
    """The URL of an empty database that nobody else uses; a file lies in `folder`."""
    is_lite = urlsplit(like).scheme == "sqlite"
    return named_database(
        like, str(folder / "live.sqlite3") if is_lite else f"live_{secrets.token_hex(8)}"
    )


def _delete_file(path: str) -> None:
    for end in ("", "-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)


class Live:
    """The site under gunicorn with two workers, at `url`; its address outlives a restart."""

    def __init__(self, folder: Path, database_url: str, name: str = HOST) -> None:
        port = _free_port()
        self.url = f"http://{name}:{port}"
        self.application = APPLICATION
        self.mail = folder / "mail"
        self.database_url = database_url
        self.environ = {
            **os.environ,
            "BIND": f"{HOST}:{port}",
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "LOG_LEVEL": "WARNING",
            "SITE_URL": self.url,
            "WEB_CONCURRENCY": "2",
            # All takers come from this machine; a test may say that it comes from elsewhere.
            "STARTS_PER_HOUR": "1000000",
            "TRUSTED_PROXIES": "1",
            "REQUIRE_STAFF_MFA": "false",
            "EMAIL_FOLDER": str(self.mail),
            "METRICS_TOKEN": METRICS_TOKEN,
        }
        self._port = port
        self._log = folder / "log"
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and return once it answers; nothing if it is running."""
        if self._server and self._server.poll() is None:
            return
        with self._log.open("ab") as log:
            # A process group of its own, so that master and workers can be killed together and
            # Ctrl-C reaches the tests only.
            self._server = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "--config=gunicorn.conf.py", self.application],
                cwd=ROOT,
                env=self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait_until_it_answers(self._server)

    @property
    def pid(self) -> int:
        """The process id of gunicorn's master; the site must be running."""
        assert self._server is not None
        return self._server.pid

    def kill_hard(self) -> None:
        """kill -9 of master and workers at once; returns when nothing listens any more."""
        if self._server is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._server.pid, signal.SIGKILL)
        self._server.wait()
        self._wait_until_silent()
        self._server = None

    def workers(self) -> list[int]:
        """The ids of the processes that answer requests."""
        return children_of(self._server.pid) if self._server else []

    def reload(self) -> None:
        """Have the workers replaced gracefully, as after new code came (SIGHUP).

        Returns once the old ones are gone.
        """
        assert self._server is not None
        old = self.workers()
        self._server.send_signal(signal.SIGHUP)
        if not wait_until_gone(old, seconds=RELOADS_WITHIN_SECONDS):
            raise SiteError(f"Old workers are still running:\n{self.log()}")

    def terminate(self) -> None:
        """Ask the server to stop, as a supervisor does (SIGTERM), and return at once."""
        assert self._server is not None
        self._server.send_signal(signal.SIGTERM)

    def wait_until_stopped(self) -> int:
        """Return once the server is gone that was asked to stop; its exit code."""
        assert self._server is not None
        code = self._server.wait(timeout=RELOADS_WITHIN_SECONDS)
        self._server = None
        return code

    def stop(self) -> None:
        """Stop the server now, without waiting for requests; nothing if it is not running."""
        if self._server is None:
            return
        self._server.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._server.wait(timeout=STOPS_WITHIN_SECONDS)
        # Workers may have outlived a master that a test killed.
        self.kill_hard()

    def manage(self, *arguments: str) -> str:
        """Run a Django command on the site's database and return what it wrote to stdout.

        Raises SiteError if its exit code is not 0.
        """
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environ,
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise SiteError(f"{' '.join(arguments)}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def rows(self, query: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What the database itself holds, past Django and its caches; placeholders are %s.

        Values are as each driver gives them: SQLite has no booleans, UUIDs or JSON, but numbers
        and text.
        """
        if self.database_url.startswith("sqlite"):
            file = self.database_url.removeprefix("sqlite:///")
            with contextlib.closing(sqlite3.connect(file, timeout=10)) as lite:
                return lite.execute(query.replace("%s", "?"), tuple(params)).fetchall()
        with psycopg.connect(self.database_url) as postgres:
            return postgres.execute(query.encode(), params).fetchall()

    def log(self) -> str:
        """Everything the server has written so far: faults and the access log."""
        return self._log.read_text()

    def _wait_until_it_answers(self, server: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + ANSWERS_WITHIN_SECONDS
        while time.monotonic() < deadline and server.poll() is None:
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=5).close()
            except urllib.error.HTTPError:
                # Whatever it says, it is there; what it ought to say is for the tests.
                return
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise SiteError(f"The site did not start:\n{self.log()}")

    def _wait_until_silent(self) -> None:
        deadline = time.monotonic() + STOPS_WITHIN_SECONDS
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex((HOST, self._port)) != 0:
                    return
            time.sleep(0.02)
        raise SiteError("The killed site still answers.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
