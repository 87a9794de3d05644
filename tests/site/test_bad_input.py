"""Whatever is sent: a clear no in words, never a fault, and nothing stored (trust 1)."""

from __future__ import annotations

import contextlib
import copy
import re
import secrets
import sqlite3
import uuid
from collections import Counter
from collections.abc import Iterator
from functools import cache
from html import unescape
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.live import Live
from tests.site.client import (
    CSRF_COOKIE,
    FORM_ENCODED,
    Browser,
    Reply,
    Taker,
    another_ip,
    answers_of,
    choices,
    database_id,
    item_keys,
    new_client,
    shipped,
    stored,
)

SLOWEST_SECONDS = 3.0
"""Far above what an answer takes, since other tests use the machine at the same time."""

NUL = "\x00"
FORTY_DIGITS = "9" * 40
MANY_DIGITS = "9" * 5000
LONG_NUMBER = "9" * 3000

# Every address of taking and of results, with the methods that it answers.
PAGES = {
    "/start/": "GET HEAD POST",
    "/a/{token}/": "GET HEAD",
    "/take/{attempt}/": "GET HEAD",
    "/take/{attempt}/about/": "GET HEAD POST",
    "/take/{attempt}/1/": "GET HEAD POST",
    "/take/{attempt}/save/": "POST",
    "/take/{attempt}/check/": "GET HEAD POST",
    "/take/{attempt}/later/": "GET HEAD POST",
    "/take/{attempt}/delete/": "GET HEAD POST",
    "/take/{attempt}/continue/full/": "POST",
    "/result/{attempt}/": "GET HEAD",
    "/result/{attempt}/report.json": "GET HEAD",
}
POSTED = [page for page, methods in PAGES.items() if "POST" in methods]
OF_ATTEMPTS = [page for page in PAGES if "{attempt}" in page]
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")


def somebody(live: Live) -> Taker:
    """Somebody with three answers."""
    taker = Taker(live)
    taker.answer(item_keys()[:3])
    return taker


def somebody_finished(live: Live) -> Taker:
    """Somebody with a result."""
    taker = Taker(live, form="short")
    taker.answer(item_keys("short")[:3])
    assert taker.finish().status == 302
    return taker


@pytest.fixture(scope="module")
def people(live: Live) -> dict[str, Taker]:
    """One of each for all tests that store nothing."""
    return {"taker": somebody(live), "finished": somebody_finished(live)}


@pytest.fixture
def taker(people: dict[str, Taker]) -> Taker:
    """Somebody with three answers, who stays as they are; the browser is the test's own."""
    return browser_of(people["taker"])


@pytest.fixture
def finished(people: dict[str, Taker]) -> Taker:
    """Somebody with a result, likewise."""
    return browser_of(people["finished"])


def browser_of(person: Taker) -> Taker:
    """Another browser with the same cookies."""
    browser = copy.copy(person)
    browser.cookies = dict(person.cookies)
    return browser


@pytest.fixture(autouse=True)
def nothing_is_stored(
    request: pytest.FixtureRequest, live: Live, people: dict[str, Taker]
) -> Iterator[None]:
    """Every table holds after the test what it held before."""
    if "may_store" in request.fixturenames:
        yield
        return
    before = contents(live)
    yield
    assert contents(live) == before


@pytest.fixture
def may_store() -> None:
    """For a test that looks itself at what is stored, and has people of its own."""


def contents(live: Live) -> Counter[tuple[object, ...]]:
    """Every row of every table; on PostgreSQL as a checksum, in one question."""
    tables = tables_of(live)
    if live.database_url.startswith("sqlite"):
        file = live.database_url.removeprefix("sqlite:///")
        # One connection for all of them: each table in one of its own takes ten times as long.
        with contextlib.closing(sqlite3.connect(file, timeout=10)) as lite:
            found = [(table, *row) for table in tables for row in lite.execute(select("*", table))]
    else:
        each = (select(f"'{table}', md5(rows::text)", f"{table} rows") for table in tables)
        found = live.rows(" UNION ALL ".join(each))
    assert any(table == "assessments_edition" for table, *_row in found)
    return Counter(found)


