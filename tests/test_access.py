"""Who gets what: every address x everybody who may ask (trust 2). No address without a row."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from assessments.people.models import User
from assessments.reports.pdf import pdf_available
from assessments.responses.links import make_private_link
from assessments.responses.models import Attempt
from tests.cast import (
    PASSWORD,
    finished_attempt,
    holder_of,
    new_attempt,
    published,
    signed_in,
    with_second_factor,
)

OK, MOVED, DENIED, LOCKED, BAD, WRONG = 200, 302, 404, 409, 400, 422
LOGIN = "login"
# Without Pango a site says that it cannot make one.
PDF = OK if pdf_available() else 503
ROLES = ("visitor", "holder", "owner", "other", "staff", "superuser")

# Columns: a visitor; a browser with the link of the anonymous attempt; the owner of the other
# attempt; another signed-in person; staff without any permission; a superuser.
# `taken`: an anonymous attempt, `owned`: the owner's, `-done`: finished, `-before`: and earlier.
# fmt: off
EVERYBODY = 6 * (OK,)
HOLDER = (DENIED, OK, DENIED, DENIED, DENIED, DENIED)
OWNER = (DENIED, DENIED, OK, DENIED, DENIED, DENIED)


# An account's own page, and one for those who are not signed in yet.
ACCOUNT = (MOVED, MOVED, OK, OK, OK, OK)
HAS_APP = (MOVED, MOVED, MOVED, MOVED, OK, OK)
# A step of a way: without the one before it, everybody is sent back there.
NOBODY_YET = 6 * (MOVED,)
ENTRANCE = (OK, OK, MOVED, MOVED, MOVED, MOVED)


def to(status: int, row: tuple[int, ...]) -> tuple[int, ...]:
    """The same people, another answer."""
    return tuple(status if cell == OK else cell for cell in row)


ACCESS: dict[str, list[tuple[str, str | None, tuple[int, ...]]]] = {
    # url name: [(method, attempt, status by role), ...]
    "healthz":              [("get", None, EVERYBODY)],
    "readyz":               [("get", None, EVERYBODY)],
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
    # Accounts.
    "people:account":       [("get", None, ACCOUNT)],
    "account_login":        [("get", None, ENTRANCE), ("post", None, to(WRONG, ENTRANCE))],
    "account_logout":       [("get", None, ACCOUNT), ("post", None, to(MOVED, EVERYBODY))],
    "account_inactive":     [("get", None, EVERYBODY)],
    "account_signup":       [("get", None, ENTRANCE), ("post", None, to(WRONG, ENTRANCE))],
    "account_signup_by_passkey": [("get", None, ENTRANCE), ("post", None, to(WRONG, ENTRANCE))],
    "account_request_login_code": [("get", None, ENTRANCE), ("post", None, to(WRONG, ENTRANCE))],
    "account_confirm_login_code": [("get", None, NOBODY_YET), ("post", None, NOBODY_YET)],
    "account_email_verification_sent": [("get", None, NOBODY_YET), ("post", None, NOBODY_YET)],
    "account_email":        [("get", None, ACCOUNT), ("post", None, NOBODY_YET)],
    "account_change_password": [("get", None, ACCOUNT), ("post", None, to(WRONG, ACCOUNT))],
    # All of them have one, which they change instead.
    "account_set_password": [("get", None, NOBODY_YET), ("post", None, NOBODY_YET)],
    # For those, too, who are signed in and want another without knowing the old one.
    "account_reset_password": [("get", None, EVERYBODY), ("post", None, to(WRONG, EVERYBODY))],
    "account_reset_password_done": [("get", None, EVERYBODY)],
    "account_reset_password_from_key": [("get", None, EVERYBODY),
                                        ("post", None, to(WRONG, EVERYBODY))],
    "account_reset_password_from_key_done": [("get", None, EVERYBODY)],
    "account_reauthenticate": [("get", None, ACCOUNT), ("post", None, to(WRONG, ACCOUNT))],
    # Nobody's address is confirmed here, so no code is sent.
    "account_request_reauthentication_code": [("get", None, NOBODY_YET),
                                              ("post", None, NOBODY_YET)],
    "account_confirm_reauthentication_code": [("get", None, NOBODY_YET),
                                              ("post", None, NOBODY_YET)],
    "mfa_index":            [("get", None, ACCOUNT)],
    "mfa_authenticate":     [("get", None, NOBODY_YET), ("post", None, NOBODY_YET)],
    # Staff have an app. All that follows asks first to confirm who it is.
    "mfa_reauthenticate":   [("get", None, HAS_APP), ("post", None, to(WRONG, HAS_APP))],
    "mfa_activate_totp":    [("get", None, NOBODY_YET), ("post", None, NOBODY_YET)],
    "mfa_deactivate_totp":  [("get", None, (MOVED, MOVED, DENIED, DENIED, MOVED, MOVED)),
                             ("post", None, (MOVED, MOVED, DENIED, DENIED, MOVED, MOVED))],
    "mfa_view_recovery_codes": [("get", None, to(DENIED, ACCOUNT))],
    "mfa_generate_recovery_codes": [("get", None, NOBODY_YET), ("post", None, NOBODY_YET)],
    "mfa_download_recovery_codes": [("get", None, to(DENIED, ACCOUNT)),
                                    ("post", None, to(DENIED, ACCOUNT))],
    "mfa_list_webauthn":    [("get", None, ACCOUNT)],
    "mfa_add_webauthn":     [("get", None, NOBODY_YET), ("post", None, NOBODY_YET)],
    "mfa_edit_webauthn":    [("get", None, NOBODY_YET), ("post", None, NOBODY_YET)],
    "mfa_remove_webauthn":  [("get", None, NOBODY_YET), ("post", None, NOBODY_YET)],
    "mfa_reauthenticate_webauthn": [("get", None, NOBODY_YET), ("post", None, NOBODY_YET)],
    "mfa_login_webauthn":   [("get", None, NOBODY_YET), ("post", None, NOBODY_YET)],
    "mfa_signup_webauthn":  [("get", None, NOBODY_YET), ("post", None, NOBODY_YET)],
    "usersessions_list":    [("get", None, ACCOUNT), ("post", None, NOBODY_YET)],
}
# fmt: on

CASES = [
    pytest.param(name, method, attempt, expected, id=f"{name}-{method}-{attempt}")
    for name, rows in ACCESS.items()
    for method, attempt, expected in rows
]
# Pages of one attempt that can be read.
READABLE = sorted(
    name
    for name, rows in ACCESS.items()
    if {("get", "owned"), ("get", "owned-done")} & {(method, kind) for method, kind, _row in rows}
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

    attempts: dict[str, Attempt]
    clients: dict[str, Client]
    link: str

    def address(self, name: str, attempt: str | None) -> str:
        if name == "responses:link":
            token = self.link.rstrip("/").rpartition("/")[2] if attempt == "right" else "A" * 43
            return reverse(name, args=[token])
        if name == "reports:compare" and attempt:
            return reverse(name) + self.two(attempt)
        more: dict[str, list[Any]] = {
            "responses:section": [1],
            "responses:continue": ["full"],
            "guide:page": ["faq"],
            "guide:dimension": ["metrics"],
            "mfa_edit_webauthn": [1],
            "mfa_remove_webauthn": [1],
            "account_reset_password_from_key": ["1", "no-such-key"],
        }
        extra = more.get(name, [])
        return reverse(name, args=[self.attempts[attempt].pk, *extra] if attempt else extra)

    def two(self, attempt: str) -> str:
        """A query for two attempts of one person, or for one of each."""
        whose = attempt.partition("-")[0]
        names = {"one of each": ("taken-done", "owned-done")}.get(
            attempt, (attempt, f"{whose}-before")
        )
        return "?a={}&b={}".format(*(self.attempts[name].pk for name in names))


RIGHTS: dict[str, dict[str, Any]] = {
    "owner": {},
    "other": {},
    "staff": {"is_staff": True},
    "superuser": {"is_staff": True, "is_superuser": True},
}


@pytest.fixture
def world(db: None) -> World:
    edition = published()
    people = {
        name: User.objects.create_user(f"{name}@example.org", password=PASSWORD, **rights)
        for name, rights in RIGHTS.items()
    }
    owner = people["owner"]
    for name in ("staff", "superuser"):
        with_second_factor(people[name])
    attempts = {
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
    holder = holder_of(*(attempts[name] for name in ("taken", "taken-before", "taken-done")))
    clients = {name: signed_in(user) for name, user in people.items()}
    link = make_private_link(attempt=attempts["taken"], at=timezone.now())
    return World(attempts, clients | {"visitor": Client(), "holder": holder}, link)


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
    return {model.__name__: model._default_manager.count() for model in models}


def masked(response: Any) -> str:
    """The page without the CSRF token, which differs each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


