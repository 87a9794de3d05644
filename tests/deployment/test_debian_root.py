"""The image and the server of docs/operating.md, each made in a plain Debian 12 and used.

No Docker and no systemd take part: the steps of the Dockerfile and of the guide are read from
these files and run one by one, as root of a folder, with packages fetched as on a new machine.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shlex
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.deployment.debian import Root, plain_root, why_not
from tests.deployment.image import Image, built, tree
from tests.live import ROOT, Live
from tests.private_postgres import find_server_binaries, private_postgres
from tests.site.client import Taker, item_keys

MISSING = why_not()
pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(MISSING is not None, reason=MISSING or ""),
]
STARTS_WITHIN_SECONDS = 120
STOPS_WITHIN_SECONDS = 40
# What compose.yaml leaves writable.
WRITABLE = ("/tmp", "/var/lib/roleassess", "/var/backups/roleassess")  # noqa: S108
CODE = "/opt/roleassess"
GUIDE = ROOT / "docs" / "operating.md"
UNITS = ROOT / "deploy" / "systemd"


@contextlib.contextmanager
def served(process: subprocess.Popen[Any], url: str, log: Path) -> Iterator[None]:
    """The site, once it answers; ended as Docker and systemd do, and it must end by itself."""
    try:
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while True:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{url}/readyz", timeout=5).close()
                break
            ended = process.poll() is not None or time.monotonic() > deadline
            assert not ended, log.read_text()
            time.sleep(0.1)
        yield
        master = _only_child(process.pid)
        os.kill(master, signal.SIGTERM)
        assert process.wait(timeout=STOPS_WITHIN_SECONDS) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()


def _only_child(pid: int) -> int:
    """The process that `unshare` waits for."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    assert len(children) == 1
    return int(children[0])


def take_to_the_result(site: Live) -> None:
    """Somebody answers every question and reads the result, on the page and as PDF."""
    taker = Taker(site)
    taker.answer(item_keys())
    finished = taker.finish()
    assert finished.status == 302, finished.text
    page = taker.get(finished.location)
    assert page.status == 200
    sheet = re.findall(r'href="(/static/css/site\.[0-9a-f]{12}\.css)"', page.text)
    assert [taker.get(path).status for path in sheet] == [200]
    assert len(taker.export()["answers"]) == len(item_keys())
    pdf = taker.get(f"/result/{taker.attempt}/report.pdf")
    assert (pdf.status, pdf.body[:5]) == (200, b"%PDF-")


# --- The image ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    """Built by the steps of the Dockerfile."""
    with built() as image:
        yield image


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_the_image_serves_the_assessment_from_a_read_only_root(
    image: Image, tmp_path: Path, database: str
) -> None:
    with contextlib.ExitStack() as stack:
        if database == "sqlite":
            url = "sqlite:////var/lib/roleassess/db.sqlite3"
        elif not find_server_binaries():
            pytest.skip("no PostgreSQL server programs: apt install postgresql")
        else:
            url = stack.enter_context(private_postgres()).url("postgres")
        site, log = Live(tmp_path, url), tmp_path / "log"
        environ = {
            **image.environ,
            "SECRET_KEY": secrets.token_urlsafe(50),
            "SITE_URL": site.url,
            "DATABASE_URL": url,
            "BIND": site.url.removeprefix("http://"),
        }

        def run(*command: str) -> str:
            return image.root.run(
                shlex.join(command),
                cwd=image.workdir, user=image.user, environ=environ, writable=WRITABLE,
            )  # fmt: skip

        assert "Questionnaire pm-b2b-b2c: published as edition 1." in run(
            "python", "manage.py", "prepare"
        )
        process = image.root.start(
            *image.command,
            cwd=image.workdir, user=image.user, environ=environ, writable=WRITABLE, log=log,
        )  # fmt: skip
        with served(process, site.url, log):
            assert run(*image.healthcheck) == ""
            take_to_the_result(site)
            # It serves as nobody in particular, and cannot write to its own code.
            status = Path(f"/proc/{_only_child(process.pid)}/status").read_text()
            assert re.findall(r"^(?:Uid|Gid):\s+(\d+)", status, re.MULTILINE) == ["10001"] * 2
            assert run("sh", "-c", "touch manage.py 2>/dev/null || echo refused") == "refused\n"
        with pytest.raises(AssertionError, match="Connection refused"):
            run(*image.healthcheck)
        assert "Traceback" not in log.read_text()
        assert "Fontconfig" not in log.read_text()


# --- The server of the guide --------------------------------------------------------------------