@cache
def tables_of(live: Live) -> tuple[str, ...]:
    """The names of the site's tables."""
    if live.database_url.startswith("sqlite"):
        query = "SELECT name FROM sqlite_master WHERE type = 'table'"
    else:
        query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    return tuple(name for [name] in live.rows(query))


def select(what: str, table: str) -> str:
    return f"SELECT {what} FROM {table}"  # noqa: S608 - the names of our own tables


def at(address: str, taker: Taker) -> str:
    """The address for this person, or with a link that nobody was given."""
    return address.format(attempt=taker.attempt, token=secrets.token_urlsafe(32))


def assert_says_no(reply: Reply, *statuses: int) -> None:
    """A clear refusal: one of these statuses, in words, quickly, and marked as not to be kept."""
    assert reply.status in statuses, f"{reply.status}: {reply.text[:2000]}"
    assert reply.seconds < SLOWEST_SECONDS
    assert reply.headers["Cache-Control"] == "no-store"
    if reply.headers["Content-Type"] == "application/json":
        words = reply.json["message"]
    else:
        assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
        assert '<header class="site-head">' in reply.text
        [words] = re.findall(r"<h1[^>]*>(.*?)</h1>", reply.text, re.DOTALL)
    assert re.search(r"\w \w", unescape(words)), words
    assert "Traceback" not in reply.text


# --- Who may, and by which method ---------------------------------------------------------------


@pytest.mark.one_database
@pytest.mark.parametrize("address", POSTED)
@pytest.mark.parametrize("token", [None, "", "wrong", "x" * 32, NUL * 32, "ä" * 32, "x" * 10_000])
def test_a_post_without_its_csrf_token_is_refused(taker: Taker, address: str, token: str | None):
    fields = {} if token is None else {"csrfmiddlewaretoken": token}

    assert_says_no(taker.post(at(address, taker), fields, csrf=False), 403)


@pytest.mark.one_database
@pytest.mark.parametrize("address", POSTED)
def test_a_post_without_cookies_is_refused(live: Live, taker: Taker, address: str):
    stranger = Browser(live)
    token = stranger.cookies.pop(CSRF_COOKIE)

    reply = stranger.post(at(address, taker), {"csrfmiddlewaretoken": token}, csrf=False)

    assert_says_no(reply, 403)


@pytest.mark.one_database
@pytest.mark.parametrize("address", PAGES)
def test_another_method_is_not_allowed(taker: Taker, address: str):
    for method in set(METHODS) - set(PAGES[address].split()):
        reply = taker.request(method, at(address, taker), b"", {"X-CSRFToken": taker.csrf})
        assert reply.status == 405, (method, reply.status)
        assert reply.headers["Allow"] == PAGES[address].replace(" ", ", ")


@pytest.mark.one_database
@pytest.mark.parametrize("address", OF_ATTEMPTS)
def test_anothers_attempt_is_as_unknown_as_one_that_does_not_exist(
    live: Live, taker: Taker, finished: Taker, address: str
):
    stranger = Browser(live)
    for method in PAGES[address].split():
        replies = [
            (
                path,
                stranger.request(
                    method,
                    path,
                    urlencode({"csrfmiddlewaretoken": stranger.csrf}).encode(),
                    {"Content-Type": FORM_ENCODED},
                ),
            )
            for path in (
                address.format(attempt=attempt)
                for attempt in (taker.attempt, finished.attempt, uuid.uuid4(), uuid.UUID(int=0))
            )
        ]
        for path, reply in replies:
            assert reply.status == 404
            if method != "HEAD":
                assert_says_no(reply, 404)
            assert unmistakable(reply, path) == unmistakable(replies[-1][1], replies[-1][0])


def unmistakable(reply: Reply, path: str) -> tuple[str, list[tuple[str, str]]]:
    """Body and headers without what differs from one request to the next.

    Whoever is not signed in is offered to sign in and to come back to the address they asked for.
    """
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", reply.text)
    body = body.replace(f"?next={quote(path, safe='')}", "?next=")
    headers = [
        (name, re.sub(r"csrf=\w+|expires=[^;]+", "", value))
        for name, value in reply.headers.items()
        if name not in ("Date", "Content-Length", "X-Request-ID")
    ]
    return body, headers


