"""A browser on the live site: cookies, CSRF tokens and the deeds of taking, over plain HTTP."""

from __future__ import annotations

import contextlib
import http.client
import json
import secrets
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from http.cookies import SimpleCookie
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from assessments.instrument.document import Item, Questionnaire
from assessments.instrument.files import read_yaml
from tests.live import ROOT, Live
from tests.prepared import QUESTIONNAIRE

FORM_ENCODED = "application/x-www-form-urlencoded"
CSRF_COOKIE = "csrf"
# Browsers wait for minutes.
TIMEOUT_SECONDS = 60.0

Fields = Mapping[str, object]
T = TypeVar("T")


@cache
def shipped() -> Questionnaire:
    """The questionnaire that every live site starts with."""
    return read_yaml((ROOT / QUESTIONNAIRE).read_bytes())


def item_keys(form: str = "full") -> tuple[str, ...]:
    """The keys of a form's items, as presented."""
    return tuple(shipped().form[form].item_keys)


def choices(key: str) -> tuple[str, ...]:
    """What a page may send for an item, first to last."""
    item = shipped().item[key]
    if item.kind == "scenario":
        return tuple(option.key for option in item.options)
    return tuple("12345" if item.kind == "pair" else "01234")


def choice(key: str, number: int) -> str:
    """One of an item's choices, going round."""
    return choices(key)[number % len(choices(key))]


def stored(key: str, chosen: str) -> str:
    """The text that the table holds for a choice; "" for an answer taken back."""
    item: Item = shipped().item[key]
    return str(item.value_of(chosen)) if chosen else ""


def new_client() -> str:
    """A name by which a page identifies itself."""
    return secrets.token_urlsafe(12)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the site answered, and how long it took."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def location(self) -> str:
        """Where a redirect leads: path and query."""
        parts = urlsplit(self.headers["Location"])
        return parts.path + (f"?{parts.query}" if parts.query else "")


class Browser:
    """One browser with its own cookies. Threads may share it: each request has a connection.

    `ip`: where it says that it comes from; what is limited by address is limited for that one.
    `keeps_alive`: it keeps one connection, as browsers do, and is for one thread.
    """

    def __init__(self, site: Live, ip: str = "", *, keeps_alive: bool = False) -> None:
        self._address = urlsplit(site.url).netloc
        self._headers = {"X-Forwarded-For": ip} if ip else {}
        self._kept = self._new_connection() if keeps_alive else None
        # The site takes a token that equals its cookie, whoever made the two.
        self.cookies = {CSRF_COOKIE: secrets.token_hex(16)}

    @property
    def csrf(self) -> str:
        """The token that a form must send."""
        return self.cookies[CSRF_COOKIE]

    def get(self, path: str) -> Reply:
        """Read a page; redirects are not followed."""
        return self.request("GET", path)

    def post(self, path: str, fields: Fields | None = None, *, csrf: bool = True) -> Reply:
        """Post a form; redirects are not followed."""
        token = {"csrfmiddlewaretoken": self.csrf} if csrf else {}
        body = urlencode({**token, **(fields or {})}).encode()
        return self.request("POST", path, body, {"Content-Type": FORM_ENCODED})

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Any request. Raises OSError or HTTPException if no whole answer comes."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"Cookie": cookies, **self._headers, **(headers or {})}
        if self._kept:
            reply = self._over_kept_connection(self._kept, method, path, body, sent)
        else:
            with contextlib.closing(self._new_connection()) as connection:
                sent["Connection"] = "close"
                reply = _exchange(connection, method, path, body, sent)
        for line in reply.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return reply

    def close(self) -> None:
        """End the connection that is kept."""
        if self._kept:
            self._kept.close()

    def _new_connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self._address, timeout=TIMEOUT_SECONDS)

    def _over_kept_connection(self, kept: http.client.HTTPConnection, *request: Any) -> Reply:
        is_used = kept.sock is not None
        try:
            return _exchange(kept, *request)
        except ConnectionError:
            kept.close()
            # The server may close an idle connection while a request is on its way. Browsers
            # then ask once more on a new one, and so does this; a new one that breaks is a fault.
            if not is_used:
                raise
            return _exchange(kept, *request)
        except BaseException:
            kept.close()
            raise