@pytest.mark.parametrize(("name", "method", "attempt", "expected"), CASES)
def test_everybody_gets_what_the_table_says(
    world: World, name: str, method: str, attempt: str | None, expected: tuple[int, ...]
) -> None:
    before = rows_in_all_tables()
    answers, changed = [], []
    for role in ROLES:
        with rolled_back():
            response = getattr(world.clients[role], method)(world.address(name, attempt))
            answers.append(response.status_code)
            if response.status_code == DENIED and rows_in_all_tables() != before:
                changed.append(role)
    assert tuple(answers) == expected
    assert changed == []


@pytest.mark.parametrize("name", READABLE)
def test_what_one_may_not_see_looks_like_what_does_not_exist(world: World, name: str) -> None:
    for role in ROLES:
        client = world.clients[role]
        denied = "taken-done" if role == "owner" else "owned-done"
        address = world.address(name, denied)
        real = client.get(address)
        unknown = client.get(address.replace(str(world.attempts[denied].pk), str(uuid4())))
        assert real.status_code == unknown.status_code == DENIED
        assert masked(real) == masked(unknown)
        assert dict(real.headers) == dict(unknown.headers)


@pytest.mark.parametrize("name", sorted(ACCESS))
def test_other_methods_are_refused(world: World, name: str) -> None:
    attempt = {"responses:link": "right"}.get(name, ACCESS[name][0][1])
    of_account = name.startswith(("people:", "account_", "mfa_", "usersessions_"))
    is_owner = of_account or (attempt and attempt.startswith("owned"))
    role = "owner" if is_owner else "holder"
    refused = {"get", "post", "put", "patch", "delete"} - METHODS[name]
    for method in refused:
        response = getattr(world.clients[role], method)(world.address(name, attempt))
        assert (method, response.status_code) == (method, 405)