@pytest.mark.usefixtures("may_store")
def test_every_wrong_private_link_gets_the_same_answer(live: Live, taker: Taker):
    before = contents(live)
    # From an address of its own: so many misses from one are refused as too many.
    stranger = Browser(live, ip=another_ip())
    right = re.compile(r"/a/[\w-]{43}/")
    tokens = [secrets.token_urlsafe(32), "x", "-" * 100, "A" * 43, str(taker.attempt)]
    paths = [f"/a/{token}/" for token in tokens]

    replies = [stranger.get(path) for path in paths]

    assert right.fullmatch(paths[0])
    for path, reply in zip(paths, replies, strict=True):
        assert_says_no(reply, 404)
        assert unmistakable(reply, path) == unmistakable(replies[0], paths[0])
    # Misses are counted, and nothing else is stored.
    assert {table for table, *_row in contents(live) - before} == {"assessments_ratebucket"}


# --- Bodies that cannot be read -----------------------------------------------------------------

BODIES = {
    "3 MB": (FORM_ENCODED, b"item=" + b"x" * 3_000_000),
    "3,000 fields": (FORM_ENCODED, b"&".join(b"f%d=1" % number for number in range(3000))),
    "3,000 times the same field": (FORM_ENCODED, b"&".join([b"item=1"] * 3000)),
    "another charset": (f"{FORM_ENCODED}; charset=utf-16", "item=1".encode("utf-16")),
    "no boundary": ("multipart/form-data", b"--x\r\n\r\n--x--"),
    "broken boundary": ("multipart/form-data; boundary=\xff", b"--x\r\n\r\n--x--"),
    "3,000 parts": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 3000 + b"--x--\r\n",
    ),
    "3 MB in a part": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="item"\r\n\r\n%s\r\n--x--\r\n'
        % (b"x" * 3_000_000),
    ),
}
# A form without required fields is complete whatever else is sent with it.
WITH_REQUIRED_FIELDS = ["/start/", "/take/{attempt}/1/", "/take/{attempt}/save/"]
ODD_BODIES = {
    "nothing": (FORM_ENCODED, b""),
    "no type": ("", b"item=1"),
    "JSON": ("application/json", b'{"item": {"item": [[[[[[]]]]]]}}'),
    "deep JSON": ("application/json", b"[" * 50_000),
    "XML": ("text/xml", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'),
    "noise": (FORM_ENCODED, bytes(range(256)) * 20),
    "percent noise": (FORM_ENCODED, b"%ED%A0%80=%00&%=%&%zz=%zz&=&&&;%u0000=%uD800"),
    "unknown charset": (f"{FORM_ENCODED}; charset=nonsense", b"item=1"),
    "a file": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="item"; filename="../../x"\r\n'
        b"Content-Type: image/svg+xml\r\n\r\n<svg/>\r\n--x--\r\n",
    ),
    "broken base64": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="item"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n!\r\n--x--\r\n",
    ),
    "a part without end": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="item"\r\n\r\nz',
    ),
}


def send(taker: Taker, address: str, content_type: str, body: bytes) -> Reply:
    headers = {"Content-Type": content_type, "X-CSRFToken": taker.csrf}
    return taker.request("POST", at(address, taker), body, headers)


@pytest.mark.one_database
@pytest.mark.parametrize("body", BODIES)
def test_a_body_that_cannot_be_read_is_refused(taker: Taker, body: str):
    for address in POSTED:
        assert_says_no(send(taker, address, *BODIES[body]), 400)


@pytest.mark.one_database
@pytest.mark.parametrize("body", ODD_BODIES)
def test_a_body_without_the_fields_is_refused(taker: Taker, body: str):
    for address in WITH_REQUIRED_FIELDS:
        assert_says_no(send(taker, address, *ODD_BODIES[body]), 400, 422)


# --- Fields -------------------------------------------------------------------------------------