def _exchange(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: bytes | None,
    headers: Mapping[str, str],
) -> Reply:
    began = time.monotonic()
    if connection.sock is None:
        connection.connect()
    # The site may answer before it has read everything.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        connection.request(method, path, body, dict(headers))
    response = connection.getresponse()
    body_read = response.read()
    return Reply(response.status, response.headers, body_read, time.monotonic() - began)


def another_ip() -> str:
    """An address from which nobody has come yet."""
    return f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::1"


class Taker(Browser):
    """Somebody who takes one form: the attempt is started, its answers are to be given."""

    def __init__(self, site: Live, form: str = "full", *, keeps_alive: bool = False) -> None:
        super().__init__(site, keeps_alive=keeps_alive)
        try:
            reply = self.post("/start/", {"length": form, "consent": "on"})
            assert reply.status == 302, reply.text
        except BaseException:
            self.close()
            raise
        self.attempt = uuid.UUID(reply.location.split("/")[2])
        self.form = form

    def path(self, page: str = "") -> str:
        """The address of a page of taking: "save", "check", "3", …"""
        return f"/take/{self.attempt}/{page}/" if page else f"/take/{self.attempt}/"

    def save(
        self,
        item: str,
        chosen: str,
        *,
        client: str,
        seq: int,
        base_revision: int = 0,
        **more: object,
    ) -> Reply:
        """Send one answer as a page does while it is filled in."""
        fields = {"item": item, "value": chosen, "client": client, "seq": seq}
        return self.post(self.path("save"), {**fields, "base_revision": base_revision, **more})

    def answer(self, keys: Iterable[str], number: int = 0) -> None:
        """Give an answer to each of these items, for the first time."""
        for key in keys:
            reply = self.save(key, choice(key, number), client=new_client(), seq=1)
            assert reply.status == 200, reply.text

    def post_section(
        self, number: int, chosen: Mapping[str, str], *, seq: int = 1, **more: object
    ) -> Reply:
        """Send a whole section that was never shown before."""
        keys = shipped().form[self.form].sections[number - 1].items
        fields: dict[str, object] = {"client": new_client(), "seq": seq}
        for key in keys:
            fields |= {f"revision-{key}": 0, f"q-{key}": chosen[key]}
        return self.post(self.path(str(number)), {**fields, **more})

    def finish(self) -> Reply:
        """Finish the attempt, as the check page does."""
        return self.post(self.path("check"))

    def export(self) -> Any:
        """The result's file: report, edition and answers."""
        reply = self.get(f"/result/{self.attempt}/report.json")
        assert reply.status == 200, reply.text
        return reply.json


def at_once(deeds: Iterable[Callable[[], T]]) -> list[T]:
    """What each of the deeds gave, all begun together, each in a thread of its own."""
    waiting = list(deeds)
    with ThreadPoolExecutor(len(waiting)) as pool:
        return [future.result() for future in [pool.submit(deed) for deed in waiting]]


def answers_of(site: Live, attempt: uuid.UUID) -> dict[str, tuple[str, str, int, int]]:
    """The stored answers by item, past the site: value, client, seq and revision."""
    rows = site.rows(
        "SELECT item_key, value, client, seq, revision FROM assessments_answer"
        " WHERE attempt_id = %s",
        [database_id(site, attempt)],
    )
    return {key: (value, client, seq, revision) for key, value, client, seq, revision in rows}


def report_of(site: Live, attempt: uuid.UUID) -> str | None:
    """The stored report, byte for byte, past the site; None if there is none."""
    rows = site.rows(
        "SELECT document FROM assessments_report WHERE attempt_id = %s",
        [database_id(site, attempt)],
    )
    return str(rows[0][0]) if rows else None


def half_finished(site: Live) -> list[tuple[Any, ...]]:
    """Attempts that are finished without a report, or have one and are not finished."""
    return site.rows(
        "SELECT a.id FROM assessments_attempt a"
        " LEFT JOIN assessments_report r ON r.attempt_id = a.id"
        " WHERE (a.finished_at IS NULL) <> (r.attempt_id IS NULL)"
    )


def database_id(site: Live, attempt: uuid.UUID) -> object:
    """An attempt's id as the driver takes it: SQLite has no UUIDs."""
    return attempt.hex if site.database_url.startswith("sqlite") else attempt
