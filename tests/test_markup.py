"""What every page sends: valid markup, nothing inline, strict headers, two cookies, no more."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args
from xml.etree.ElementTree import Element

import html5lib
import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.guide.pages import guide_pages
from assessments.instrument.document import Pole
from assessments.people.models import User
from assessments.responses import services
from tests.cast import (
    PASSWORD,
    answer,
    finished_attempt,
    holder_of,
    new_attempt,
    published,
    signed_in,
    some_answers,
    with_password,
    with_second_factor,
)
from tests.desk import Desk, desk

# What is shown of rows is the same on both databases.
pytestmark = pytest.mark.one_database

ROOT = Path(__file__).parent.parent
CSS = (ROOT / "static" / "css" / "site.css").read_text()
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "object-src 'none'"
)
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLES = ("orange", "blue", "purple", "teal")
AA = 4.5


@dataclass
class Cast:
    """Browsers that hold an attempt under way, finished ones, and an admin's rights; a desk."""

    desk: Desk
    holder: Client
    admin: Client
    taken: Any
    done: Any
    again: Any
    short: Any
    unreadable: Any


def cast() -> Cast:
    """Everybody whom a page needs."""
    edition = published()
    taken, unreadable = new_attempt(edition), new_attempt(edition)
    answer(taken, dict(list(some_answers(edition.document).items())[:30]))
    answer(unreadable, dict(list(some_answers(edition.document).items())[:1]))
    services.finish(attempt=unreadable, at=timezone.now())
    done, short = finished_attempt(edition), finished_attempt(edition, "short")
    again = new_attempt(edition)
    other_ratings = {item.key: 2 for item in edition.document.items if item.kind == "rating"}
    answer(again, some_answers(edition.document) | other_ratings)
    services.finish(attempt=again, at=timezone.now())
    admin = with_second_factor(User.objects.create_superuser("admin@example.org"))
    holder = holder_of(taken, done, again, short, unreadable)
    people = desk(timezone.now())
    return Cast(people, holder, signed_in(admin), taken, done, again, short, unreadable)


Fetch = Callable[[Cast], Any]
Pages = dict[str, Any]


def get(name: str, *more: object, of: str = "", query: str = "") -> Fetch:
    """A page that is read, of one of the attempts if it is an attempt's page."""

    def fetch(cast: Cast) -> Any:
        args = [getattr(cast, of).pk, *more] if of else more
        return cast.holder.get(reverse(name, args=args) + query)

    return fetch


def post(name: str, *more: object, of: str = "", **data: object) -> Fetch:
    """A page that answers a post."""

    def fetch(cast: Cast) -> Any:
        args = [getattr(cast, of).pk, *more] if of else more
        return cast.holder.post(reverse(name, args=args), data)

    return fetch


def by(who: str, name: str, of: str = "", query: str = "") -> Fetch:
    """A page that somebody of the desk reads."""
    return lambda cast: cast.desk.browsers[who].get(
        reverse(name, args=cast.desk.args.get(of, [])) + query
    )


def sent_by(who: str, name: str, /, of: str = "", **data: object) -> Fetch:
    """A page that answers a post of somebody of the desk."""
    return lambda cast: cast.desk.browsers[who].post(
        reverse(name, args=cast.desk.args.get(of, [])), data
    )


def invited(*, starts: bool = False) -> Fetch:
    """What an invited person meets."""

    def fetch(cast: Cast) -> Any:
        visitor = Client()
        address = visitor.get(cast.desk.invitation)["Location"]
        return visitor.post(address) if starts else visitor.get(address)

    return fetch


def the_words(cast: Cast) -> Any:
    """What is agreed to, above the page that the coach would see."""
    until = timezone.localdate() + timedelta(days=90)
    data = {"email": "coach@example.org", "scopes": ["answers", "plan"], "until": str(until)}
    return sent_by("priya", "coaching:share", of="result", **data)(cast)


def leaver() -> Client:
    """Somebody who has just shown once more who they are, as who erases an account must have."""
    person = with_password("leaver@example.org")
    browser = Client()
    browser.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return browser