FIRST = item_keys()[0]
GOOD = {
    "item": FIRST,
    "value": choices(FIRST)[1],
    "client": "a-page-of-mine",
    "seq": "3",
    "base_revision": "1",
    "seconds": "4.5",
}
BAD_COUNTERS = ["", "-1", "1.5", "x", "NaN", FORTY_DIGITS, MANY_DIGITS, "2147483648", NUL, "²"]
BAD_FIELDS = {
    "item": ["", "unknown", FIRST.upper(), FIRST + NUL, NUL, "\ud800", "x" * 61, "x" * 100_000,
             "../save", "__class__", "{{7|add:42}}", "' OR 1=1 --", FORTY_DIGITS],
    "value": ["0", "6", "-2", "1.0", "01", "１", "x", NUL, "\ud800", "x" * 61, FORTY_DIGITS,
              "None", "true", "[]"],
    "client": ["", "short", "x" * 41, "x" * 40 + "\n", "with space", "ä" * 10, NUL * 10,
               "x" * 1000, "\ud800" * 10],
    "seq": ["0", *BAD_COUNTERS],
    "base_revision": BAD_COUNTERS,
    "seconds": ["-1", "NaN", "nan", "inf", "-Infinity", "1e999", "x", NUL, "9" * 5000 + "x"],
}  # fmt: skip


def form(fields: dict[str, str]) -> bytes:
    return urlencode(fields, errors="surrogatepass").encode()


@pytest.mark.parametrize("field", BAD_FIELDS)
def test_a_save_with_a_field_that_cannot_be_is_refused(taker: Taker, field: str):
    for bad in BAD_FIELDS[field]:
        reply = send(taker, "/take/{attempt}/save/", FORM_ENCODED, form({**GOOD, field: bad}))
        assert_says_no(reply, 400)
        assert reply.json["error"] == "invalid"


@pytest.mark.one_database
@pytest.mark.parametrize("field", ["item", "client", "seq", "base_revision"])
def test_a_save_without_a_field_is_refused(taker: Taker, field: str):
    fields = {name: value for name, value in GOOD.items() if name != field}

    assert_says_no(taker.post(taker.path("save"), fields), 400)


def test_a_save_of_an_item_that_is_not_on_the_form_is_refused(finished: Taker, live: Live):
    elsewhere = next(key for key in item_keys() if key not in item_keys("short"))
    [form_key] = live.rows(
        "SELECT form FROM assessments_attempt WHERE id = %s",
        [database_id(live, finished.attempt)],
    )[0]

    reply = finished.save(elsewhere, choices(elsewhere)[0], client=new_client(), seq=1)

    assert form_key == "short"
    assert_says_no(reply, 400)


@pytest.mark.parametrize("edition", ["0", "99", "", "1.0", NUL, FORTY_DIGITS, "x" * 10_000])
def test_a_save_for_another_edition_is_refused(taker: Taker, edition: str):
    reply = taker.post(taker.path("save"), {**GOOD, "edition": edition})

    assert_says_no(reply, 409)
    assert reply.json["error"] == "edition"


text = st.text(st.characters(exclude_categories=()), max_size=70)
anything = st.one_of(
    text, st.integers().map(str), st.floats().map(str), st.sampled_from([*item_keys(), "1", "2"])
)


@pytest.mark.usefixtures("may_store")
@settings(max_examples=150)
@given(changed=st.dictionaries(st.sampled_from([*GOOD, "edition", "attempt"]), anything))
def test_a_save_with_any_fields_is_stored_or_refused_in_words(
    live: Live, fuzzed: Taker, changed: dict[str, str]
):
    reply = send(fuzzed, "/take/{attempt}/save/", FORM_ENCODED, form({**GOOD, **changed}))

    if reply.status == 200:
        assert set(reply.json) == {"revision", "value"}
        for key, (value, _client, seq, _revision) in answers_of(live, fuzzed.attempt).items():
            known = {"", *(str(shipped().item[key].value_of(one)) for one in choices(key))}
            assert value in known
            assert 1 <= seq < 2**31
    else:
        assert_says_no(reply, 400, 409)


@pytest.fixture(scope="module")
def fuzzed(live: Live) -> Taker:
    """Somebody whose answers may be stored."""
    return Taker(live)