@pytest.mark.parametrize("name", sorted(n for n, methods in METHODS.items() if "post" in methods))
def test_every_post_needs_the_csrf_token(world: World, name: str) -> None:
    attempt = next(a for method, a, _row in ACCESS[name] if method == "post")
    kind = "owner" if attempt and attempt.startswith("owned") else "holder"
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = world.clients[kind].cookies
    assert strict.post(world.address(name, attempt)).status_code == 403


def test_the_admin_knows_no_attempts_answers_or_reports():
    registered = {model.__name__ for model in admin.site._registry}
    assert registered == {"User", "Group", "Edition"}


def test_the_admin_is_closed_to_everybody_without_a_right(world: World) -> None:
    index = reverse("admin:index")
    answers = {role: world.clients[role].get(index).status_code for role in ROLES}
    assert answers == {
        "visitor": MOVED, "holder": MOVED, "owner": MOVED, "other": MOVED,
        "staff": OK, "superuser": OK,
    }  # fmt: skip


def test_coverage_is_for_those_who_may_see_editions(world: World) -> None:
    address = reverse("admin:assessments_edition_coverage")
    answers = {role: world.clients[role].get(address).status_code for role in ROLES}
    assert answers == {
        "visitor": MOVED, "holder": MOVED, "owner": MOVED, "other": MOVED,
        "staff": 403, "superuser": OK,
    }  # fmt: skip
    staff = User.objects.get(email="staff@example.org")
    staff.user_permissions.add(Permission.objects.get(codename="view_edition"))
    assert world.clients["staff"].get(address).status_code == OK
    assert world.clients["staff"].post(address).status_code == 405


def test_an_edition_cannot_be_changed_or_deleted_in_the_admin(world: World) -> None:
    pk = world.attempts["taken"].edition_id
    client = world.clients["superuser"]
    for page in ("change", "delete"):
        address = reverse(f"admin:assessments_edition_{page}", args=[pk])
        assert client.post(address, {"post": "yes"}).status_code == 403
    assert client.get(reverse("admin:assessments_edition_add")).status_code == 403


def test_a_claimed_attempt_is_no_longer_opened_by_its_link(world: World) -> None:
    attempt = world.attempts["taken"]
    Attempt.objects.filter(pk=attempt.pk).update(owner=User.objects.get(email="owner@example.org"))
    assert (
        world.clients["holder"].get(world.address("responses:section", "taken")).status_code == 404
    )
    assert Client().get(world.address("responses:link", "right")).status_code == 404
