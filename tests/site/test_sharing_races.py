"""Sharing on the live site, many at once: what is read is written down, what ends has ended."""

from __future__ import annotations

import contextlib
import re
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import cycle, islice
from typing import Any
from uuid import UUID

import psycopg
import pytest

from assessments.reports.pdf import pdf_available
from tests.live import Live
from tests.site.client import Browser, Fields, Reply, Taker, at_once, database_id, item_keys
from tests.site.coaching import (
    GROUP_LOOKS,
    LOOKS,
    SHARING_DAYS,
    Cast,
    cast,
    holds_result,
    sign_in,
    signed_in,
)

AT_ONCE = 20
GROUP = 5
ROUNDS = 3
# A look at the group is a look at everybody in it.
WEIGHT = dict.fromkeys(LOOKS, 1) | dict.fromkeys(GROUP_LOOKS, GROUP)


@pytest.fixture
def two_desks(live: Live) -> Cast:
    """Two coaches with whom the same five people share everything."""
    return cast(live, coaches=2, people=GROUP)


# --- The access log -----------------------------------------------------------------------------


@pytest.mark.soak
def test_every_page_with_a_result_is_one_line_of_the_log_under_twenty_readers(
    live: Live, two_desks: Cast
):
    browsers = signed_in(live, *(desk.email for desk in two_desks.desks))
    pages = [look for look in LOOKS if look != "pdf"] * ROUNDS
    # Laying one out takes seconds.
    pages += ["pdf"] * pdf_available()
    reads = []
    for desk, browser in zip(two_desks.desks, browsers, strict=True):
        for number, look in zip(cycle(range(GROUP)), pages, strict=False):
            reads.append((look, browser, desk.page(number, look)))
        reads += [(look, browser, desk.group(look)) for look in [*GROUP_LOOKS] * ROUNDS]
    before = looks(live)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        replies = list(pool.map(lambda read: (read[0], read[1].get(read[2])), reads))

    assert Counter(reply.status for _look, reply in replies if reply.status >= 500) == {}
    served = Counter[str]()
    for look, reply in replies:
        if reply.status == 200:
            assert holds_result(reply.body), look
            served[look] += WEIGHT[look]
    assert set(served) == {*LOOKS, *GROUP_LOOKS} - ({"pdf"} if not pdf_available() else set())
    assert looks(live) - before == served


def test_what_cannot_be_written_down_is_not_served(live: Live, two_desks: Cast):
    [desk, _other] = two_desks.desks
    [browser] = signed_in(live, desk.email)
    pages = [desk.page(0, look) for look in LOOKS] + [desk.group(look) for look in GROUP_LOOKS]
    before = looks(live)

    with a_log_that_takes_no_line(live):
        replies = {page: browser.get(page) for page in pages}

    assert {page: reply.status for page, reply in replies.items() if reply.status < 500} == {}
    assert [page for page, reply in replies.items() if holds_result(reply.body)] == []
    assert looks(live) == before


@contextlib.contextmanager
def a_log_that_takes_no_line(live: Live) -> Iterator[None]:
    """The database refuses every new line of the access log."""
    run_sql(
        live,
        sqlite="CREATE TRIGGER no_line BEFORE INSERT ON assessments_accessevent"
        " BEGIN SELECT RAISE(ABORT, 'no line'); END",
        postgresql="ALTER TABLE assessments_accessevent ADD CONSTRAINT no_line"
        " CHECK (false) NOT VALID",
    )
    try:
        yield
    finally:
        run_sql(
            live,
            sqlite="DROP TRIGGER no_line",
            postgresql="ALTER TABLE assessments_accessevent DROP CONSTRAINT no_line",
        )


def run_sql(live: Live, *, sqlite: str, postgresql: str) -> None:
    if live.database_url.startswith("sqlite"):
        file = live.database_url.removeprefix("sqlite:///")
        with contextlib.closing(sqlite3.connect(file, timeout=10)) as lite:
            lite.execute(sqlite)
            lite.commit()
        return
    with psycopg.connect(live.database_url, autocommit=True) as server:
        server.execute(postgresql.encode())


def looks(live: Live) -> Counter[str]:
    """The lines of the access log, by look."""
    rows = live.rows("SELECT look, count(*) FROM assessments_accessevent GROUP BY look")
    return Counter({str(look): int(number) for look, number in rows})