def erased(cast: Cast) -> Any:
    """The receipt."""
    return leaver().post(reverse("privacy:erase"), {"is_meant": "on"}, follow=True)


def two_attempts(one: str, other: str) -> Fetch:
    """The comparison of two attempts."""

    def fetch(cast: Cast) -> Any:
        a, b = getattr(cast, one).pk, getattr(cast, other).pk
        return cast.holder.get(f"{reverse('reports:compare')}?a={a}&b={b}")

    return fetch


def unlocked_post(cast: Cast) -> Any:
    """A post of another site's making."""
    return Client(enforce_csrf_checks=True).post(reverse("responses:start"))


def stale_section(cast: Cast) -> Any:
    """A section that was loaded before another window answered its first question."""
    keys = published().document.form["full"].sections[0].items
    data = {f"revision-{key}": 0 for key in keys}
    chosen = {f"q-{keys[0]}": "1"}
    return post("responses:section", 1, of="taken", client="test-client", seq=9, **data, **chosen)(
        cast
    )


def as_admin(name: str, *more: object) -> Fetch:
    """A page of the admin."""
    return lambda cast: cast.admin.get(reverse(name, args=more))


def bug(cast: Cast) -> Any:
    """The page for a fault of ours."""
    type(cast.taken).objects.filter(pk=cast.taken.pk).update(form="no such form")
    cast.holder.raise_request_exception = False
    return get("responses:section", 1, of="taken")(cast)


