"""One browser as light as can be: a connection that stays open, cookies, and a stopwatch."""

from __future__ import annotations

import gzip
import http.client
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

CSRF_COOKIE = "csrf"
FORM_ENCODED = "application/x-www-form-urlencoded"
TIMEOUT_SECONDS = 60.0
NAMED_FILE = re.compile(rb'(?:src|href)="(/static/[^"]+)"')
GZIP = b"\x1f\x8b"


class BenchError(RuntimeError):
    """A site did not answer as it should; holds what it said."""


@dataclass(frozen=True, slots=True)
class Timed:
    """One request: what kind it was, how long it took and how many bytes came (compressed)."""

    kind: str
    seconds: float
    size: int


class Visitor:
    """Somebody new with a browser of their own; `requests` is what they have asked for."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(
            urlsplit(url).netloc, timeout=TIMEOUT_SECONDS
        )
        # The site takes a token that equals its cookie, whoever made the two.
        self._cookies = {CSRF_COOKIE: secrets.token_hex(16)}
        self.requests: list[Timed] = []

    def get(self, path: str, kind: str) -> bytes:
        """The page's body as it came, compressed; it must be there."""
        return self._request("GET", path, kind, None, 200)[0]

    def post(self, path: str, fields: Mapping[str, object], kind: str, status: int = 302) -> str:
        """Post a form; the path of the redirect. Raises `BenchError` for another status."""
        token = {"csrfmiddlewaretoken": self._cookies[CSRF_COOKIE]}
        body = urlencode({**token, **fields}).encode()
        return self._request("POST", path, kind, body, status)[1]

    def close(self) -> None:
        """Let the connection go."""
        self._connection.close()

    def _request(
        self, method: str, path: str, kind: str, body: bytes | None, status: int
    ) -> tuple[bytes, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Cookie": cookies, "Accept-Encoding": "gzip"}
        if body is not None:
            headers["Content-Type"] = FORM_ENCODED
        began = time.perf_counter()
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        content = response.read()
        self.requests.append(Timed(kind, time.perf_counter() - began, len(content)))
        if response.status != status:
            raise BenchError(f"{method} {path}: {response.status}\n{content[:500]!r}")
        for line in response.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        return content, urlsplit(response.headers.get("Location", "")).path


@dataclass(frozen=True, slots=True)
class Weight:
    """A page with the files that came with it for the first time: requests and bytes."""

    kind: str
    requests: int
    size: int


class WeighingVisitor(Visitor):
    """One that also fetches the files that pages name, once each, as a browser does."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._known: set[str] = set()
        self.pages: list[Weight] = []

    def get(self, path: str, kind: str) -> bytes:
        """The page's body as it came; its files have come too."""
        before = len(self.requests)
        content = super().get(path, kind)
        plain = gzip.decompress(content) if content.startswith(GZIP) else content
        named = dict.fromkeys(file.decode() for file in NAMED_FILE.findall(plain))
        for file in [file for file in named if file not in self._known]:
            super().get(file, "file")
            self._known.add(file)
        came = self.requests[before:]
        self.pages.append(Weight(kind, len(came), sum(one.size for one in came)))
        return content
