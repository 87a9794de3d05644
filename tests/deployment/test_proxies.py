"""The proxy examples, run: what they tell the site, what they refuse, and what they never log."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.live import ROOT

STARTS_WITHIN_SECONDS = 20
TOKEN = "kept-secret-0123456789"
PRIVATE = (f"/a/{TOKEN}/", f"/invitation/{TOKEN}/", f"/account/password/reset/key/{TOKEN}/")
LIES = {
    "X-Forwarded-For": "6.6.6.6, 7.7.7.7",
    "X-Forwarded-Proto": "gopher",
    "Host": "assess.example.org",
}


class Site(BaseHTTPRequestHandler):
    """Stands behind the proxy and says what it was told."""

    def do_GET(self) -> None:
        told = f"{self.headers['X-Forwarded-For']} {self.headers['X-Forwarded-Proto']}"
        self.send_response(200)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told.encode())

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_args: Any) -> None:
        """Nothing."""


class Server(ThreadingHTTPServer):
    """Minds no proxy that hangs up."""

    def handle_error(self, *_args: Any) -> None:
        """Nothing."""


class Proxy:
    """A proxy that runs before a site."""

    def __init__(self, port: int, scheme: str, site: ThreadingHTTPServer, logs: Path) -> None:
        self._port, self.scheme, self.site, self._logs = port, scheme, site, logs

    def ask(self, path: str, body: bytes | None = None, **more: str) -> tuple[int, str]:
        """Status and text of an answer to a browser that lies about where it is."""
        if self.scheme == "https":
            unproven = ssl._create_unverified_context()  # noqa: S323 - made a moment ago
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                "127.0.0.1", self._port, context=unproven, timeout=20
            )
        else:
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        with contextlib.closing(connection):
            # It may answer before it has read everything.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.request("POST" if body else "GET", path, body, {**LIES, **more})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def logged(self) -> str:
        """All that it has written."""
        return "".join(file.read_text() for file in self._logs.glob("*.log"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def _running(
    command: list[str], folder: Path, port: int, environ: dict[str, str]
) -> Iterator[None]:
    with (folder / "own.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **environ}, stdout=log, stderr=log
        )
    try:
        deadline = time.monotonic() + STARTS_WITHIN_SECONDS
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            ended = process.poll() is not None or time.monotonic() > deadline
            assert not ended, (folder / "own.log").read_text()
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def nginx(folder: Path, upstream: int) -> Iterator[tuple[int, str]]:
    """nginx with the example, on free ports and with a certificate of the moment."""
    plain, port = _free_port(), _free_port()
    key, certificate = folder / "privkey.pem", folder / "fullchain.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        + ["-nodes", "-subj", "/CN=x", "-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )
    text = (ROOT / "deploy" / "nginx" / "roleassess.conf").read_text()
    for there, here in {
        "listen [::]:80;": "",
        "listen [::]:443 ssl http2;": "",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ": f"listen 127.0.0.1:{port} ",
        "127.0.0.1:8000": f"127.0.0.1:{upstream}",
        "/etc/letsencrypt/live/assess.example.org": str(folder),
        "/var/log/nginx": str(folder),
    }.items():
        assert there in text, there
        text = text.replace(there, here)
    (folder / "site.conf").write_text(text)
    places = "".join(
        f"{name}_temp_path {folder}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # Its workers would else be somebody who may not enter a folder of the tests.
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/main.log; events {{}}"
        f" http {{ {places} access_log off; include {folder}/site.conf; }}"
    )
    program = _need("nginx", "nginx-light")
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    assert "[warn]" not in checked.stderr
    with _running(command, folder, port, {}):
        yield port, "https"


@contextlib.contextmanager
def caddy(folder: Path, upstream: int) -> Iterator[tuple[int, str]]:
    """Caddy with the example, without https: certificates come from outside."""
    port = _free_port()
    program = _need("caddy", "caddy")
    source = ROOT / "deploy" / "caddy" / "Caddyfile"
    formatted = subprocess.run([program, "fmt", source], capture_output=True, text=True)
    assert formatted.stdout == source.read_text()
    text = source.read_text().replace("{\n\t# No visits", "{\n\tadmin off\n\t# No visits", 1)
    assert "lb_try_duration 5s" in text
    file = folder / "Caddyfile"
    file.write_text(text.replace("lb_try_duration 5s", "lb_try_duration 0s"))
    environ = {
        "SITE_URL": f"http://:{port}",
        "UPSTREAM": f"127.0.0.1:{upstream}",
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
    }
    command = [program, "run", "--config", str(file), "--adapter", "caddyfile"]
    with _running(command, folder, port, environ):
        yield port, "http"


def _need(program: str, package: str) -> str:
    found = shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin")
    if not found:
        pytest.skip(f"there is no {program}: on Debian, apt install {package}")
    return found


@pytest.fixture(params=[nginx, caddy], ids=["nginx", "caddy"])
def proxy(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Proxy]:
    start: Callable[[Path, int], contextlib.AbstractContextManager[tuple[int, str]]]
    start = request.param
    site = Server(("127.0.0.1", 0), Site)
    thread = Thread(target=site.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        with start(tmp_path, site.server_port) as (port, scheme):
            yield Proxy(port, scheme, site, tmp_path)
    finally:
        site.shutdown()
        site.server_close()
        thread.join()


def test_the_proxy_tells_the_truth_and_logs_no_private_link(proxy: Proxy) -> None:
    # What the browser claims about its address does not reach the site.
    assert proxy.ask("/") == (200, f"127.0.0.1 {proxy.scheme}")
    assert proxy.ask("/", b"x" * 1_500_000)[0] == 200
    # Caddy 2.6, Debian 12's, stops the body as well but calls it a fault of the site.
    assert proxy.ask("/", b"x" * 2_500_000)[0] in {413, 502}
    for path in PRIVATE:
        assert proxy.ask(f"{path}?next=1")[0] == 200
    # The site goes away: faults, whose lines hold the most.
    proxy.site.server_close()
    for path in (*PRIVATE, "/static/site.css"):
        referrer = f"https://assess.example.org{PRIVATE[1]}"
        assert proxy.ask(path, Referer=referrer, Cookie=f"session={TOKEN}")[0] == 502
    logged = proxy.logged()
    assert TOKEN not in logged
    assert "127.0.0.1" not in logged.replace("127.0.0.1:", "")
    assert "/a/-" in logged
    assert "502" in logged