def section_fields() -> dict[str, str]:
    keys = shipped().form["full"].sections[0].items
    fields = {"client": "a-page-of-mine", "seq": "3", "advance": "on"}
    return fields | {f"revision-{key}": "1" for key in keys}


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        *(("client", bad) for bad in BAD_FIELDS["client"]),
        *(("seq", bad) for bad in BAD_FIELDS["seq"]),
        *((f"revision-{FIRST}", bad) for bad in BAD_COUNTERS),
        *((f"q-{FIRST}", bad) for bad in BAD_FIELDS["value"]),
        ("clear", NUL),
        ("clear", "x" * 61),
    ],
)
def test_a_section_with_a_field_that_cannot_be_is_refused(taker: Taker, field: str, bad: str):
    reply = send(taker, "/take/{attempt}/1/", FORM_ENCODED, form({**section_fields(), field: bad}))

    assert_says_no(reply, 400)


@pytest.mark.parametrize("field", ["client", "seq", f"revision-{FIRST}"])
def test_nothing_is_stored_of_a_section_whose_own_fields_came_back_broken(
    taker: Taker, field: str
):
    keys = shipped().form["full"].sections[0].items
    chosen = {f"q-{key}": choices(key)[-1] for key in keys}
    for bad in ("", "-1", NUL):
        reply = taker.post(taker.path("1"), {**section_fields(), **chosen, field: bad})
        assert_says_no(reply, 400)


def test_a_section_with_an_answer_to_another_sections_question_leaves_it_out(taker: Taker):
    elsewhere = item_keys()[-1]
    fields = {**section_fields(), f"q-{elsewhere}": choices(elsewhere)[0], "advance": "on"}

    assert taker.post(taker.path("1"), fields).status == 302


@pytest.mark.parametrize("number", ["0", "99", FORTY_DIGITS, LONG_NUMBER, "-1", "1.5", "%00"])
def test_a_section_that_does_not_exist_is_not_found(taker: Taker, number: str):
    assert_says_no(taker.get(taker.path(number)), 404)
    assert_says_no(taker.post(taker.path(number), section_fields()), 404)


@pytest.mark.parametrize(
    "fields",
    [
        {"length": "full"},
        {"consent": "on"},
        {"length": "unknown", "consent": "on"},
        {"length": NUL, "consent": "on"},
        {"length": "\ud800", "consent": "on"},
        {"length": "x" * 100_000, "consent": "on"},
        {"length": "full", "consent": "false"},
    ],
)
def test_a_start_without_consent_or_with_an_unknown_form_stores_nothing(
    live: Live, fields: dict[str, str]
):
    visitor = Browser(live)
    body = form({"csrfmiddlewaretoken": visitor.csrf, **fields})

    reply = visitor.request("POST", "/start/", body, {"Content-Type": FORM_ENCODED})

    assert_says_no(reply, 422)
    assert "session" not in visitor.cookies


@pytest.mark.parametrize("bad", ["unknown", NUL, "\ud800", "x" * 100_000, FORTY_DIGITS])
def test_background_that_was_not_offered_is_refused(taker: Taker, bad: str):
    for asked in shipped().background:
        reply = send(taker, "/take/{attempt}/about/", FORM_ENCODED, form({asked.key: bad}))
        assert_says_no(reply, 422)


@pytest.mark.parametrize("form_key", ["unknown", "FULL", "x" * 200, FORTY_DIGITS])
def test_one_cannot_continue_on_a_form_that_does_not_exist(finished: Taker, form_key: str):
    assert_says_no(finished.post(f"/take/{finished.attempt}/continue/{form_key}/"), 404)


def test_one_cannot_continue_from_an_attempt_that_is_not_finished(taker: Taker):
    assert_says_no(taker.post(taker.path("continue/full")), 404)


@pytest.mark.one_database
@pytest.mark.parametrize("role", ["unknown", "%00", "%ED%A0%80", "x" * 1500, "{{7}}", "%3Cb%3E"])
def test_a_role_that_does_not_exist_moves_nothing_on_the_result(finished: Taker, role: str):
    reply = finished.get(f"/result/{finished.attempt}/?role={role}")

    assert reply.status == 200
    assert "<b>" not in reply.text


# --- In the wrong order -------------------------------------------------------------------------