PAGES: dict[str, tuple[Fetch, int]] = {
    "start page": (get("guide:landing"), 200),
    "how it works": (get("guide:how-it-works"), 200),
    "privacy": (get("guide:privacy"), 200),
    "accessibility": (get("guide:accessibility"), 200),
    "guide": (get("guide:index"), 200),
    **{f"guide: {slug}": (get("guide:page", slug), 200) for slug in guide_pages()},
    "guide, a dimension": (get("guide:dimension", "platforms"), 200),
    "example": (get("reports:example"), 200),
    "start": (get("responses:start"), 200),
    "start without consent": (post("responses:start"), 422),
    "400": (lambda cast: cast.holder.get("/", headers={"host": "elsewhere.example"}), 400),
    "403, no token": (unlocked_post, 403),
    "404": (lambda cast: cast.holder.get("/no-such-page/"), 404),
}
ATTEMPT_PAGES: dict[str, tuple[Fetch, int]] = {
    "about you": (get("responses:about", of="taken"), 200),
    **{
        f"section {number}": (get("responses:section", number, of="taken"), 200)
        for number in (1, 5, 10)
    },
    "section from the check page": (
        get("responses:section", 1, of="taken", query='?next=check&row="><b'),
        200,
    ),
    "stale section": (stale_section, 409),
    "broken section": (post("responses:section", 1, of="taken"), 400),
    "check": (get("responses:check", of="taken"), 200),
    "later": (get("responses:later", of="taken"), 200),
    "later, with the link": (post("responses:later", of="taken"), 200),
    "delete": (get("responses:delete", of="taken"), 200),
    "finished": (get("responses:section", 1, of="done"), 409),
    "result": (get("reports:result", of="done"), 200),
    "result, other role": (get("reports:result", of="done", query="?role=consumer-core"), 200),
    "short result": (get("reports:result", of="short"), 200),
    "plan": (get("reports:plan", of="done"), 200),
    "plan, unreadable": (get("reports:plan", of="unreadable"), 200),
    "compare": (two_attempts("done", "again"), 200),
    "compare, forms of two lengths": (two_attempts("short", "done"), 200),
    "compare, not comparable": (two_attempts("done", "unreadable"), 200),
    "compare, nothing yet": (lambda cast: Client().get(reverse("reports:compare")), 200),
    "compare, the choice": (get("reports:compare"), 200),
    "compare, one twice": (two_attempts("done", "done"), 422),
    "unreadable result": (get("reports:result", of="unreadable"), 200),
}
# Of whoever is signed in, of coaches, and of those whom they invite.
PERSONAL_PAGES: dict[str, tuple[Fetch, int]] = {
    "my results": (by("priya", "reports:mine"), 200),
    "my results, none": (by("new", "reports:mine"), 200),
    "share": (by("priya", "coaching:share", of="result"), 200),
    "share, faulty": (sent_by("priya", "coaching:share", of="result", email="x"), 422),
    "share, the words": (the_words, 200),
    "share, other words": (
        sent_by(
            "priya",
            "coaching:share",
            of="result",
            email="coach@example.org",
            agreed="x",
            until=str(timezone.localdate() + timedelta(days=9)),
        ),
        409,
    ),
    "sharing": (by("priya", "coaching:sharing"), 200),
    "sharing, ended": (by("hannah", "coaching:sharing"), 200),
    "sharing, nobody": (by("new", "coaching:sharing"), 200),
    "own second view": (by("priya", "coaching:own-second-view", of="view"), 200),
    "invitation": (invited(), 200),
    "invitation without consent": (invited(starts=True), 422),
    "open a desk": (by("new", "coaching:open-desk"), 200),
    "open a desk, faulty": (sent_by("new", "coaching:open-desk"), 422),
    "desk waits": (by("waiting", "coaching:open-desk"), 200),
    "desk": (by("tom", "coaching:desk"), 200),
    "desk, no match": (by("tom", "coaching:desk", query="?q=zzz&status=ended"), 200),
    "desk, nobody": (by("without clients", "coaching:desk"), 200),
    "desk settings": (by("tom", "coaching:settings"), 200),
    "desk settings, faulty": (sent_by("tom", "coaching:settings"), 422),
    "invite": (by("tom", "coaching:invite"), 200),
    "invite, faulty": (sent_by("tom", "coaching:invite", email="x"), 422),
    "invite, the link": (sent_by("tom", "coaching:invite", name="Zoe"), 200),
    **{
        f"client: {name}": (by("tom", "coaching:client", of=name), 200)
        for name in ("priya", "daniel", "short", "hannah", "ravi", "aisha", "lucas")
    },
    "client, edit": (by("tom", "coaching:client-edit", of="priya"), 200),
    "client, edit, faulty": (sent_by("tom", "coaching:client-edit", of="priya"), 422),
    "client, end": (by("tom", "coaching:end", of="priya"), 200),
    "client, take back": (by("tom", "coaching:end", of="ravi"), 200),
    "reminder": (sent_by("tom", "coaching:remind", of="ravi"), 200),
    "note": (by("tom", "coaching:note", of="note"), 200),
    "note, delete": (by("tom", "coaching:note-delete", of="note"), 200),
    "note, faulty": (sent_by("tom", "coaching:note-add", of="priya"), 422),
    "note, too late": (sent_by("tom", "coaching:note-add", of="hannah", text="Typed"), 409),
    "suggestion, faulty": (sent_by("tom", "coaching:assign", of="priya"), 422),
    **{
        f"client's result: {name}": (by("tom", "coaching:client-result", of=name), 200)
        for name in ("priya", "daniel", "short")
    },
    "client's answers": (by("tom", "coaching:client-answers", of="priya"), 200),
    "client's plan": (by("tom", "coaching:client-plan", of="priya"), 200),
    "brief": (by("tom", "coaching:brief", of="priya"), 200),
    "brief, short form": (by("tom", "coaching:brief", of="short"), 200),
    "view first": (by("ida", "coaching:second-view", of="view first"), 200),
    "view first, faulty": (sent_by("ida", "coaching:second-view", of="view first"), 422),
    "both views": (by("tom", "coaching:second-view", of="priya"), 200),
    "view too late": (by("tom", "coaching:second-view", of="daniel"), 200),
    "groups": (by("tom", "coaching:cohorts"), 200),
    "groups, faulty": (sent_by("tom", "coaching:cohorts"), 422),
    "groups, none": (by("without clients", "coaching:cohorts"), 200),
    "group": (by("tom", "coaching:cohort", of="group"), 200),
    "group, under five": (by("tom", "coaching:cohort", of="small group"), 200),
    "group, edit": (by("tom", "coaching:cohort-edit", of="group"), 200),
    "group, edit, faulty": (sent_by("tom", "coaching:cohort-edit", of="group"), 422),
    "group, delete": (by("tom", "coaching:cohort-delete", of="group"), 200),
    "my data": (by("priya", "privacy:my-data"), 200),
    "erase": (lambda cast: leaver().get(reverse("privacy:erase")), 200),
    "erase, not meant": (lambda cast: leaver().post(reverse("privacy:erase")), 422),
    "erased": (erased, 200),
}
# Of one's account, or on the way into it; allauth's, but for the first two.
ACCOUNT_PAGES: dict[str, tuple[Fetch, int]] = {
    "account": (by("tom", "people:account"), 200),
    "name": (by("tom", "people:name"), 200),
    **{
        name: (by("new", name), 200)
        for name in ("account_email", "usersessions_list", "mfa_index", "mfa_list_webauthn",
                     "account_logout")
    },
    **{
        name: (by("visitor", name), 200)
        for name in ("account_login", "account_signup", "account_signup_by_passkey",
                     "account_request_login_code", "account_reset_password",
                     "account_reset_password_done", "account_reset_password_from_key_done",
                     "account_inactive")
    },
    "sign in, faulty": (sent_by("visitor", "account_login"), 422),
    "sign up, faulty": (sent_by("visitor", "account_signup", email="x"), 422),
    "sign in, the code": (
        lambda cast: Client().post(
            reverse("account_login"), {"login": "new@example.org"}, follow=True
        ),
        200,
    ),
}  # fmt: skip
# Of Django's making, or without what the others have.
OTHERS: dict[str, tuple[Fetch, int]] = {
    "admin": (as_admin("admin:index"), 200),
    "admin, sign-in": (get("admin:login"), 302),
    "admin, editions": (as_admin("admin:assessments_edition_changelist"), 200),
    "admin, coverage": (as_admin("admin:assessments_edition_coverage"), 200),
    "403": (as_admin("admin:assessments_edition_add"), 403),
    "500": (bug, 500),
    "readiness": (get("readyz"), 200),
    "autosave": (post("responses:save", of="taken"), 400),
    "the result's file": (get("reports:report-json", of="done"), 200),
    "redirect": (get("responses:resume", of="taken"), 302),
}
WITH_MARKUP = PAGES | ATTEMPT_PAGES | PERSONAL_PAGES | ACCOUNT_PAGES
OURS = WITH_MARKUP | {"403": OTHERS["403"], "500": OTHERS["500"]}
EVERYTHING = WITH_MARKUP | OTHERS