# --- Claiming -----------------------------------------------------------------------------------


def test_of_two_accounts_that_claim_one_attempt_at_once_one_has_it(live: Live):
    people = cast(live, coaches=0, people=2).people
    for _again in range(ROUNDS):
        taker = Taker(live)
        taker.answer(item_keys()[:2])
        link = taker.post(taker.path("later")).text.split("/a/")[1][:43]
        browsers = [Browser(live), Browser(live)]
        for browser, email in zip(browsers, people, strict=True):
            assert browser.get(f"/a/{link}/").status == 302
            sign_in(browser, email)

        posts = [partial(browser.post, taker.path("keep")) for browser in browsers]
        replies = at_once(islice(cycle(posts), AT_ONCE))

        by_browser = [Counter(reply.status for reply in replies[one::2]) for one in (0, 1)]
        won = [place for place in (0, 1) if by_browser[place][302]]
        assert len(won) == 1, by_browser
        # Whoever won is told so, or that somebody was faster: another window of their own.
        assert set(by_browser[won[0]]) <= {302, 404}
        assert by_browser[1 - won[0]] == {404: AT_ONCE // 2}
        assert owner_of(live, taker.attempt) == people[won[0]]
        assert links_of(live, taker.attempt) == 0
        assert Browser(live).get(f"/a/{link}/").status == 404
        assert [browser.get(taker.path("1")).status for browser in browsers] == [
            200 if place == won[0] else 404 for place in (0, 1)
        ]
        # Room for the next one: an account has only so many under way.
        browsers[won[0]].post(taker.path("delete"))


def owner_of(live: Live, attempt: UUID) -> str:
    rows = live.rows(
        "SELECT u.email FROM assessments_attempt a JOIN assessments_user u ON u.id = a.owner_id"
        " WHERE a.id = %s",
        [database_id(live, attempt)],
    )
    return str(rows[0][0]) if rows else ""


def links_of(live: Live, attempt: UUID) -> int:
    query = "SELECT count(*) FROM assessments_privatelink WHERE attempt_id = %s"
    return int(live.rows(query, [database_id(live, attempt)])[0][0])


# --- Withdrawing --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Post:
    """What a coach sends about a client, and whether it may still be done after the end."""

    path: str
    fields: Fields
    after: tuple[int, ...] = (404,)


REFUSED = (409,)
# The desk's own entry of somebody stays the coach's; it tells nothing of a result.
OWN = (302,)
POSTS = {
    "note-add": Post("notes/", {"text": "Typed in between."}, REFUSED),
    "note": Post("notes/{note}/", {"text": "Typed in between.", "is_shared": "on"}, REFUSED),
    "note-delete": Post("notes/{note}/delete/", {}, OWN),
    "assign": Post("suggestions/", {"what": "retake:"}, REFUSED),
    "assignment-withdraw": Post("suggestions/{suggestion}/withdraw/", {}, REFUSED),
    "second-view": Post("second-view/", {"metrics-preference": "1"}),
    "second-view, straight": Post("second-view/", {"go": "straight"}),
    "second-view-share": Post("second-view/share/", {}),
    "client-edit": Post("edit/", {"name": "Somebody else"}, OWN),
    "remind": Post("remind/", {}, REFUSED),
    "end": Post("end/", {}, OWN),
}


@pytest.mark.soak
def test_what_a_coach_posts_after_the_withdrawal_is_refused_and_shows_nothing(live: Live):
    world = cast(live, coaches=1, people=len(POSTS))
    [desk] = world.desks
    [coach] = signed_in(live, desk.email)
    owners = signed_in(live, *world.people)
    mails = len(mails_to(live, desk.email))
    kept = rows_resting_on_consent(live)
    answered, shown = {}, []
    for (name, post), client, owner in zip(POSTS.items(), desk.clients, owners, strict=True):
        page = f"/coach/clients/{client['client']}/"
        assert holds_result(coach.get(page).body)
        assert owner.post(f"/sharing/{client['consent']}/end/").status == 302
        reply = coach.post(page + post.path.format(**client), post.fields)
        answered[name] = reply.status
        shown += [name for read in (reply, coach.get(page)) if holds_result(read.body)]
        shown += [
            f"{name}, then {look}"
            for look in LOOKS
            if look not in {"client", "pdf"} and coach.get(page + LOOKS[look]).status != 404
        ]

    assert {
        name: status for name, status in answered.items() if status not in POSTS[name].after
    } == {}
    assert shown == []
    # Only the note that was deleted has gone; own notes stay their time.
    assert rows_resting_on_consent(live) == {**kept, "note": kept["note"] - 1}
    assert [
        coach.get(desk.group(look))
        for look in GROUP_LOOKS
        if holds_result(coach.get(desk.group(look)).body)
    ] == []
    live.manage("send_reminders")
    assert len(mails_to(live, desk.email)) == mails


def rows_resting_on_consent(live: Live) -> dict[str, Any]:
    """What a coach can write only while somebody shares: how much of it, and its last change."""
    found = {}
    for table, also in (
        ("note", "count(CASE WHEN text = 'Typed in between.' THEN 1 END)"),
        ("assignment", "count(withdrawn_at)"),
        ("secondview", "count(shared_at)"),
    ):
        query = f"SELECT count(*), {also} FROM assessments_{table}"  # noqa: S608 - our own tables
        [(number, changed)] = live.rows(query)
        found[table], found[f"{table} changed"] = number, changed
    return found


def mails_to(live: Live, address: str) -> list[str]:
    """The messages that went to somebody, newest last."""
    files = sorted(live.mail.glob("*")) if live.mail.exists() else []
    return [text for text in (file.read_text() for file in files) if f"To: {address}" in text]


@pytest.mark.soak
def test_after_a_withdrawal_twenty_readers_get_nothing_more(live: Live):
    world = cast(live, coaches=1, people=GROUP)
    [desk] = world.desks
    [coach] = signed_in(live, desk.email)
    [owner] = signed_in(live, world.people[0])
    pages = [desk.page(0, look) for look in LOOKS if look != "pdf"]
    pages += [desk.group(look) for look in GROUP_LOOKS]
    stop, seen = threading.Event(), list[tuple[float, str, Reply]]()

    def read(number: int) -> None:
        """Page after page, until told to stop; once more after that."""
        for page in islice(cycle(pages), number, None):
            is_last, began = stop.is_set(), time.monotonic()
            seen.append((began, page, coach.get(page)))
            if is_last:
                return

    with ThreadPoolExecutor(AT_ONCE) as pool:
        reading = [pool.submit(read, number) for number in range(AT_ONCE)]
        while len(seen) < AT_ONCE * 2:
            time.sleep(0.05)
        assert owner.post(f"/sharing/{desk.clients[0]['consent']}/end/").status == 302
        ended = time.monotonic()
        time.sleep(1)
        stop.set()
        for done in reading:
            done.result()
        seen += [(time.monotonic(), page, coach.get(page)) for page in pages]
        seen.append((time.monotonic(), "pdf", coach.get(desk.page(0, "pdf"))))

    assert any(holds_result(reply.body) for began, _page, reply in seen if began < ended)
    later = [(page, reply) for began, page, reply in seen if began >= ended]
    assert len(later) > AT_ONCE
    assert [page for page, reply in later if holds_result(reply.body)] == []
    assert Counter(reply.status for _began, _page, reply in seen if reply.status >= 500) == {}


# --- Sharing at once ----------------------------------------------------------------------------


def agreement(browser: Browser, attempt: UUID, coach: str) -> dict[str, Any]:
    """What a person sends to say yes: their choices with the digest of the words they read."""
    until = datetime.now(tz=UTC).date() + timedelta(days=SHARING_DAYS)
    chosen = {
        "email": coach,
        "scopes": "answers",
        "until": until.isoformat(),
        "until_0": until.day,
        "until_1": until.month,
        "until_2": until.year,
    }
    page = browser.post(f"/share/{attempt}/", chosen)
    assert page.status == 200, page.text
    found = re.search(r'name="agreed" value="([^"]+)"', page.text)
    assert found is not None, page.text
    return {**chosen, "agreed": found[1]}


def ledger(live: Live, email: str) -> dict[Any, Counter[str]]:
    """A person's part of the ledger: for each consent its lines by deed."""
    rows = live.rows(
        "SELECT e.consent_ref, e.deed FROM assessments_consentevent e"
        " JOIN assessments_user u ON u.ledger_ref = e.client_ref WHERE u.email = %s",
        [email],
    )
    found: dict[Any, Counter[str]] = {}
    for consent, deed in rows:
        found.setdefault(consent, Counter())[deed] += 1
    return found


def assert_adds_up(live: Live, person: str, replies: Sequence[Reply]) -> None:
    """One open consent, one row on the desk; each consent was given once and ended once."""
    assert Counter(reply.status for reply in replies) == {302: len(replies)}
    open_ones = live.rows(
        "SELECT c.id FROM assessments_consent c JOIN assessments_user u ON u.id = c.client_id"
        " WHERE u.email = %s AND c.ended_at IS NULL",
        [person],
    )
    assert len(open_ones) == 1
    lines = ledger(live, person)
    assert len(lines) == len(replies)
    assert {consent: deeds for consent, deeds in lines.items() if deeds["given"] != 1} == {}
    still_open = [consent for consent, deeds in lines.items() if deeds.total() == 1]
    assert still_open == [open_ones[0][0]]
    assert all(deeds.total() <= 2 for deeds in lines.values())


def test_of_twenty_consents_given_at_once_one_is_open(live: Live):
    world = cast(live, coaches=1, people=1, shares=False)
    [coach], [person], [attempt] = [world.desks[0].email], world.people, world.attempts
    [browser] = signed_in(live, person)
    sent = agreement(browser, attempt, coach)

    replies = at_once([partial(browser.post, f"/share/{attempt}/", sent)] * AT_ONCE)

    assert_adds_up(live, person, replies)
    assert desk_rows(live, coach) == [person]


@pytest.mark.soak
def test_invited_often_and_sharing_at_once_a_person_is_once_on_the_desk(live: Live):
    world = cast(live, coaches=1, people=1, shares=False)
    coach, person, attempt = world.desks[0].email, world.people[0], world.attempts[0]
    [at_desk] = signed_in(live, coach)
    browsers = [Browser(live) for _each in range(4)]
    for number, browser in enumerate(browsers):
        page = at_desk.post("/coach/invite/", {"name": f"Invited {number}"})
        token = re.search(r"/invitation/([\w-]{43})/", page.text)
        assert token is not None, page.text
        assert browser.get(f"/invitation/{token[1]}/").status == 302
        sign_in(browser, person)
    sent = agreement(browsers[0], attempt, coach)

    posts = [partial(browser.post, f"/share/{attempt}/", sent) for browser in browsers]
    replies = at_once(islice(cycle(posts), AT_ONCE))

    assert_adds_up(live, person, replies)
    assert desk_rows(live, coach) == [person]


@pytest.mark.soak
def test_sharing_and_withdrawing_at_once_leaves_a_ledger_that_adds_up(live: Live):
    world = cast(live, coaches=1, people=1)
    [desk], [person], [attempt] = world.desks, world.people, world.attempts
    browser, again, coach = signed_in(live, person, person, desk.email)
    sent = agreement(browser, attempt, desk.email)
    client = desk.clients[0]

    posts = [
        partial(browser.post, f"/share/{attempt}/", sent),
        partial(again.post, f"/sharing/{client['consent']}/end/"),
        partial(browser.post, f"/share/{attempt}/", sent),
        partial(coach.post, f"/coach/clients/{client['client']}/end/"),
    ]
    replies = at_once(islice(cycle(posts), AT_ONCE))

    assert_adds_up_after(live, person, replies)
    assert desk_rows(live, desk.email) == [person]


def assert_adds_up_after(live: Live, person: str, replies: Sequence[Reply]) -> None:
    """Whatever came first: none failed, and no consent has two ends."""
    assert Counter(reply.status for reply in replies) == {302: len(replies)}
    lines = ledger(live, person)
    assert len(lines) == 1 + len(replies) // 2
    still_open = sum(deeds.total() == 1 for deeds in lines.values())
    assert still_open <= 1
    assert sum(deeds.total() for deeds in lines.values()) == 2 * len(lines) - still_open


def desk_rows(live: Live, coach: str) -> list[str]:
    """The e-mail addresses of the people on a desk; "" for whoever is not known yet."""
    rows = live.rows(
        "SELECT p.email FROM assessments_client c JOIN assessments_user u ON u.id = c.coach_id"
        " LEFT JOIN assessments_user p ON p.id = c.person_id WHERE u.email = %s",
        [coach],
    )
    return [str(row[0] or "") for row in rows]
