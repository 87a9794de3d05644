"""What the security log tells, and what it never holds (ASVS 16.2, 16.3)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.test import Client
from django.urls import reverse

from assessments.http.limits import LOGIN_ACCOUNT
from assessments.http.security_log import account_mark
from assessments.people.models import User
from tests.cast import PASSWORD, confirmed, signed_in, with_password, with_second_factor

pytestmark = pytest.mark.django_db
LOGIN = reverse("account_login")
KNOWN, NETWORK = "person@example.org", "203.0.113.0"
# What every line of a request says.
FRAME = {"event", "user", "network", "page"}


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """The lines of the security log, and of no other."""
    caplog.set_level(logging.INFO, logger="roleassess.security")
    return caplog


def lines(log: pytest.LogCaptureFixture) -> list[Mapping[str, Any]]:
    """The fields of each line, but for those of any log."""
    usual = set(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
    return [
        {name: value for name, value in vars(record).items() if name not in usual}
        for record in log.records
        if record.name == "roleassess.security"
    ]


def events(log: pytest.LogCaptureFixture) -> list[str]:
    return [line["event"] for line in lines(log)]


def browser(**more: Any) -> Client:
    return Client(REMOTE_ADDR="203.0.113.77", **more)


def test_a_sign_in_says_who_from_which_network_and_how(log: pytest.LogCaptureFixture):
    user = with_password()
    browser().post(LOGIN, {"login": KNOWN, "password": PASSWORD})
    step, done = lines(log)
    frame = {"user": user.pk, "network": NETWORK, "page": "account_login"}
    assert step == {"event": "identity_shown", "method": "password", **frame}
    assert done == {"event": "signed_in", "methods": ["password"], **frame}


def test_a_wrong_password_is_told_without_saying_whose_address_it_is(
    log: pytest.LogCaptureFixture,
):
    with_password()
    for address in (KNOWN, KNOWN.upper(), "nobody@example.org"):
        browser().post(LOGIN, {"login": address, "password": "not the right one at all"})
    found = lines(log)
    marks = [account_mark(KNOWN), account_mark(KNOWN), account_mark("nobody@example.org")]
    assert found == [
        {"event": "not_proved", "user": None, "network": NETWORK, "page": "account_login",
         "account": mark}
        for mark in marks
    ]  # fmt: skip
    assert marks[1] != marks[2]


def test_every_wrong_code_of_an_e_mail_is_told(log: pytest.LogCaptureFixture):
    with_password()
    client = browser()
    client.post(LOGIN, {"login": KNOWN})
    for _try in range(3):
        client.post(reverse("account_confirm_login_code"), {"code": "BBBB-BBBB"})
    found = [line for line in lines(log) if line["event"] == "not_proved"]
    assert [line["page"] for line in found] == 3 * ["account_confirm_login_code"]
    assert {line["account"] for line in found} == {account_mark(KNOWN)}


def test_a_wrong_code_of_an_app_is_told_and_the_password_before_it(
    log: pytest.LogCaptureFixture,
):
    user = with_second_factor(with_password())
    client = browser()
    client.post(LOGIN, {"login": KNOWN, "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert [(line["event"], line["page"]) for line in lines(log)] == [
        ("identity_shown", "account_login"),
        ("not_proved", "mfa_authenticate"),
    ]
    assert lines(log)[0]["user"] == user.pk


def test_what_changes_about_an_account_is_told(log: pytest.LogCaptureFixture):
    client = confirmed(with_password())
    log.clear()
    new = "nine blue lamps outside"
    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    client.post(reverse("account_logout"))
    assert events(log) == ["password_changed", "signed_out"]


def test_a_limit_that_is_reached_is_told_by_its_name(log: pytest.LogCaptureFixture):
    with_password()
    for _try in range(LOGIN_ACCOUNT.tokens + 1):
        browser().post(LOGIN, {"login": KNOWN, "password": "not the right one at all"})
    assert events(log) == [*LOGIN_ACCOUNT.tokens * ["not_proved"], "limit_reached"]
    assert lines(log)[-1]["limit"] == LOGIN_ACCOUNT.name


def test_asking_for_what_is_not_ones_own_is_told(log: pytest.LogCaptureFixture):
    client = signed_in(with_password())
    log.clear()
    client.get(reverse("reports:result", args=[uuid4()]))
    [line] = lines(log)
    assert (line["event"], line["page"]) == ("not_found_or_not_theirs", "reports:result")


def test_a_page_of_staff_that_is_refused_is_told(log: pytest.LogCaptureFixture):
    staff = User.objects.create_user("staff@example.org", PASSWORD, is_staff=True)
    client = signed_in(with_second_factor(staff))
    log.clear()
    client.get(reverse("admin:assessments_user_changelist"))
    [line] = lines(log)
    assert (line["event"], line["user"]) == ("refused", staff.pk)


def test_a_post_without_its_token_is_told(log: pytest.LogCaptureFixture):
    Client(enforce_csrf_checks=True).post(LOGIN, {"login": KNOWN})
    assert events(log) == ["csrf_refused"]


def test_what_staff_do_in_the_admin_is_told(log: pytest.LogCaptureFixture):
    staff = User.objects.create_user("staff@example.org")
    LogEntry.objects.create(
        user=staff,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(staff.pk),
        object_repr="not for the log",
        action_flag=CHANGE,
    )
    assert lines(log) == [
        {"event": "staff_action", "user": staff.pk, "action": "change",
         "kind": "assessments.user", "object": str(staff.pk)}
    ]  # fmt: skip


def test_no_line_holds_a_secret_an_address_or_what_somebody_typed(
    log: pytest.LogCaptureFixture,
):
    with_password()
    forged = "x\nWARNING roleassess.security: signed_in"
    client = browser(headers={"user-agent": forged})
    client.post(LOGIN, {"login": forged, "password": forged})
    client.post(LOGIN, {"login": KNOWN, "password": "typed by mistake elsewhere"})
    client.post(LOGIN, {"login": KNOWN})
    [code] = [line for line in mail.outbox[0].body.splitlines() if line.count("-") == 1][:1]
    client.post(reverse("account_confirm_login_code"), {"code": code})
    said = repr(lines(log)) + log.text
    assert set(events(log)) == {"not_proved", "identity_shown", "signed_in"}
    for secret in (forged, "typed by mistake", KNOWN, code, "203.0.113.77"):
        assert secret not in said
    assert all("\n" not in record.getMessage() for record in log.records)
    assert all(set(line) >= FRAME for line in lines(log))
