"""Who gets what: every address x everybody who may ask (trust 2). No address without a row."""

import copy
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from assessments.coaching import services as coaching
from assessments.people.models import User
from assessments.reports.pdf import pdf_available
from assessments.responses.links import make_private_link
from assessments.responses.models import Attempt
from tests.cast import (
    PASSWORD,
    coached,
    desk_of,
    finished_attempt,
    headers_of,
    holder_of,
    new_attempt,
    published,
    signed_in,
    with_second_factor,
)

OK, MOVED, DENIED, LOCKED, BAD, WRONG, REFUSED = 200, 302, 404, 409, 400, 422, 403
LOGIN = "login"
LOGIN_URL = settings.LOGIN_URL
UUID_PATTERN = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# Without Pango a site says that it cannot make one.
PDF = OK if pdf_available() else 503
ROLES = (
    "visitor", "holder", "owner", "other", "coach", "ex-coach", "other coach",
    "editor", "staff", "superuser",
)  # fmt: skip

# Those who differ most; the others take their time and are asked in the long run.
STRANGERS = [
    pytest.param(("visitor", "other", "other coach"), id="some"),
    pytest.param(ROLES, id="all", marks=pytest.mark.soak),
]
NOT_STAFF = [
    pytest.param(("visitor", "coach"), id="some"),
    pytest.param(ROLES[:7], id="all", marks=pytest.mark.soak),
]

# Columns, as in ROLES: a visitor; a browser with the link of the anonymous attempts; the owner of
# the other ones; another person; the coach whom the owner lets see a result; one whom the owner
# let before; a third; staff who may see editions; staff without any right; a superuser.
# `taken`: an anonymous attempt, `owned`: the owner's, `-done`: finished, `-before`: and earlier.
# fmt: off
EVERYBODY = 10 * (OK,)
HOLDER = (DENIED, OK, *8 * (DENIED,))
OWNER = (DENIED, DENIED, OK, *7 * (DENIED,))
# Pages for whoever is signed in.
SIGNED_IN = (LOGIN, LOGIN, *8 * (OK,))
OWN = (LOGIN, LOGIN, OK, *7 * (DENIED,))
COACHES = (LOGIN, LOGIN, DENIED, DENIED, OK, OK, OK, *3 * (DENIED,))
COACH = (LOGIN, LOGIN, DENIED, DENIED, OK, *5 * (DENIED,))
EX_COACH = (LOGIN, LOGIN, DENIED, DENIED, DENIED, OK, *4 * (DENIED,))


# Pages for those who are not signed in yet.
ENTRANCE = (OK, OK, *8 * (MOVED,))
# A step of a way: without the one before it, one is sent back there.
STEP_IN = (LOGIN, LOGIN, *8 * (MOVED,))
HAS_APP = (LOGIN, LOGIN, *5 * (MOVED,), *3 * (OK,))


