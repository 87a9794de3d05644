"""How long a sign-in lasts, what ends it, and what needs a new one (ASVS 6.4, 6.5, 7.3-7.5)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.people.models import User
from tests.cast import (
    PASSWORD,
    confirmed,
    holder_of,
    new_attempt,
    published,
    signed_in,
    with_password,
    with_second_factor,
)

pytestmark = pytest.mark.django_db
ADMIN, MINE = reverse("admin:index"), reverse("reports:mine")
LIFETIME = timedelta(seconds=settings.SESSION_COOKIE_AGE)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def staff() -> User:
    user = User.objects.create_user("staff@example.org", PASSWORD, is_staff=True)
    return with_second_factor(user)


def test_a_sign_in_ends_after_its_time_however_much_it_is_used():
    now = timezone.now()
    client = signed_in(with_password())
    for days in range(30, LIFETIME.days, 30):
        with time_machine.travel(now + days * DAY, tick=False):
            session = client.session
            session["used"] = days
            session.save()
            assert client.get(MINE).status_code == 200
    with time_machine.travel(now + LIFETIME + MINUTE, tick=False):
        assert client.get(MINE).status_code == 302


def test_the_cookie_ends_with_the_sign_in():
    now = timezone.now()
    client = signed_in(with_password())
    with time_machine.travel(now + LIFETIME - DAY, tick=False):
        session = client.session
        session["used"] = True
        assert session.get_expiry_age() <= DAY.total_seconds()
        assert session.get_expiry_date() <= now + LIFETIME + MINUTE


def test_without_an_account_each_use_counts_anew():
    now = timezone.now()
    client = holder_of(new_attempt(published()))
    with time_machine.travel(now + LIFETIME - DAY, tick=False):
        assert client.session.get_expiry_age() == settings.SESSION_COOKIE_AGE


def test_staff_show_after_half_a_day_who_they_are_and_go_on():
    now = timezone.now()
    client = signed_in(staff())
    with time_machine.travel(now + 12 * HOUR - MINUTE, tick=False):
        assert client.get(ADMIN).status_code == 200
    with time_machine.travel(now + 12 * HOUR + MINUTE, tick=False):
        response = client.get(ADMIN)
        assert response.headers["Location"] == "/account/reauthenticate/?next=%2Fadmin%2F"
        assert client.get(MINE).status_code == 200


def test_what_staff_write_is_taken_for_an_hour_more():
    now = timezone.now()
    client = signed_in(staff())
    address = reverse("admin:assessments_user_changelist")
    with time_machine.travel(now + 13 * HOUR - MINUTE, tick=False):
        assert client.post(address).status_code == 403
    with time_machine.travel(now + 13 * HOUR + MINUTE, tick=False):
        assert client.post(address).status_code == 302


def test_staff_who_have_just_shown_it_again_are_let_in():
    now = timezone.now()
    user = with_password()
    User.objects.update(is_staff=True)
    with time_machine.travel(now - DAY, tick=False):
        client = signed_in(user)
    assert client.get(ADMIN).status_code == 302
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    with_second_factor(user)
    assert client.get(ADMIN).status_code == 200


def test_a_session_from_before_it_was_remembered_must_show_it():
    client = confirmed(staff())
    session = client.session
    for key in ("signed_in_at", "account_authentication_methods"):
        session.pop(key, None)
    session.save()
    assert client.get(ADMIN).status_code == 302


def test_an_account_that_is_switched_off_is_out_at_the_next_request():
    user = with_password()
    client = signed_in(user)
    assert client.get(MINE).status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(MINE).status_code == 302


def test_a_new_password_ends_every_other_sign_in():
    user = with_password()
    here, there = confirmed(user), signed_in(user)
    new = "nine blue lamps outside"
    here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert here.get(MINE).status_code == 200
    assert there.get(MINE).status_code == 302


def test_a_new_password_by_a_link_ends_every_sign_in_and_opens_no_way_past_the_second_factor():
    user = with_second_factor(with_password())
    there, here = signed_in(user), Client()
    here.post(reverse("account_reset_password"), {"email": user.email})
    [path] = re.findall(r"http://testserver(/account/password/\S+)", mail.outbox[0].body)
    new = "nine blue lamps outside"
    form = here.get(path).headers["Location"]
    here.post(form, {"password1": new, "password2": new})
    assert there.get(MINE).status_code == 302
    assert here.get(MINE).status_code == 302
    response = here.post(reverse("account_login"), {"login": user.email, "password": new})
    assert response.headers["Location"] == reverse("mfa_authenticate")
    assert here.get(MINE).status_code == 302


@pytest.mark.parametrize(
    ("page", "sent"),
    [
        ("account_email", {"action_add": "", "email": "other@example.org"}),
        ("mfa_activate_totp", {"code": "000000"}),
        ("mfa_add_webauthn", {}),
        ("mfa_generate_recovery_codes", {}),
        ("mfa_deactivate_totp", {}),
    ],
)
def test_what_one_signs_in_with_is_changed_only_after_showing_again_who_one_is(
    page: str, sent: dict[str, str]
):
    user = with_password()
    if page in {"mfa_generate_recovery_codes", "mfa_deactivate_totp"}:
        with_second_factor(user)
    response = signed_in(user).post(reverse(page), sent)
    assert response.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert mail.outbox == []


def test_each_recovery_code_opens_once():
    user = with_password()
    codes = RecoveryCodes.activate(user)
    with_second_factor(user)
    code = codes.get_unused_codes()[0]
    assert codes.validate_code(code)
    assert not codes.validate_code(code)
    assert code not in codes.get_unused_codes()


def test_a_password_is_masked_and_taken_as_it_was_typed():
    typed = "  Seven Grey Herons Upstairs  "
    user = with_password(password=typed)
    page = Client().get(reverse("account_login")).content.decode()
    [field] = re.findall(r'<input[^>]+name="password"[^>]*>', page)
    assert 'type="password"' in field
    for other in (typed.strip(), typed.lower(), typed):
        client = Client()
        client.post(reverse("account_login"), {"login": user.email, "password": other})
        assert (client.get(MINE).status_code == 200) is (other == typed)