def test_a_finished_attempt_takes_no_answers(finished: Taker):
    key = item_keys("short")[0]
    for chosen in (*choices(key), ""):
        reply = finished.save(key, chosen, client=new_client(), seq=9, base_revision=1)
        assert_says_no(reply, 409)
        assert reply.json["error"] == "finished"
        assert reply.json["url"] == f"/result/{finished.attempt}/"
    all_first = {key: choices(key)[0] for key in item_keys("short")}
    assert_says_no(finished.post_section(1, all_first), 409)
    assert_says_no(finished.post(finished.path("about"), {}), 409)
    for page in ("1", "about", "check"):
        assert_says_no(finished.get(finished.path(page)), 409)


def test_finishing_twice_changes_nothing(finished: Taker):
    reply = finished.finish()

    assert (reply.status, reply.location) == (302, f"/result/{finished.attempt}/")


def test_there_is_no_result_before_finishing(taker: Taker):
    assert taker.get(f"/result/{taker.attempt}/").location == taker.path()
    assert_says_no(taker.get(f"/result/{taker.attempt}/report.json"), 404)


@pytest.mark.usefixtures("may_store")
def test_nothing_to_read_is_no_result(live: Live):
    reply = Taker(live).finish()

    assert_says_no(reply, 409)
    assert "Answer some questions first." in reply.text


# --- What only the server decides ---------------------------------------------------------------

FORGED = {
    "id": "00000000-0000-0000-0000-000000000000",
    "pk": "00000000-0000-0000-0000-000000000000",
    "attempt": "00000000-0000-0000-0000-000000000000",
    "attempt_id": "00000000-0000-0000-0000-000000000000",
    "owner": "1",
    "owner_id": "1",
    "edition_id": "99",
    "finished_at": "2001-01-01T00:00:00Z",
    "started_at": "2001-01-01T00:00:00Z",
    "last_used_at": "2001-01-01T00:00:00Z",
    "saved_at": "2001-01-01T00:00:00Z",
    "consent_digest": "sha256:forged",
    "continued_from": "00000000-0000-0000-0000-000000000000",
    "revision": "77",
    "document": "{}",
    "report": "{}",
    "score": "99",
    "status": "finished",
    "is_staff": "on",
    "is_superuser": "on",
    "held_attempts": "[]",
}


@pytest.mark.usefixtures("may_store")
def test_fields_that_nobody_asked_for_change_nothing(live: Live):
    taker, finished, key = somebody(live), somebody_finished(live), item_keys()[4]
    before = contents(live)
    answers = answers_of(live, taker.attempt)
    steps = [
        (taker.path("about"), {}),
        (taker.path("save"), {**GOOD, "item": key, "value": choices(key)[0]}),
        (taker.path("1"), section_fields()),
    ]
    for path, fields in steps:
        assert taker.post(path, {**FORGED, **fields}).status in (200, 302)

    assert answers_of(live, taker.attempt) == {
        **answers,
        key: (stored(key, choices(key)[0]), "a-page-of-mine", 3, 1),
    }
    # Nothing was taken away or changed, and that answer is all that was added.
    after = contents(live)
    assert before - after == Counter()
    assert [table for table, *_row in (after - before).elements()] == ["assessments_answer"]

    assert taker.post(taker.path("check"), FORGED).status == 302
    row = live.rows(
        "SELECT owner_id, continued_from_id, consent_digest FROM assessments_attempt"
        " WHERE id = %s",
        [database_id(live, taker.attempt)],
    )
    theirs = live.rows(
        "SELECT owner_id, continued_from_id, consent_digest FROM assessments_attempt"
        " WHERE id = %s",
        [database_id(live, finished.attempt)],
    )
    assert row == theirs
    assert taker.export()["report"]["answered"] == 4


@pytest.mark.usefixtures("may_store")
def test_a_start_takes_no_owner_no_edition_and_no_id(live: Live):
    visitor = Browser(live)
    edition = max(live.rows("SELECT id FROM assessments_edition"))

    reply = visitor.post("/start/", {**FORGED, "length": "full", "consent": "on"})

    attempt = uuid.UUID(reply.location.split("/")[2])
    assert attempt.int != 0
    rows = live.rows(
        "SELECT owner_id, edition_id, finished_at, form FROM assessments_attempt WHERE id = %s",
        [database_id(live, attempt)],
    )
    assert rows == [(None, edition[0], None, "full")]