def to(status: int | str, row: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """The same people, another answer."""
    return tuple(status if cell == OK else cell for cell in row)


ACCESS: dict[str, list[tuple[str, str | None, tuple[int | str, ...]]]] = {
    # url name: [(method, attempt, status by role), ...]
    "healthz":              [("get", None, EVERYBODY)],
    "readyz":               [("get", None, EVERYBODY)],
    # Without a token set there is none.
    "metrics":              [("get", None, to(DENIED, EVERYBODY))],
    "guide:landing":        [("get", None, EVERYBODY)],
    "guide:how-it-works":   [("get", None, EVERYBODY)],
    "guide:privacy":        [("get", None, EVERYBODY)],
    "guide:accessibility":  [("get", None, EVERYBODY)],
    "guide:index":          [("get", None, EVERYBODY)],
    "guide:page":           [("get", None, EVERYBODY)],
    "guide:dimension":      [("get", None, EVERYBODY)],
    "reports:example":      [("get", None, EVERYBODY)],
    "responses:start":      [("get", None, EVERYBODY), ("post", None, to(WRONG, EVERYBODY))],
    "responses:link":       [("get", "right", to(MOVED, EVERYBODY)),
                             ("get", "wrong", to(DENIED, EVERYBODY))],
    "responses:resume":     [("get", "taken", to(MOVED, HOLDER)),
                             ("get", "owned", to(MOVED, OWNER)),
                             ("get", "taken-done", to(MOVED, HOLDER))],
    "responses:about":      [("get", "taken", HOLDER), ("get", "owned", OWNER),
                             ("post", "taken", to(MOVED, HOLDER)),
                             ("get", "taken-done", to(LOCKED, HOLDER))],
    "responses:section":    [("get", "taken", HOLDER), ("get", "owned", OWNER),
                             ("post", "taken", to(BAD, HOLDER)),
                             ("get", "taken-done", to(LOCKED, HOLDER)),
                             ("post", "owned-done", to(LOCKED, OWNER))],
    "responses:save":       [("post", "taken", to(BAD, HOLDER)),
                             ("post", "owned", to(BAD, OWNER))],
    "responses:check":      [("get", "taken", HOLDER), ("get", "owned", OWNER),
                             ("post", "taken", to(LOCKED, HOLDER)),
                             ("post", "owned-done", to(MOVED, OWNER)),
                             ("get", "owned-done", to(LOCKED, OWNER))],
    "responses:later":      [("get", "taken", HOLDER), ("get", "owned", OWNER),
                             ("post", "taken", HOLDER)],
    "responses:delete":     [("get", "taken", HOLDER), ("get", "owned", OWNER),
                             ("get", "owned-done", OWNER), ("post", "taken", to(MOVED, HOLDER))],
    "responses:continue":   [("post", "taken-done", to(MOVED, HOLDER)),
                             ("post", "owned-done", to(MOVED, OWNER)),
                             ("post", "taken", to(DENIED, HOLDER))],
    "reports:result":       [("get", "taken-done", HOLDER), ("get", "owned-done", OWNER),
                             ("get", "taken", to(MOVED, HOLDER))],
    # Two attempts by `?a=…&b=…`: the one named and the earlier of the same person.
    "reports:compare":      [("get", None, EVERYBODY),
                             ("get", "taken-done", HOLDER), ("get", "owned-done", OWNER),
                             ("get", "taken", to(DENIED, HOLDER)),
                             ("get", "one of each", to(DENIED, HOLDER))],
    "reports:plan":         [("get", "taken-done", HOLDER), ("get", "owned-done", OWNER),
                             ("get", "taken", to(DENIED, HOLDER)),
                             ("post", "taken-done", to(MOVED, HOLDER))],
    "reports:plan-size":    [("post", "taken-done", to(WRONG, HOLDER)),
                             ("get", "taken-done", to(MOVED, HOLDER)),
                             ("post", "owned-done", to(WRONG, OWNER))],
    "reports:checkpoint":   [("get", "taken-done", HOLDER), ("get", "owned-done", OWNER),
                             ("post", "taken-done", to(MOVED, HOLDER))],
    "reports:plan-ics":     [("get", "taken-done", HOLDER), ("get", "owned-done", OWNER)],
    "reports:pdf":          [("get", "taken-done", to(PDF, HOLDER)),
                             ("get", "owned-done", to(PDF, OWNER)),
                             ("get", "taken", to(DENIED, HOLDER))],
    "reports:csv":          [("get", "taken-done", HOLDER), ("get", "owned-done", OWNER),
                             ("get", "taken", to(DENIED, HOLDER))],
    "reports:report-json":  [("get", "taken-done", HOLDER), ("get", "owned-done", OWNER),
                             ("get", "taken", to(DENIED, HOLDER))],
    "reports:mine":         [("get", None, SIGNED_IN)],
    "responses:keep":       [("get", "taken", HOLDER), ("get", "owned", to(MOVED, OWNER)),
                             ("post", "taken", to(LOGIN, HOLDER)),
                             ("post", "owned", to(MOVED, OWNER))],
    # What a client shares.
    "coaching:share":       [("get", "owned-done", OWNER),
                             ("get", "taken-done", to(MOVED, HOLDER)),
                             ("get", "owned", to(DENIED, OWNER)),
                             ("post", "owned-done", to(WRONG, OWNER)),
                             ("post", "taken-done", to(MOVED, HOLDER))],
    "coaching:sharing":     [("get", None, SIGNED_IN)],
    "coaching:withdraw":    [("post", "consent", to(MOVED, OWN)),
                             ("post", "former consent", to(MOVED, OWN))],
    "coaching:assignment-done": [("post", "asked", to(MOVED, OWN))],
    "coaching:invitation-link": [("get", "right invitation", to(MOVED, EVERYBODY)),
                                 ("get", "wrong", to(DENIED, EVERYBODY))],
    "coaching:invitation":  [("get", None, to(DENIED, EVERYBODY)),
                             ("post", None, to(DENIED, EVERYBODY))],
    # The coach's desk. `client`: the coach's, who shares; `former …`: the ex-coach's, who no
    # longer does; `invited`: somebody the coach invited.
    "coaching:open-desk":   [("get", None, (LOGIN, LOGIN, OK, OK, *3 * (MOVED,), *3 * (OK,))),
                             ("post", None, (LOGIN, LOGIN, WRONG, WRONG, *3 * (MOVED,),
                                             *3 * (WRONG,)))],
    "coaching:settings":    [("get", None, COACHES), ("post", None, to(WRONG, COACHES))],
    "coaching:desk":        [("get", None, COACHES)],
    "coaching:invite":      [("get", None, COACHES), ("post", None, to(WRONG, COACHES))],
    "coaching:client":      [("get", "client", COACH), ("get", "former client", EX_COACH),
                             ("get", "invited", COACH)],
    "coaching:client-edit": [("get", "client", COACH), ("post", "client", to(WRONG, COACH)),
                             ("get", "former client", EX_COACH)],
    "coaching:remind":      [("post", "client", to(LOCKED, COACH)), ("post", "invited", COACH)],
    "coaching:end":         [("get", "client", COACH), ("get", "invited", COACH),
                             ("post", "client", to(MOVED, COACH))],
    "coaching:client-result": [("get", "client", COACH),
                               ("get", "former client", to(DENIED, COACH)),
                               ("get", "invited", to(DENIED, COACH))],
    "coaching:client-answers": [("get", "client", COACH),
                                ("get", "former client", to(DENIED, COACH))],
    "coaching:client-plan": [("get", "client", COACH),
                             ("get", "former client", to(DENIED, COACH))],
    "coaching:client-pdf":  [("get", "client", to(PDF, COACH)),
                             ("get", "former client", to(DENIED, COACH))],
    "coaching:client-csv":  [("get", "client", COACH),
                             ("get", "former client", to(DENIED, COACH))],
    "coaching:note-add":    [("post", "client", to(WRONG, COACH)),
                             ("post", "former client", to(LOCKED, EX_COACH))],
    "coaching:note":        [("get", "note", COACH), ("get", "former note", to(MOVED, EX_COACH)),
                             ("post", "note", to(WRONG, COACH)),
                             ("post", "former note", to(LOCKED, EX_COACH))],
    "coaching:note-delete": [("get", "note", COACH), ("get", "former note", EX_COACH),
                             ("post", "note", to(MOVED, COACH)),
                             ("post", "former note", to(MOVED, EX_COACH))],
    "coaching:assign":      [("post", "client", to(WRONG, COACH)),
                             ("post", "former client", to(LOCKED, EX_COACH))],
    "coaching:assignment-withdraw": [("post", "suggestion", to(MOVED, COACH)),
                                     ("post", "former suggestion", to(LOCKED, EX_COACH))],
    "coaching:brief":       [("get", "client", COACH),
                             ("get", "former client", to(DENIED, COACH))],
    "coaching:second-view": [("get", "client", COACH), ("get", "former client", to(DENIED, COACH)),
                             ("post", "client", to(WRONG, COACH))],
    "coaching:second-view-share": [("post", "client", to(MOVED, COACH)),
                                   ("post", "former client", to(DENIED, COACH))],
    "coaching:own-second-view": [("get", "shown view", OWN),
                             ("get", "former view", to(DENIED, OWN))],
    "coaching:cohorts":     [("get", None, COACHES), ("post", None, to(WRONG, COACHES))],
    "coaching:cohort":      [("get", "group", COACH)],
    "coaching:cohort-edit": [("get", "group", COACH), ("post", "group", to(WRONG, COACH))],
    "coaching:cohort-delete": [("get", "group", COACH), ("post", "group", to(MOVED, COACH))],
    "coaching:cohort-csv":  [("get", "group", COACH)],
    "privacy:my-data":      [("get", None, SIGNED_IN)],
    "privacy:my-data-json": [("get", None, SIGNED_IN)],
    "privacy:my-data-csv":  [("get", None, SIGNED_IN)],
    "privacy:erase":        [("get", None, to(MOVED, SIGNED_IN)),
                             ("post", None, to(MOVED, SIGNED_IN))],
    # Only with a receipt.
    "privacy:erased":       [("get", None, to(DENIED, EVERYBODY))],
    # Accounts.
    "people:account":       [("get", None, SIGNED_IN)],
    "people:name":          [("get", None, SIGNED_IN), ("post", None, to(MOVED, SIGNED_IN))],
    "account_login":        [("get", None, ENTRANCE), ("post", None, to(WRONG, ENTRANCE))],
    "account_logout":       [("get", None, (MOVED, MOVED, *8 * (OK,))),
                             ("post", None, to(MOVED, EVERYBODY))],
    "account_inactive":     [("get", None, EVERYBODY)],
    "account_signup":       [("get", None, ENTRANCE), ("post", None, to(WRONG, ENTRANCE))],
    "account_signup_by_passkey": [("get", None, ENTRANCE), ("post", None, to(WRONG, ENTRANCE))],
    "account_request_login_code": [("get", None, ENTRANCE), ("post", None, to(WRONG, ENTRANCE))],
    "account_confirm_login_code": [("get", None, STEP_IN), ("post", None, STEP_IN)],
    "account_email_verification_sent": [("get", None, STEP_IN), ("post", None, STEP_IN)],
    "account_email":        [("get", None, SIGNED_IN), ("post", None, STEP_IN)],
    "account_change_password": [("get", None, SIGNED_IN), ("post", None, to(WRONG, SIGNED_IN))],
    # All of them have one, which they change instead.
    "account_set_password": [("get", None, STEP_IN), ("post", None, STEP_IN)],
    # For those, too, who are signed in and want another without knowing the old one.
    "account_reset_password": [("get", None, EVERYBODY), ("post", None, to(WRONG, EVERYBODY))],
    "account_reset_password_done": [("get", None, EVERYBODY)],
    "account_reset_password_from_key": [("get", None, EVERYBODY),
                                        ("post", None, to(WRONG, EVERYBODY))],
    "account_reset_password_from_key_done": [("get", None, EVERYBODY)],
    "account_reauthenticate": [("get", None, SIGNED_IN), ("post", None, to(WRONG, SIGNED_IN))],
    # Nobody's address is confirmed here, so no code is sent.
    "account_request_reauthentication_code": [("get", None, STEP_IN),
                                              ("post", None, STEP_IN)],
    "account_confirm_reauthentication_code": [("get", None, STEP_IN),
                                              ("post", None, STEP_IN)],
    "mfa_index":            [("get", None, SIGNED_IN)],
    "mfa_authenticate":     [("get", None, STEP_IN), ("post", None, STEP_IN)],
    # Staff have an app. All that follows asks first to confirm who it is.
    "mfa_reauthenticate":   [("get", None, HAS_APP), ("post", None, to(WRONG, HAS_APP))],
    "mfa_activate_totp":    [("get", None, STEP_IN), ("post", None, STEP_IN)],
    "mfa_deactivate_totp":  [("get", None, (LOGIN, LOGIN, *5 * (DENIED,), *3 * (MOVED,))),
                             ("post", None, (LOGIN, LOGIN, *5 * (DENIED,), *3 * (MOVED,)))],
    "mfa_view_recovery_codes": [("get", None, to(DENIED, SIGNED_IN))],
    "mfa_generate_recovery_codes": [("get", None, STEP_IN), ("post", None, STEP_IN)],
    "mfa_download_recovery_codes": [("get", None, to(DENIED, SIGNED_IN)),
                                    ("post", None, to(DENIED, SIGNED_IN))],
    "mfa_list_webauthn":    [("get", None, SIGNED_IN)],
    "mfa_add_webauthn":     [("get", None, STEP_IN), ("post", None, STEP_IN)],
    "mfa_edit_webauthn":    [("get", None, STEP_IN), ("post", None, STEP_IN)],
    "mfa_remove_webauthn":  [("get", None, STEP_IN), ("post", None, STEP_IN)],
    "mfa_reauthenticate_webauthn": [("get", None, STEP_IN), ("post", None, STEP_IN)],
    "mfa_login_webauthn":   [("get", None, STEP_IN), ("post", None, STEP_IN)],
    "mfa_signup_webauthn":  [("get", None, to(MOVED, EVERYBODY)),
                             ("post", None, to(MOVED, EVERYBODY))],
    "usersessions_list":    [("get", None, SIGNED_IN), ("post", None, STEP_IN)],
}
# fmt: on


def slice_of(name: str) -> str:
    """The part of the site that an address belongs to; allauth's have no namespace."""
    return name.partition(":")[0] if ":" in name else "account"


# Tested by slice: making the world takes longer than asking for a page of it.
SLICES = sorted({slice_of(name) for name in ACCESS})
# Pages of one thing that can be read; from what they tell others nobody must learn anything.
READABLE = sorted(
    {
        (name, kind)
        for name, rows in ACCESS.items()
        for method, kind, _row in rows
        if method == "get" and kind and kind not in {"right", "wrong", "right invitation"}
    }
    - {("reports:compare", "one of each")}
)
METHODS = {
    name: {"get", "post"} & {method for method, _attempt, _row in rows}
    for name, rows in ACCESS.items()
}


def names_of(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """The full name of every address below a resolver; an unnamed one gets its pattern."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name or pattern.pattern}"
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from names_of(pattern, namespace + inner)


def test_the_table_names_every_address_and_no_other():
    names = {name for name in names_of(get_resolver()) if not name.startswith("admin:")}
    assert names == set(ACCESS)


@dataclass
class World:
    """Everything that the table's rows speak of."""

    things: dict[str, Any]
    clients: dict[str, Client]
    links: dict[str, str]

    def address(self, name: str, kind: str | None) -> str:
        if name in {"responses:link", "coaching:invitation-link"}:
            return reverse(name, args=[self.links.get(kind or "", "A" * 43)])
        if name == "reports:compare" and kind:
            return reverse(name) + self.two(kind)
        more: dict[str, list[Any]] = {
            "responses:section": [1],
            "responses:continue": ["full"],
            "guide:page": ["faq"],
            "guide:dimension": ["metrics"],
            "mfa_edit_webauthn": [1],
            "mfa_remove_webauthn": [1],
            "account_reset_password_from_key": ["1", "no-such-key"],
        }
        return reverse(name, args=[*self.ids(kind), *more.get(name, [])])

    def ids(self, kind: str | None) -> list[object]:
        """What stands in the address: the thing's id, after its client's if it is a client's."""
        if kind is None:
            return []
        thing = self.things[kind]
        above = [thing.client_id] if kind.endswith(("note", "suggestion")) else []
        return [*above, thing.pk]

    def ask(self, role: str, method: str, address: str) -> Any:
        """What somebody is answered; their browser is as it was afterwards."""
        client = Client()
        client.cookies = copy.deepcopy(self.clients[role].cookies)
        return getattr(client, method)(address)

    def two(self, kind: str) -> str:
        """A query for two attempts of one person, or for one of each."""
        whose = kind.partition("-")[0]
        names = {"one of each": ("taken-done", "owned-done")}.get(kind, (kind, f"{whose}-before"))
        return "?a={}&b={}".format(*(self.things[name].pk for name in names))


RIGHTS: dict[str, dict[str, Any]] = {
    "owner": {},
    "other": {},
    "coach": {},
    "ex-coach": {},
    "other coach": {},
    "editor": {"is_staff": True},
    "staff": {"is_staff": True},
    "superuser": {"is_staff": True, "is_superuser": True},
}


@pytest.fixture
def world(db: None) -> World:
    edition = published()
    people = {
        name: User.objects.create_user(
            f"{name.replace(' ', '-')}@example.org", password=PASSWORD, **rights
        )
        for name, rights in RIGHTS.items()
    }
    people["editor"].user_permissions.add(Permission.objects.get(codename="view_edition"))
    for name in ("editor", "staff", "superuser"):
        with_second_factor(people[name])
    owner, coach = people["owner"], people["coach"]
    things: dict[str, Any] = {
        "taken": new_attempt(edition),
        "taken-before": finished_attempt(edition),
        "taken-done": finished_attempt(edition, "short"),
        "owned": new_attempt(edition, owner=owner),
        "owned-before": finished_attempt(edition, owner=owner),
        "owned-done": finished_attempt(edition, "short", owner=owner),
    }
    # A goal with gaps, so that there is something to rate again.
    Attempt.objects.update(goal="b2b-enterprise-saas")
    finished_attempt(edition, owner=people["other"])
    for name in ("coach", "ex-coach", "other coach"):
        desk_of(people[name])
    things |= coached(owner, coach, things["owned-before"])
    things |= {"asked": things["suggestion"], "shown view": things["view"]}
    coaching.show_second_view(view=things["view"], at=timezone.now())
    things["group"] = coaching.make_group(coach=coach, name="Spring")
    former = coached(owner, people["ex-coach"], things["owned-before"])
    things |= {f"former {name}": thing for name, thing in former.items()}
    coaching.withdraw(consent=former["consent"], at=timezone.now())
    invited, link = coaching.invite(
        coach=coach, wanted=coaching.Wanted("Invited"), at=timezone.now()
    )
    things["invited"] = invited
    holder = holder_of(*(things[name] for name in ("taken", "taken-before", "taken-done")))
    clients = {name: signed_in(user) for name, user in people.items()}
    links = {
        "right": _token(make_private_link(attempt=things["taken"], at=timezone.now())),
        "right invitation": _token(link),
    }
    return World(things, clients | {"visitor": Client(), "holder": holder}, links)


def _token(link: str) -> str:
    return link.rstrip("/").rpartition("/")[2]


@contextmanager
def rolled_back() -> Iterator[None]:
    """What happens inside leaves no trace, so that the next person meets the same world."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def rows_in_all_tables() -> dict[str, int]:
    """What a denied request must leave as it is: not the browser's own session, nor its misses."""
    own = {"session", "ratebucket"}
    models = [model for model in apps.get_models() if model._meta.model_name not in own]
    tables = sorted({model._meta.db_table for model in models})
    each = (f"SELECT '{table}', COUNT(*) FROM {table}" for table in tables)  # noqa: S608 - ours
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return dict(cursor.fetchall())


def masked(response: Any, address: str) -> str:
    """The page without the CSRF token, which differs each time, and the address one came to."""
    text = response.content.decode().replace(quote(address, safe=""), "")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)


def of_slice(part: str) -> dict[str, list[tuple[str, str | None, tuple[int | str, ...]]]]:
    """The table's rows of one slice."""
    return {name: rows for name, rows in ACCESS.items() if slice_of(name) == part}


@pytest.mark.parametrize("part", SLICES)
def test_everybody_gets_what_the_table_says(world: World, part: str) -> None:
    before = rows_in_all_tables()
    answers, changed = {}, []
    for name, rows in of_slice(part).items():
        for method, kind, _expected in rows:
            told: list[int | str] = []
            for role in ROLES:
                with rolled_back():
                    response = world.ask(role, method, world.address(name, kind))
                    told.append(LOGIN if asks_to_sign_in(response) else response.status_code)
                    if told[-1] in {DENIED, LOGIN} and rows_in_all_tables() != before:
                        changed.append((name, method, kind, role))
            answers[name, method, kind] = tuple(told)
    assert answers == {
        (name, method, kind): expected
        for name, rows in of_slice(part).items()
        for method, kind, expected in rows
    }
    assert changed == []


def asks_to_sign_in(response: Any) -> bool:
    """Whether it sends on to the page for signing in."""
    return bool(response.status_code == MOVED and response.url.startswith(reverse(LOGIN_URL)))


@pytest.mark.parametrize("roles", STRANGERS)
@pytest.mark.parametrize("part", SLICES)
def test_what_one_may_not_see_looks_like_what_does_not_exist(
    world: World, part: str, roles: tuple[str, ...]
) -> None:
    for name, kind in READABLE:
        if slice_of(name) != part:
            continue
        address = world.address(name, kind)
        unknown_address = re.sub(UUID_PATTERN, lambda _found: str(uuid4()), address)
        denied = 0
        for role in roles:
            real = world.clients[role].get(address)
            if real.status_code != DENIED:
                continue
            unknown = world.clients[role].get(unknown_address)
            assert unknown.status_code == DENIED
            assert masked(real, address) == masked(unknown, unknown_address)
            assert headers_of(real) == headers_of(unknown)
            denied += 1
        assert denied, name


def role_for(row: tuple[int | str, ...]) -> str:
    """Whoever gets in; where nobody does without a step before, the owner."""
    welcome = (role for role, cell in zip(ROLES, row, strict=True) if cell not in {LOGIN, DENIED})
    return next(welcome, "owner")


@pytest.mark.parametrize("part", SLICES)
def test_other_methods_are_refused(world: World, part: str) -> None:
    answered = {}
    for name, rows in of_slice(part).items():
        _method, kind, row = rows[0]
        for method in {"get", "post", "put", "patch", "delete"} - METHODS[name]:
            response = getattr(world.clients[role_for(row)], method)(world.address(name, kind))
            answered[name, method] = response.status_code
    assert {key: status for key, status in answered.items() if status != 405} == {}


@pytest.mark.parametrize("part", SLICES)
def test_every_post_needs_the_csrf_token(world: World, part: str) -> None:
    answered = {}
    for name, rows in of_slice(part).items():
        for kind, row in [(kind, row) for method, kind, row in rows if method == "post"][:1]:
            strict = Client(enforce_csrf_checks=True)
            strict.cookies = world.clients[role_for(row)].cookies
            answered[name] = strict.post(world.address(name, kind)).status_code
    assert {name: status for name, status in answered.items() if status != REFUSED} == {}


def test_the_admin_knows_no_attempts_answers_or_reports():
    registered = {model.__name__ for model in admin.site._registry}
    assert registered & {"Attempt", "Answer", "Report"} == set()


def test_the_admin_is_closed_to_everybody_without_a_right(world: World) -> None:
    index = reverse("admin:index")
    answers = {role: world.clients[role].get(index).status_code for role in ROLES}
    assert answers == {
        "visitor": MOVED, "holder": MOVED, "owner": MOVED, "other": MOVED, "coach": MOVED,
        "ex-coach": MOVED, "other coach": MOVED, "editor": OK, "staff": OK, "superuser": OK,
    }  # fmt: skip


def admin_addresses() -> dict[str, str]:
    """Every address of the admin by its name; of nothing that is there."""
    _prefix, resolver = get_resolver().namespace_dict["admin"]
    numbers = {"app_label": "assessments", "form": "1", "kind": "yaml", "version": "desk"}
    addresses = {}
    for name, found in resolver.reverse_dict.items():
        if isinstance(name, str) and name not in {"login", "logout", "jsi18n"}:
            given = found[0][0][1]  # type: ignore[index]
            kwargs = {name_of: numbers.get(name_of, "7000000") for name_of in given}
            addresses[name] = reverse(f"admin:{name}", kwargs=kwargs)
    return addresses


@pytest.mark.parametrize("roles", NOT_STAFF)
def test_no_address_of_the_admin_answers_who_is_not_staff(
    world: World, roles: tuple[str, ...]
) -> None:
    addresses = admin_addresses()
    assert {"desk-publish", "desk-calibrate", "assessments_item_change"} <= addresses.keys()
    answered = {
        (role, name): reply.status_code
        for role in roles
        for name, address in addresses.items()
        for reply in (world.clients[role].get(address), world.clients[role].post(address))
    }
    assert {place: code for place, code in answered.items() if code != MOVED} == {}


def test_staff_without_rights_get_nothing_of_a_desk(world: World) -> None:
    pk = str(world.things["taken"].edition.questionnaire_id)
    client = world.clients["staff"]
    answered = {
        name: {client.get(address).status_code, client.post(address).status_code}
        for name, address in (
            (name, address.replace("7000000", pk)) for name, address in admin_addresses().items()
        )
        # Django leads from the history of what is not there to the list, which says no.
        if name.startswith(("desk-", "assessments_")) and not name.endswith("_history")
        if not name.startswith("assessments_user")
    }
    refused = [{REFUSED}, {REFUSED, 405}]
    assert {name: codes for name, codes in answered.items() if codes not in refused} == {}


def test_coverage_is_for_those_who_may_see_editions(world: World) -> None:
    address = reverse("admin:assessments_edition_coverage")
    answers = {role: world.clients[role].get(address).status_code for role in ROLES}
    assert answers == {
        "visitor": MOVED, "holder": MOVED, "owner": MOVED, "other": MOVED, "coach": MOVED,
        "ex-coach": MOVED, "other coach": MOVED, "editor": OK, "staff": REFUSED, "superuser": OK,
    }  # fmt: skip
    assert world.clients["editor"].post(address).status_code == 405


def test_an_edition_cannot_be_changed_or_deleted_in_the_admin(world: World) -> None:
    pk = world.things["taken"].edition_id
    client = world.clients["superuser"]
    for page in ("change", "delete"):
        address = reverse(f"admin:assessments_edition_{page}", args=[pk])
        assert client.post(address, {"post": "yes"}).status_code == 403
    assert client.get(reverse("admin:assessments_edition_add")).status_code == 403


def test_a_claimed_attempt_is_no_longer_opened_by_its_link(world: World) -> None:
    attempt = world.things["taken"]
    Attempt.objects.filter(pk=attempt.pk).update(owner=User.objects.get(email="owner@example.org"))
    assert (
        world.clients["holder"].get(world.address("responses:section", "taken")).status_code == 404
    )
    assert Client().get(world.address("responses:link", "right")).status_code == 404