@pytest.fixture(scope="module")
def served(django_db_setup: None, django_db_blocker: Any) -> Pages:
    """Every page as served to one cast, each as if it were the first; fetched once for all."""
    answers = {}
    with django_db_blocker.unblock(), rolled_back():
        people = cast()
        for name, (fetch, _status) in EVERYTHING.items():
            with rolled_back():
                answers[name] = fetch(people)
    return answers


@pytest.fixture
def pages(db: None, served: Pages) -> Pages:
    """The same, for tests that must say that they need the database."""
    return served


@contextmanager
def rolled_back() -> Iterator[None]:
    """What happens inside leaves no trace."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@cache
def parsed(html: bytes) -> Element:
    """The page, read as strictly as the standard allows."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    page: Element = parser.parse(html.decode())
    return page


def of_each(names: Iterable[str]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """One test of all these pages, which tells of each that fails.

    Not a test for each page: every process that had one of them would fetch all pages anew.
    """

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        def of_all(pages: Pages) -> None:
            faults = {}
            for name in names:
                try:
                    test(pages, name)
                except AssertionError as error:
                    faults[name] = str(error) or "no words"
            assert faults == {}

        of_all.__name__ = test.__name__
        return of_all

    return decorate


@of_each(EVERYTHING)
def test_every_page_has_its_status(pages: Pages, name: str) -> None:
    assert pages[name].status_code == EVERYTHING[name][1]


@of_each(OURS)
def test_every_page_is_valid_and_holds_nothing_inline(pages: Pages, name: str) -> None:
    page = parsed(pages[name].content)
    inline = [
        f"{one.tag} {attribute}"
        for one in page.iter()
        for attribute in one.attrib
        if attribute == "style" or str(attribute).startswith("on")
    ]
    # What a passkey asks for stands in the page as data, which no browser runs.
    scripts = [
        one.attrib
        for one in page.iter("script")
        if one.get("type") != "application/json" and (not one.get("src") or one.text)
    ]
    assert (inline, scripts, list(page.iter("style"))) == ([], [], [])


@of_each(OURS)
def test_every_reference_inside_a_page_has_its_target_and_no_name_is_given_twice(
    pages: Pages, name: str
) -> None:
    page = parsed(pages[name].content)
    ids = [one.attrib["id"] for one in page.iter() if "id" in one.attrib]
    assert len(ids) == len(set(ids))
    meant = {
        target
        for one in page.iter()
        for attribute in ("aria-describedby", "aria-labelledby", "for", "data-copy", "data-says")
        for target in one.get(attribute, "").split()
    }
    meant |= {one.get("href", "")[1:] for one in page.iter("a") if one.get("href", "")[:1] == "#"}
    assert meant - set(ids) == set()


@of_each(OURS)
def test_every_page_has_a_title_a_language_and_headings_in_order(pages: Pages, name: str) -> None:
    page = parsed(pages[name].content)
    assert page.get("lang") == settings.LANGUAGE_CODE
    title = " ".join(page.findtext("head/title", "").split())
    assert re.fullmatch(r"\S.* – RoleAssess", title)
    is_refusal = pages[name].status_code in {400, 409, 422} and name not in {"400", "finished"}
    assert title.startswith("Error: ") == is_refusal
    levels = [int(one.tag[1]) for one in page.iter() if re.fullmatch(r"h[1-6]", str(one.tag))]
    assert levels.count(1) == 1
    # The summary of what is wrong stands above the page's own heading.
    levels = levels[1:] if levels[0] == 2 else levels
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def cache_control(headers: Mapping[str, str]) -> dict[str, str]:
    """Where Django says more than we do, it must say that too."""
    said = headers.get("Cache-Control", "")
    return {"Cache-Control": said} if "no-store" in said.split(", ") else {}


@of_each(EVERYTHING)
def test_every_answer_has_the_strict_headers(pages: Pages, name: str) -> None:
    headers = pages[name].headers
    assert {key: headers.get(key) for key in HEADERS} == HEADERS | cache_control(headers)
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy == dict(part.split(" ", 1) for part in POLICY.split("; "))


@of_each(EVERYTHING)
def test_robots_are_sent_away_from_what_is_somebodys_only(pages: Pages, name: str) -> None:
    told = pages[name].headers.get("X-Robots-Tag")
    of_a_person = {*ATTEMPT_PAGES, *PERSONAL_PAGES, "autosave", "the result's file", "redirect"}
    if name != "500":
        assert told == ("noindex" if name in of_a_person else None)


@of_each(WITH_MARKUP)
def test_there_are_two_cookies_out_of_reach_of_scripts(pages: Pages, name: str) -> None:
    for cookie, morsel in pages[name].cookies.items():
        assert cookie in {"session", "csrf"}
        if not morsel.value:
            # Signing out takes it away.
            continue
        assert (morsel["httponly"], morsel["samesite"], morsel["path"], morsel["domain"]) == (
            True,
            "Lax",
            "/",
            "",
        )


def test_starting_gives_exactly_the_session_and_csrf_cookies(db: None) -> None:
    client = Client()
    client.get(reverse("responses:start"))
    client.post(reverse("responses:start"), {"length": "full", "consent": "on"})
    assert set(client.cookies) == {"session", "csrf"}


def test_a_visit_to_the_start_page_leaves_no_cookie(db: None) -> None:
    assert not Client().get(reverse("guide:landing")).cookies


def test_over_https_cookies_are_bound_to_the_host_and_never_sent_in_the_open() -> None:
    code = (
        "import json, django.conf; s = django.conf.settings;"
        "print(json.dumps([s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE,"
        " s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.SECURE_SSL_REDIRECT,"
        " s.SECURE_HSTS_SECONDS]))"
    )
    needed = {"EMAIL_URL": "smtp://mail.example.org", "ERASURES_FILE": "/nowhere/erasures"}
    environment = {**os.environ, **needed, "SITE_URL": "https://example.org"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    year = 365 * 24 * 3600
    assert json.loads(done.stdout) == [
        "__Host-session", "__Host-csrf", True, True, True, True, year,
    ]  # fmt: skip


# --- Colours ------------------------------------------------------------------------------------


def declared(block: str) -> dict[str, str]:
    """The custom properties that a block of CSS sets."""
    return dict(re.findall(r"(--[\w-]+|color-scheme):\s*([^;]+);", block))


def dark_blocks() -> list[str]:
    """What follows the two selectors for the dark theme."""
    system = re.search(r':root:not\(\[data-bs-theme="light"\]\) \{(.*?)\n  \}', CSS, re.DOTALL)
    forced = re.search(r'\n  :root\[data-bs-theme="dark"\] \{(.*?)\n  \}', CSS, re.DOTALL)
    assert system
    assert forced
    return [system[1], forced[1]]


def themes() -> Iterator[dict[str, str]]:
    """The tokens of the light theme, and those of the dark one."""
    first = re.search(r":root \{(.*?)\n\}", CSS, re.DOTALL)
    assert first
    light = declared(first[1])
    yield light
    yield light | declared(dark_blocks()[0])


def test_both_ways_into_the_dark_give_the_same_colours() -> None:
    system, forced = (declared(block) for block in dark_blocks())
    assert system == forced
    light = next(themes())
    colours = {name for name, value in light.items() if value.startswith("#")}
    # What needs no other value in the dark would be a colour forgotten.
    assert colours == {name for name, value in system.items() if value.startswith("#")}


def test_raw_colours_stand_only_among_the_tokens() -> None:
    rest = CSS
    for block in [re.search(r":root \{(.*?)\n\}", CSS, re.DOTALL)[1], *dark_blocks()]:  # type: ignore[index]
        rest = rest.replace(block, "")
    rest = re.sub(r"/\*.*?\*/", "", rest, flags=re.DOTALL)
    values = re.findall(r":\s*([^;{}]+)[;}]", rest)
    raw = [
        v for v in values if re.search(r"#[0-9a-f]{3,8}\b|\b(rgb|hsl|oklch|color)a?\(", v, re.I)
    ]
    named = [v for v in values if re.search(r"\b(white|black|red|green|blue|grey|gray)\b", v)]
    assert raw == []
    assert [value for value in named if not value.startswith("var(")] == []


def brightness(colour: str) -> float:
    """Relative luminance by WCAG 2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio by WCAG 2."""
    low, high = sorted((brightness(one), brightness(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_every_pole_colour_can_be_read_as_text(theme: int) -> None:
    tokens = list(themes())[theme]
    pairs = [(f"--{pole}", ground) for pole in POLES for ground in ("--surface", "--bg")]
    pairs += [("--ink", f"--{pole}-{step}") for pole in POLES for step in ("mid", "soft")]
    pairs += [("--on-pole", f"--{pole}") for pole in POLES]
    weak = {
        pair: round(ratio, 2)
        for pair in pairs
        if (ratio := contrast(tokens[pair[0]], tokens[pair[1]])) < AA
    }
    assert weak == {}


def test_every_colour_a_questionnaire_may_choose_is_known_to_the_stylesheet() -> None:
    offered = get_args(Pole.model_fields["colour"].annotation)
    assert set(offered) == set(POLES)
    for pole in ("a", "b"):
        for colour in offered:
            assert f'[data-{pole}="{colour}"] {{ --{pole}: var(--{colour});' in CSS
