"""A PostgreSQL server of the tests' own: made in a moment, killed at will, gone afterwards."""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from tests.processes import children_of, wait_until_gone

HOST = "127.0.0.1"
ANSWERS_WITHIN_SECONDS = 30.0
STOPS_WITHIN_SECONDS = 30.0


class PostgresError(RuntimeError):
    """The server or initdb did not do what was asked; holds what it said."""


def find_server_binaries() -> Path | None:
    """The folder of `initdb` and `postgres`: the newest of Debian's, else the one on the path."""
    # Debian keeps them off the path, a folder per version.
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    newest_first = sorted(folders, key=lambda folder: float(folder.parent.name), reverse=True)
    for folder in newest_first:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    on_path = shutil.which("postgres")
    if on_path and (Path(on_path).resolve().parent / "initdb").exists():
        return Path(on_path).resolve().parent
    return None


@contextlib.contextmanager
def private_postgres(*, following: Cluster | None = None) -> Iterator[Cluster]:
    """A running server with durable defaults; it and its folder are gone on leaving.

    One that follows another is its streaming replica. Raises PostgresError when there are no
    server binaries or the server does not start.
    """
    binaries = find_server_binaries()
    if binaries is None:
        raise PostgresError("PostgreSQL's server programs (initdb, postgres) are not installed.")
    folder = Path(tempfile.mkdtemp(prefix="roleassess-postgres-"))
    cluster = Cluster(binaries, folder)
    try:
        if following:
            cluster.follow(following)
        else:
            cluster.create()
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder)


class Cluster:
    """One private server. It listens on a free loopback port, which it keeps over restarts."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self._binaries = binaries
        self._folder = folder
        self._data = folder / "data"
        self._log = folder / "log"
        self._port = _free_port()
        # Loopback is open to everybody on the machine, so the superuser has a password.
        self._password = secrets.token_urlsafe(16)
        self._server: subprocess.Popen[bytes] | None = None

    def url(self, dbname: str) -> str:
        """The address of a database of this server, for DATABASE_URL and for psycopg."""
        return f"postgres://postgres:{self._password}@{HOST}:{self._port}/{dbname}"

    @property
    def pid(self) -> int:
        """The process id of the server that all others of it descend from; it must be running."""
        assert self._server is not None
        return self._server.pid

    def create(self) -> None:
        """Make the empty cluster; once, before the first start."""
        owner = _server_user()
        if owner:
            os.chown(self._folder, owner["user"], owner["group"])
        password_file = self._folder / "password"
        password_file.write_text(self._password)
        if owner:
            os.chown(password_file, owner["user"], owner["group"])
        made = subprocess.run(
            [
                str(self._binaries / "initdb"),
                f"--pgdata={self._data}",
                "--username=postgres",
                "--auth=scram-sha-256",
                f"--pwfile={password_file}",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
            cwd=self._folder,
            capture_output=True,
            text=True,
            **owner,
        )
        if made.returncode != 0:
            raise PostgresError(made.stdout + made.stderr)

    def follow(self, primary: Cluster) -> None:
        """Become a copy of another cluster, which it follows from its start on; once, instead of
        `create`.
        """
        owner = _server_user()
        if owner:
            os.chown(self._folder, owner["user"], owner["group"])
        copied = subprocess.run(
            [
                str(self._binaries / "pg_basebackup"),
                f"--pgdata={self._data}",
                f"--dbname={primary.url('postgres')}",
                "--checkpoint=fast",
                "--write-recovery-conf",
                "--no-sync",
            ],
            cwd=self._folder,
            capture_output=True,
            text=True,
            **owner,
        )
        if copied.returncode != 0:
            raise PostgresError(copied.stdout + copied.stderr)
        # One server's superuser is the other's.
        self._password = primary._password

    def start(self) -> None:
        """Start the server and return once it answers, after a crash too."""
        with self._log.open("ab") as log:
            # A direct child, which we can wait for: a killed server that nobody waits for still
            # holds its lock file, and no other one starts. And a session of its own: Ctrl-C is
            # for the tests, which stop the server in their own time.
            self._server = subprocess.Popen(
                [
                    str(self._binaries / "postgres"),
                    f"-D{self._data}",
                    f"--port={self._port}",
                    f"--listen-addresses={HOST}",
                    "--unix-socket-directories=",
                ],
                cwd=self._folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **_server_user(),
            )
        self._wait_until_it_answers(self._server)

    def _wait_until_it_answers(self, server: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + ANSWERS_WITHIN_SECONDS
        while time.monotonic() < deadline and server.poll() is None:
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
                return
            time.sleep(0.05)
        raise PostgresError(f"PostgreSQL did not start:\n{self._log.read_text()}")

    def stop(self) -> None:
        """Close all connections, stop cleanly and wait; nothing if it is not running."""
        if self._server is None:
            return
        self._server.send_signal(signal.SIGINT)
        try:
            self._server.wait(timeout=STOPS_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            self.stop_hard()
        self._server = None

    def stop_hard(self) -> None:
        """kill -9 of the server and all its children: a crash, with no time to finish anything.

        Returns when all of them are gone; start() then recovers from the log.
        """
        if self._server is None:
            return
        # Halted first, so that it starts no child that we would not know of.
        self._server.send_signal(signal.SIGSTOP)
        children = children_of(self._server.pid)
        self._server.kill()
        # Each child leads a session of its own: no process group holds them all.
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self._server.wait()
        if not wait_until_gone(children, seconds=STOPS_WITHIN_SECONDS):
            raise PostgresError("Killed children of PostgreSQL are still running.")
        self._server = None


def _server_user() -> dict[str, Any]:
    """Arguments for subprocess: `postgres` refuses to run as root, so root lends it a user."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            account = pwd.getpwnam(name)
            return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    raise PostgresError("PostgreSQL does not run as root, and there is no other user to run it.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
