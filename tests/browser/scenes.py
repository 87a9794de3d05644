"""Every page of the site, each in the states that look different."""

from __future__ import annotations

import contextlib
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.template import loader
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from assessments.guide.pages import guide_pages
from tests.browser.steps import (
    confirm_again,
    new_account,
    newest_code,
    newest_mail,
    question,
    radio,
    sections,
    signed_in,
    sit_down,
)
from tests.live import Live
from tests.site.client import Browser, Taker, new_client

# Where each of the invented people stopped.
UNDER_WAY = "in the middle of it"
SHORT = "short form"
WAITING = "assessments/coaching/waiting.html"
ADMIN, COACH, CLIENT = "admin@example.org", "tom@example.org", "priya@example.org"
SHARES_ALL, SHARES_LITTLE, NOT_LOOKED_AT = "Priya Raman", "Daniel Okafor", "Mei Zhao"
UNREADABLE, SHARES_SHORT, ENDED = "Olga Petrenko", "Kofi Mensah", "Hannah Cohen"
INVITED, OPENED, BEGUN, FINISHED = "Ravi Menon", "Jonas Weber", "Lucas Ferreira", "Yusuf Demir"


@dataclass(frozen=True, slots=True)
class World:
    """One browser that holds an attempt of its own and those of all the invented people."""

    site: Live
    taker: Taker
    people: dict[str, UUID]
    passwords: dict[str, str]
    # Signed in: the invented coach, and the client who shares everything with the coach.
    coach: Browser
    client: Browser
    # The entries of the coach's desk, by the client's name.
    clients: dict[str, UUID]
    # Filled by the first scene that needs an account, a new desk, or somebody who leaves.
    member: list[Browser] = field(default_factory=list)
    novice: list[Browser] = field(default_factory=list)
    leaver: list[Browser] = field(default_factory=list)

    def at(self, path: str) -> str:
        """The full address of a path."""
        return self.site.url + path

    def take(self, page: str) -> str:
        """A page of taking, of the attempt under way."""
        return self.at(f"/take/{self.people[UNDER_WAY]}/{page}/")

    def own(self, page: str) -> str:
        """A page of taking, of the attempt that has no answer to begin with."""
        return self.at(f"/take/{self.taker.attempt}/{page}/")

    def result(self, name: str) -> str:
        """The result of one of the people."""
        return self.at(f"/result/{self.people[name]}/")


def world_of(
    context: BrowserContext, site: Live, people: dict[str, str], passwords: dict[str, str]
) -> World:
    """Let the context hold everybody's attempts; coach and client sit at browsers of their own."""
    taker = Taker(site)
    attempts = {
        name: UUID(taker.get(path).location.split("/")[2]) for name, path in people.items()
    }
    sit_down(context, site, taker)
    coach, client = (signed_in(site, email, passwords[email]) for email in (COACH, CLIENT))
    # The client's browser holds somebody's result without an account, and one is under way.
    client.get(people["mixed"])
    client.post("/start/", {"length": "full", "consent": "on"})
    rows = site.rows("SELECT name, id FROM assessments_client ORDER BY touched_at")
    clients = {name: UUID(pk) for name, pk in rows}
    return World(site, taker, attempts, passwords, coach, client, clients)


@dataclass(frozen=True, slots=True)
class Scene:
    """A page in one state: how to get there, and the status it is served with.

    `alike`: but for the first few of a kind, it is made of what an earlier scene shows in full.
    """

    name: str
    show: Callable[[Page, World], None]
    status: int = 200
    alike: bool = False


def scenes(people: dict[str, UUID]) -> list[Scene]:
    """Every page, in an order that leaves the browser's rights as they are until the end."""
    finished = [name for name in people if name != UNDER_WAY]
    results = [
        Scene(f"result: {name}", _result(name), alike=place > 0)
        for place, name in enumerate(finished)
    ]
    return [*PAGES, *results, *PLANS, *COMPARISONS, *ACCOUNTS, *OWN, *DESK, *NEW_DESK, *LAST]


def _goes_to(path: str) -> Callable[[Page, World], None]:
    return lambda page, world: _open(page, world.at(path))


def _takes(place: str) -> Callable[[Page, World], None]:
    return lambda page, world: _open(page, world.take(place))