def steps(kind: str) -> str:
    """The commands of the guide that are marked for this, as one script."""
    blocks = re.findall(rf"^```sh {kind}\n(.*?)^```", GUIDE.read_text(), re.MULTILINE | re.DOTALL)
    assert blocks, kind
    return "\n".join(blocks)


class Server:
    """A Debian on which the guide was followed; PostgreSQL runs there on a port of its own."""

    def __init__(self, root: Root, site: Live, folder: Path) -> None:
        self.root, self.site, self._folder = root, site, folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = str(probe.getsockname()[1])

    def follow(self, kind: str) -> str:
        """Do what the guide says."""
        return self.root.run(steps(kind), cwd=CODE, environ=self.environ)

    def manage(self, command: str) -> str:
        """What a command of the site prints."""
        return self.root.run(f"deploy/manage {command}", cwd=CODE, environ=self.environ)

    @property
    def environ(self) -> dict[str, str]:
        """What makes up for other servers on this machine, and for systemd, which is not there."""
        return {"PGPORT": self.port, "DEBIAN_FRONTEND": "noninteractive"}

    def set(self, **values: str) -> None:
        """Fill in settings, as with an editor."""
        file = self.root.path / "etc" / "roleassess" / "env"
        text = file.read_text()
        for name, value in values.items():
            text, count = re.subn(rf"^#?{name}=.*$", f"{name}={value}", text, flags=re.MULTILINE)
            assert count == 1, name
        file.write_text(text)

    @contextlib.contextmanager
    def database(self) -> Iterator[None]:
        """Debian's PostgreSQL, started as its own service would."""
        version = next((self.root.path / "etc" / "postgresql").iterdir()).name
        self.root.run(f"pg_conftool {version} main set port {self.port}")
        command = ("pg_ctlcluster", "--foreground", version, "main", "start")
        log = self._folder / "database.log"
        process = self.root.start(*command, cwd="/", environ=self.environ, log=log)
        try:
            ready = 'until runuser -u postgres -- psql -c "" >/dev/null 2>&1; do sleep 0.2; done'
            self.root.run(f"timeout 60 sh -c {shlex.quote(ready)}", environ=self.environ)
            yield
        finally:
            os.kill(_only_child(process.pid), signal.SIGINT)
            process.wait(timeout=STOPS_WITHIN_SECONDS)

    @contextlib.contextmanager
    def web(self) -> Iterator[int]:
        """The site, by the commands and with the settings of its unit; gives its process."""
        settings = shlex.split((self.root.path / "etc/roleassess/env").read_text(), comments=True)
        environ = {**self.environ, **dict(line.split("=", 1) for line in settings)}
        unit = (UNITS / "roleassess-web.service").read_text()
        (before,) = re.findall(r"^ExecStartPre=(.+)$", unit, re.MULTILINE)
        (start,) = re.findall(r"^ExecStart=(.+)$", unit, re.MULTILINE)
        where: dict[str, Any] = {
            "cwd": CODE,
            "user": "roleassess",
            "environ": environ,
            "writable": ("/tmp", "/run", "/var/lib/roleassess"),  # noqa: S108
        }
        self.root.run(before, **where)
        log = self._folder / "web.log"
        process = self.root.start(*shlex.split(start), **where, log=log)
        with served(process, self.site.url, log):
            yield _only_child(process.pid)


def test_a_server_is_installed_upgraded_and_restored_by_the_guide(tmp_path: Path) -> None:
    with plain_root() as root:
        tree(root.path / "opt" / "roleassess")
        stub = root.path / "usr" / "local" / "bin" / "systemctl"
        stub.write_text('#!/bin/sh\necho "systemctl $*"\n')
        stub.chmod(0o755)
        server = Server(root, Live(tmp_path, ""), tmp_path)
        server.follow("install")
        server.set(
            SITE_URL=server.site.url,
            BIND=server.site.url.removeprefix("http://"),
        )
        with server.database():
            server.follow("database")
            assert "systemctl enable --now roleassess-web" in server.follow("start")
            with server.web() as master:
                take_to_the_result(server.site)
                assert "systemctl reload roleassess-web" in server.follow("upgrade")
                os.kill(master, signal.SIGHUP)
                # The next answer waits until the new processes have loaded.
                urllib.request.urlopen(f"{server.site.url}/readyz", timeout=90).close()
                take_to_the_result(server.site)
            before = json.loads(server.manage("verify"))
            server.follow("backup")
            assert '"equal": true' in server.follow("restore")
            after = json.loads(server.manage("verify"))
            assert (after["attempts"], after["reports"]) == (2, 2)
            assert after["digest"] == before["digest"]
            with server.web():
                take_to_the_result(server.site)