# --- Addresses, headers and cookies -------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/take/1/",
        f"/take/{FORTY_DIGITS}/",
        "/take/%00/",
        "/take/%ED%A0%80/",
        "/take/%FF%FE/save/",
        "/take/%/",
        "/take/../../etc/passwd",
        "/take/..%2f..%2fetc%2fpasswd",
        "/a/%00/",
        "/a/%ED%A0%80/",
        f"/a/{'x' * 101}/",
        f"/a/{quote('ä' * 40)}/",
        "/a//",
        "/result/%00/report.json",
        "/result/x/report.json",
        "/start/%00",
        "/static/../roleassess/settings.py",
        "/static/%2e%2e/%2e%2e/roleassess/settings.py",
        "/static/%00",
        "/" + "x" * 3000,
        "/" + "%E2%82" * 600,
    ],
)
def test_an_address_that_cannot_be_is_not_found(taker: Taker, path: str):
    assert_says_no(taker.get(path), 404)


@pytest.mark.parametrize(
    "session",
    [
        "x" * 32,
        "x" * 4000,
        '"\\000\\000\\000\\000\\000\\000\\000\\000"',
        "%00" * 12,
        "é" * 12,
        '"',
    ],
)
def test_a_session_that_was_never_given_opens_nothing(live: Live, taker: Taker, session: str):
    stranger = Browser(live)
    stranger.cookies["session"] = session

    assert stranger.get("/start/").status == 200
    assert_says_no(stranger.get(taker.path()), 404)
    assert_says_no(stranger.post(taker.path("save"), GOOD), 404)
    assert_says_no(stranger.post("/start/", {"length": "full"}), 422)


@pytest.mark.one_database
@pytest.mark.parametrize("token", ["", "x", "x" * 32 + NUL, "é" * 32, "x" * 4000, '"\\000"'])
def test_a_csrf_cookie_that_was_never_given_opens_nothing(taker: Taker, token: str):
    taker.cookies[CSRF_COOKIE] = token.replace(NUL, "")
    reply = taker.post(taker.path("delete"), {"csrfmiddlewaretoken": token}, csrf=False)

    assert_says_no(reply, 403)


@pytest.mark.one_database
@pytest.mark.parametrize("host", ["evil.example", "a b", "[::1", "x" * 300])
def test_another_host_is_refused(taker: Taker, host: str):
    reply = taker.request("GET", "/start/", headers={"Host": host})

    assert_says_no(reply, 400)


# --- What the log holds -------------------------------------------------------------------------


@pytest.mark.one_database
@pytest.mark.usefixtures("may_store")
def test_the_log_holds_neither_private_links_nor_answers(live: Live):
    taker = somebody(live)
    page = taker.post(taker.path("later")).text
    [token] = set(re.findall(r"/a/([\w-]{43})", page))
    unknown, canary = secrets.token_urlsafe(32), "canary" + secrets.token_hex(8)
    visitor = Browser(live, ip=another_ip())

    assert visitor.get(f"/a/{token}/").location == taker.path()
    for path in (f"/a/{token}", f"//a/{token}/", f"/a/{token}/x", f"/a/{token}/?x=1"):
        visitor.get(path)
    for method in ("POST", "PUT", "HEAD"):
        visitor.request(method, f"/a/{token}/", b"", {"X-CSRFToken": visitor.csrf})
    visitor.get(f"/a/{unknown}/")
    visitor.request("GET", "/start/", headers={"Referer": f"{live.url}/a/{token}/"})
    visitor.request("GET", f"/a/{token}/", headers={"Host": "evil.example"})
    for field in GOOD:
        taker.post(taker.path("save"), {**GOOD, field: canary})
    send(taker, "/take/{attempt}/save/", FORM_ENCODED, BODIES["3 MB"][1] + canary.encode())
    taker.post(taker.path("save"), {**GOOD, "item": canary}, csrf=False)
    taker.get(f"/result/{taker.attempt}/?role={canary}")

    log = live.log()
    # It is a log, and of these requests.
    assert f"/take/{taker.attempt}/save/" in log
    assert "/a/-" in log
    assert token not in log
    assert unknown not in log
    assert canary not in log
    assert "Internal Server Error" not in log