def _result(name: str) -> Callable[[Page, World], None]:
    return lambda page, world: _open(page, world.result(name))


def _plan(name: str, rest: str = "") -> Callable[[Page, World], None]:
    return lambda page, world: _open(page, world.at(f"/plan/{world.people[name]}/{rest}"))


def _plan_with_a_date(page: Page, world: World) -> None:
    """Once given, the date stands in the field again."""
    _plan("mixed")(page, world)
    day = str(timezone.localdate() + timedelta(days=20))
    page.get_by_text("Change the role, the hours or the weeks").click()
    page.get_by_label("Or the date of an interview").fill(day)
    _press(page, "Plan again")
    assert page.get_by_label("Or the date of an interview").input_value() == day


def _compares(one: str, other: str) -> Callable[[Page, World], None]:
    return lambda page, world: _open(
        page, world.at(f"/compare/?a={world.people[one]}&b={world.people[other]}")
    )


def _open(page: Page, address: str) -> None:
    page.goto(address, wait_until="load")


def _press(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()


def _start_without_consent(page: Page, world: World) -> None:
    _open(page, world.at("/start/"))
    _press(page, "Start")


def _conflict_while_answering(page: Page, world: World) -> None:
    key = sections()[0][0]
    _open(page, world.own("1"))
    world.taker.save(key, "1", client=new_client(), seq=1)
    radio(page, key, "5").check()
    expect(question(page, key).locator(".notice")).to_be_visible()


def _conflict_on_a_posted_page(page: Page, world: World) -> None:
    key = sections()[1][0]
    _open(page, world.own("2"))
    world.taker.save(key, "1", client=new_client(), seq=1)
    _post_past_the_script(page, key, "5")


def _answer_that_does_not_exist(page: Page, world: World) -> None:
    key = sections()[2][0]
    _open(page, world.own("3"))
    radio(page, key, "5").evaluate("(one) => one.value = '9'")
    _post_past_the_script(page, key, "9")


def _post_past_the_script(page: Page, key: str, value: str) -> None:
    with page.expect_navigation():
        radio(page, key, value).evaluate("(one) => { one.checked = true; one.form.submit(); }")


def _not_saved(page: Page, world: World) -> None:
    _open(page, world.own("4"))
    page.route("**/save/", lambda route: route.abort())
    page.evaluate("() => Object.defineProperty(navigator, 'onLine', {get: () => false})")
    radio(page, sections()[3][0], "5").check()
    expect(page.locator(".take-bar [data-saved]")).to_have_text("Not saved: you are offline")


def _finished_meanwhile(page: Page, world: World) -> None:
    page.unroute("**/save/")
    other = Taker(world.site)
    sit_down(page.context, world.site, other)
    _open(page, world.at(other.path("1")))
    other.answer(sections()[1])
    other.finish()
    radio(page, sections()[0][0], "5").check()
    expect(page.locator("[data-banner]")).to_be_visible()
    sit_down(page.context, world.site, world.taker)


def _finish_without_answers(page: Page, world: World) -> None:
    other = Taker(world.site)
    sit_down(page.context, world.site, other)
    _open(page, world.at(other.path("check")))
    _press(page, "Finish and see my result")
    sit_down(page.context, world.site, world.taker)


def _private_link(page: Page, world: World) -> None:
    _open(page, world.take("later"))
    _press(page, "Make a private link")


def _finished(page: Page, world: World) -> None:
    _open(page, world.at(f"/take/{world.people[SHORT]}/1/"))


def _deleted(page: Page, world: World) -> None:
    other = Taker(world.site)
    sit_down(page.context, world.site, other)
    _open(page, world.at(other.path("delete")))
    _press(page, "Delete everything")
    sit_down(page.context, world.site, world.taker)


def _unknown_host(page: Page, world: World) -> None:
    _open(page, world.site.url.replace("127.0.0.1", "localhost") + "/")


def _form_without_token(page: Page, world: World) -> None:
    _open(page, world.at("/start/"))
    page.locator("[name=csrfmiddlewaretoken]").evaluate("(one) => one.remove()")
    _press(page, "Start")


def _bug(page: Page, world: World) -> None:
    other = Taker(world.site)
    sit_down(page.context, world.site, other)
    with database(world.site) as lite:
        lite.execute(
            "UPDATE assessments_attempt SET form = 'no such form' WHERE id = ?",
            [other.attempt.hex],
        )
    _open(page, world.at(other.path("1")))
    sit_down(page.context, world.site, world.taker)


def _no_database(page: Page, world: World) -> None:
    with database(world.site) as lite:
        lite.execute("ALTER TABLE django_session RENAME TO out_of_reach")
    try:
        _open(page, world.take("1"))
    finally:
        with database(world.site) as lite:
            lite.execute("ALTER TABLE out_of_reach RENAME TO django_session")


def _rendered(template: str, status: int, path: str = "") -> Callable[[Page, World], None]:
    """For what only a race, a flood of requests or another setting brings about."""

    def show(page: Page, world: World) -> None:
        address = world.at(path or f"/{template}")
        context = {"site_name": settings.SITE_NAME, "request": None, "message": "It is too late."}
        body = loader.render_to_string(template, context)
        page.route(
            address,
            lambda route: route.fulfill(status=status, body=body, content_type="text/html"),
        )
        _open(page, address)
        page.unroute(address)

    return show


def _not_allowed(page: Page, world: World) -> None:
    email, password = ADMIN, world.passwords[ADMIN]
    _open(page, world.at("/account/login/"))
    page.get_by_text("Use a password instead").click()
    page.fill("[name=login]", email)
    page.fill("[name=password]", password)
    _press(page, "Sign in with the password")
    _open(page, world.at("/admin/assessments/edition/add/"))


@contextlib.contextmanager
def database(site: Live) -> Iterator[sqlite3.Connection]:
    """The site's database behind its back; browser tests run on SQLite."""
    file = site.database_url.removeprefix("sqlite:///")
    with contextlib.closing(sqlite3.connect(file, timeout=10)) as lite, lite:
        yield lite


def _member_sees(path: str) -> Callable[[Page, World], None]:
    """A page of an account, for the one person with an account here."""

    def show(page: Page, world: World) -> None:
        if not world.member:
            world.member.append(new_account(world.site))
        member = world.member[0]
        sit_down(page.context, world.site, member)
        _open(page, world.at(path))
        sit_down(page.context, world.site, world.taker)

    return show


def _stranger_sends(path: str, **fields: str) -> Callable[[Page, World], None]:
    """What follows a form of the account pages, filled in by somebody who is new here."""

    def show(page: Page, world: World) -> None:
        sit_down(page.context, world.site, Browser(world.site))
        page.context.clear_cookies(name="session")
        _open(page, world.at(path))
        form = page.locator(f'form[action="{path}"]')
        for name, value in fields.items():
            form.locator(f"[name={name}]").evaluate("(one, to) => { one.value = to; }", value)
        with page.expect_navigation():
            form.evaluate("(one) => one.submit()")
        sit_down(page.context, world.site, world.taker)

    return show


def _new_password(page: Page, world: World) -> None:
    Browser(world.site).post("/account/password/reset/", {"email": ADMIN})
    [link] = re.findall(r"http://\S+/key/\S+", newest_mail(world.site))
    _open(page, link)


def _sets_up_app(page: Page, world: World) -> None:
    confirm_again(world.site, world.member[0])
    _member_sees("/account/2fa/totp/activate/")(page, world)


def _turns_app_on(page: Page, world: World) -> None:
    member = world.member[0]
    [key] = re.findall(r">([A-Z2-7]{32})</code>", member.get("/account/2fa/totp/activate/").text)
    step = int(time.time()) // 30
    member.post("/account/2fa/totp/activate/", {"code": format_hotp_value(hotp_value(key, step))})
    _member_sees("/account/2fa/recovery-codes/")(page, world)


def _second_factor(page: Page, world: World) -> None:
    page_of_address = world.member[0].get("/account/email/").text
    [address] = re.findall(r"<strong>(\S+@example.org)</strong>", page_of_address)
    stranger = Browser(world.site)
    stranger.post("/account/login/code/", {"email": address})
    stranger.post("/account/login/code/confirm/", {"code": newest_code(world.site)})
    sit_down(page.context, world.site, stranger)
    _open(page, world.at("/account/2fa/authenticate/"))
    sit_down(page.context, world.site, world.taker)


# --- Coaching, and one's own data ---------------------------------------------------------------

Who = Callable[[World], Browser]
Place = str | Callable[[World], str]


def _coach(world: World) -> Browser:
    return world.coach


def _client(world: World) -> Browser:
    return world.client


def _member(world: World) -> Browser:
    return world.member[0]


def _novice(world: World) -> Browser:
    """Somebody who becomes a coach."""
    if not world.novice:
        world.novice.append(new_account(world.site))
    return world.novice[0]


def _leaver(world: World) -> Browser:
    """Somebody who will erase their account."""
    if not world.leaver:
        world.leaver.append(new_account(world.site))
        confirm_again(world.site, world.leaver[0])
    return world.leaver[0]


def _sees(who: Who, place: Place, *then: Callable[[Page, World], None]) -> Callable[..., None]:
    """A page as one of the people sees it, and what they do there."""

    def show(page: Page, world: World) -> None:
        sit_down(page.context, world.site, who(world))
        _open(page, world.at(place if isinstance(place, str) else place(world)))
        for deed in then:
            deed(page, world)
        sit_down(page.context, world.site, world.taker)

    return show


def _presses(button: str, **fields: str) -> Callable[[Page, World], None]:
    """Fill in and send the form that has this button."""

    def deed(page: Page, _world: World) -> None:
        form = page.locator("form", has=page.get_by_role("button", name=button, exact=True))
        for name, value in fields.items():
            form.locator(f"[name={name}]").fill(value)
        _press(page, button)

    return deed


def _on_desk(name: str, rest: str = "") -> Callable[[World], str]:
    """A page of one of the coach's clients."""
    return lambda world: f"/coach/clients/{world.clients[name]}/{rest}"


def _note_of(name: str, rest: str = "") -> Callable[[World], str]:
    def place(world: World) -> str:
        found = world.site.rows(
            "SELECT id FROM assessments_note WHERE client_id = %s", [world.clients[name].hex]
        )
        return _on_desk(name, f"notes/{UUID(found[0][0])}/{rest}")(world)

    return place


def _group(rest: str = "") -> Callable[[World], str]:
    def place(world: World) -> str:
        [[pk]] = world.site.rows("SELECT id FROM assessments_cohort WHERE name = 'Spring group'")
        return f"/coach/cohorts/{UUID(pk)}/{rest}"

    return place


def _shares(world: World) -> str:
    """Where the client says what they share."""
    [[pk]] = world.site.rows(
        "SELECT attempt_id FROM assessments_client WHERE id = %s", [world.clients[SHARES_ALL].hex]
    )
    return f"/share/{UUID(pk)}/"


def _shown_view(world: World) -> str:
    """How the coach saw the client, once it is shown."""
    world.coach.post(_on_desk(SHARES_ALL, "second-view/share/")(world))
    [[pk]] = world.site.rows(
        "SELECT id FROM assessments_secondview WHERE client_id = %s",
        [world.clients[SHARES_ALL].hex],
    )
    return f"/sharing/second-view/{UUID(pk)}/"


def _names_a_wrong_address(page: Page, _world: World) -> None:
    page.get_by_label("Another coach", exact=True).check()
    page.get_by_label("Another coach’s e-mail address").fill("nobody@")
    _press(page, "See what they would see")


def _reads_it_all(page: Page, _world: World) -> None:
    for box in page.locator("[name=scopes]").all():
        box.check()
    _press(page, "See what they would see")


def _invitation(*then: Callable[[Page, World], None]) -> Callable[[Page, World], None]:
    """What an invited person meets who has never been here."""

    def show(page: Page, world: World) -> None:
        fields = {"name": "Noor Haddad", "message": "Shall we\ntalk in June?"}
        shown = world.coach.post("/coach/invite/", fields).text
        [link] = re.findall(r'value="(http://\S+/invitation/[^"]+)"', shown)
        sit_down(page.context, world.site, Browser(world.site))
        page.context.clear_cookies(name="session")
        _open(page, link)
        for deed in then:
            deed(page, world)
        sit_down(page.context, world.site, world.taker)

    return show


def _writes_too_late(page: Page, world: World) -> None:
    """A note to somebody who stopped sharing while it was written."""
    address = _on_desk(ENDED, "notes/")(world)
    form = page.locator("form", has=page.get_by_role("button", name="Save note"))
    form.evaluate("(one, to) => { one.action = to; }", address)
    _presses("Save note", text="A long thought")(page, world)


def _erases(page: Page, _world: World) -> None:
    page.get_by_label("Delete everything listed above").check()
    _press(page, "Delete my account and all my data")


def _opens_desk(name: str) -> Callable[[Page, World], None]:
    def deed(page: Page, _world: World) -> None:
        page.locator("[name=name]").fill(name)
        with page.expect_navigation():
            page.locator("main form button[type=submit]").click()

    return deed


def _opens_group(page: Page, _world: World) -> None:
    with page.expect_navigation():
        page.get_by_role("link", name="Autumn", exact=True).click()


def _keeps_signed_out(page: Page, world: World) -> None:
    _open(page, world.take("keep"))


def _keeps(world: World) -> str:
    return f"/take/{world.people['mixed']}/keep/"


PAGES = [
    Scene("start page", _goes_to("/")),
    Scene("start page after deleting", _deleted),
    Scene("start", _goes_to("/start/")),
    Scene("start without consent", _start_without_consent, 422),
    Scene("about you", _takes("about")),
    Scene("section of pairs, answered", _takes("1")),
    Scene("section of ratings and situations, answered", _takes("5")),
    Scene("section of ratings and situations", _takes("7"), alike=True),
    Scene("conflict while answering", _conflict_while_answering),
    Scene("conflict on a posted page", _conflict_on_a_posted_page, 409, alike=True),
    Scene("answer that does not exist", _answer_that_does_not_exist, 400, alike=True),
    Scene("not saved", _not_saved, alike=True),
    Scene("finished meanwhile", _finished_meanwhile, alike=True),
    Scene("check", _takes("check")),
    Scene("finish without answers", _finish_without_answers, 409, alike=True),
    Scene("later", _takes("later")),
    Scene("later, with the link", _private_link),
    Scene("delete", _takes("delete")),
    Scene("finished", _finished, 409),
    Scene("example", _goes_to("/example/"), alike=True),
    Scene("how it works", _goes_to("/how-it-works/")),
    Scene("privacy", _goes_to("/privacy/")),
    Scene("accessibility", _goes_to("/accessibility/")),
    Scene("guide", _goes_to("/guide/")),
    *(Scene(f"guide: {slug}", _goes_to(f"/guide/{slug}/"), alike=True) for slug in guide_pages()),
    Scene("guide, a dimension", _goes_to("/guide/dimensions/platforms/")),
    Scene("403, no token", _form_without_token, 403),
    Scene("404", _goes_to("/no-such-page/"), 404),
    Scene("409", _rendered("409.html", 409), 409, alike=True),
    Scene("429", _rendered("429.html", 429), 429, alike=True),
    Scene("500", _bug, 500, alike=True),
    Scene("503", _no_database, 503, alike=True),
]
# Signing in changes who one is, and the last page stands on another host.
PLANS = [
    Scene("plan", _plan("leans one way, has practised the other")),
    Scene("plan with a date", _plan_with_a_date, alike=True),
    Scene("plan, half-way check", _plan("mixed", "checkpoint/")),
    Scene("plan, nothing separates the roles", _plan("flat: nothing separates the roles")),
    Scene("plan, answers that cannot be read", _plan("answers that cannot be read")),
]
COMPARISONS = [
    Scene("compare, the choice", _goes_to("/compare/")),
    Scene("compare", _compares("mixed", "leans strongly to the first side")),
    Scene("compare, not comparable", _compares("mixed", "answers that cannot be read")),
]
ACCOUNTS = [
    Scene("sign in", _goes_to("/account/login/")),
    Scene(
        "sign in, wrong password",
        _stranger_sends("/account/login/", login="nobody@example.org", password="wrong"),
        422,
    ),
    Scene("sign in, type the code", _stranger_sends("/account/login/", login="no@example.org")),
    Scene("sign in with a code", _goes_to("/account/login/code/"), alike=True),
    Scene("sign up", _goes_to("/account/signup/")),
    Scene("sign up, no address", _stranger_sends("/account/signup/", email=""), 422, alike=True),
    Scene("sign up, confirm", _stranger_sends("/account/signup/", email="new@example.org")),
    Scene("sign up with a passkey", _goes_to("/account/signup/passkey/"), alike=True),
    Scene("forgotten password", _goes_to("/account/password/reset/")),
    Scene("forgotten password, sent", _goes_to("/account/password/reset/done/"), alike=True),
    Scene("new password", _new_password),
    Scene("new password, link ended", _goes_to("/account/password/reset/key/1-abc/"), alike=True),
    Scene("new password, done", _goes_to("/account/password/reset/key/done/"), alike=True),
    Scene("switched off", _goes_to("/account/inactive/"), alike=True),
    Scene("account", _member_sees("/account/")),
    Scene("account, address", _member_sees("/account/email/")),
    Scene("account, sessions", _member_sees("/account/sessions/")),
    Scene("account, passkeys, none", _member_sees("/account/2fa/webauthn/"), alike=True),
    Scene("account, who is it", _member_sees("/account/reauthenticate/code/")),
    Scene("account, set up an app", _sets_up_app),
    Scene("account, first password", _member_sees("/account/password/set/")),
    Scene("account, add a passkey", _member_sees("/account/2fa/webauthn/add/")),
    Scene("account, recovery codes", _turns_app_on),
    Scene("account, second factor", _member_sees("/account/2fa/")),
    Scene("account, new codes", _member_sees("/account/2fa/recovery-codes/generate/"), alike=True),
    Scene("account, app off", _member_sees("/account/2fa/totp/deactivate/"), alike=True),
    Scene("account, app again", _member_sees("/account/2fa/reauthenticate/"), alike=True),
    Scene("sign in, second factor", _second_factor),
    Scene("account, sign out", _member_sees("/account/logout/"), alike=True),
    Scene("mail not sent", _rendered("mail_not_sent.html", 503), 503, alike=True),
]
# What somebody with an account sees of their own.
OWN = [
    Scene("my results, none", _sees(_member, "/results/")),
    Scene("my results", _sees(_client, "/results/")),
    Scene("keep", _keeps_signed_out),
    Scene("keep, signed in", _sees(_client, _keeps)),
    Scene("my name", _sees(_client, "/account/name/")),
    Scene("account of a coach", _sees(_coach, "/account/"), alike=True),
    Scene("sharing, nobody", _sees(_member, "/sharing/")),
    Scene("share", _sees(_client, _shares)),
    Scene("share, wrong address", _sees(_client, _shares, _names_a_wrong_address), 422),
    Scene("share, the words", _sees(_client, _shares, _reads_it_all)),
    Scene(
        "sharing",
        _sees(_client, _shares, _reads_it_all, _presses("Yes, share with Tom Adeyemi")),
    ),
    Scene("my coach's view", _sees(_client, _shown_view)),
    Scene("sharing, with the coach's view", _sees(_client, "/sharing/"), alike=True),
    Scene("invitation", _invitation()),
    Scene("invitation, without consent", _invitation(_presses("Start")), 422, alike=True),
    Scene("my data", _sees(_client, "/my-data/")),
    Scene("erase", _sees(_leaver, "/my-data/erase/")),
    Scene(
        "erase, not meant",
        _sees(_leaver, "/my-data/erase/", _presses("Delete my account and all my data")),
        422,
        alike=True,
    ),
    Scene("erased", _sees(_leaver, "/my-data/erase/", _erases)),
]
DESK = [
    Scene("desk", _sees(_coach, "/coach/")),
    Scene("desk, no match", _sees(_coach, "/coach/?q=zzz"), alike=True),
    Scene("invite", _sees(_coach, "/coach/invite/")),
    Scene(
        "invite, no name",
        _sees(_coach, "/coach/invite/", _presses("Make the invitation", email="nobody@")),
        422,
        alike=True,
    ),
    Scene(
        "invite, the link",
        _sees(_coach, "/coach/invite/", _presses("Make the invitation", name="Zoe Martin")),
    ),
    Scene("desk settings", _sees(_coach, "/coach/settings/")),
    Scene(
        "desk settings, no name",
        _sees(_coach, "/coach/settings/", _presses("Save settings", name="")),
        422,
        alike=True,
    ),
    Scene("client", _sees(_coach, _on_desk(SHARES_ALL))),
    Scene("client who shares the result only", _sees(_coach, _on_desk(SHARES_LITTLE)), alike=True),
    Scene("client, answers that cannot be read", _sees(_coach, _on_desk(UNREADABLE)), alike=True),
    Scene("client, short form", _sees(_coach, _on_desk(SHARES_SHORT)), alike=True),
    Scene("client, invited", _sees(_coach, _on_desk(INVITED))),
    Scene("client, opened", _sees(_coach, _on_desk(OPENED)), alike=True),
    Scene("client, in progress", _sees(_coach, _on_desk(BEGUN)), alike=True),
    Scene("client, finished", _sees(_coach, _on_desk(FINISHED)), alike=True),
    Scene("client, ended", _sees(_coach, _on_desk(ENDED))),
    Scene("client, edit", _sees(_coach, _on_desk(SHARES_ALL, "edit/"))),
    Scene("client, end", _sees(_coach, _on_desk(SHARES_ALL, "end/"))),
    Scene("client, take back", _sees(_coach, _on_desk(INVITED, "end/")), alike=True),
    Scene(
        "note, empty",
        _sees(_coach, _on_desk(SHARES_ALL), _presses("Save note")),
        422,
        alike=True,
    ),
    Scene("note, too late", _sees(_coach, _on_desk(SHARES_ALL), _writes_too_late), 409),
    Scene("note", _sees(_coach, _note_of(SHARES_ALL))),
    Scene("note, delete", _sees(_coach, _note_of(SHARES_ALL, "delete/"))),
    Scene(
        "suggestion, nothing chosen",
        _sees(_coach, _on_desk(SHARES_ALL), _presses("Suggest it")),
        422,
        alike=True,
    ),
    Scene("client's result", _sees(_coach, _on_desk(SHARES_ALL, "result/"))),
    Scene(
        "client's result, without answers",
        _sees(_coach, _on_desk(SHARES_LITTLE, "result/")),
        alike=True,
    ),
    Scene("client's answers", _sees(_coach, _on_desk(SHARES_ALL, "answers/"))),
    Scene("client's plan", _sees(_coach, _on_desk(SHARES_ALL, "plan/"))),
    Scene("brief", _sees(_coach, _on_desk(SHARES_ALL, "brief/"))),
    Scene(
        "brief, answers that cannot be read",
        _sees(_coach, _on_desk(UNREADABLE, "brief/")),
        alike=True,
    ),
    Scene("view first", _sees(_coach, _on_desk(NOT_LOOKED_AT, "result/"))),
    Scene(
        "view first, nothing said",
        _sees(_coach, _on_desk(NOT_LOOKED_AT), _presses("Save your view and open the result")),
        422,
        alike=True,
    ),
    Scene("both views", _sees(_coach, _on_desk(SHARES_ALL, "second-view/"))),
    Scene("groups", _sees(_coach, "/coach/cohorts/")),
    Scene(
        "groups, no name",
        _sees(_coach, "/coach/cohorts/", _presses("Make the group")),
        422,
        alike=True,
    ),
    Scene("group", _sees(_coach, _group())),
    Scene("group, edit", _sees(_coach, _group("edit/"))),
    Scene("group, delete", _sees(_coach, _group("delete/"))),
]
NEW_DESK = [
    Scene("open a desk", _sees(_novice, "/coach/open/")),
    Scene(
        "open a desk, no name", _sees(_novice, "/coach/open/", _opens_desk("")), 422, alike=True
    ),
    Scene("open a desk, wait", _rendered(WAITING, 200, "/coach/open/"), alike=True),
    Scene("desk, nobody", _sees(_novice, "/coach/open/", _opens_desk("Ines"))),
    Scene("groups, none", _sees(_novice, "/coach/cohorts/"), alike=True),
    Scene(
        "group, new",
        _sees(_novice, "/coach/cohorts/", _presses("Make the group", name="Autumn")),
        alike=True,
    ),
    Scene("group, under five", _sees(_novice, "/coach/cohorts/", _opens_group), alike=True),
]
LAST = [Scene("403", _not_allowed, 403, alike=True), Scene("400", _unknown_host, 400, alike=True)]
