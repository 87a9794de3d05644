"""How long a sign-in lasts (ASVS 7.3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
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
    client: Client = confirmed(staff())
    session = client.session
    for key in ("signed_in_at", "account_authentication_methods"):
        session.pop(key, None)
    session.save()
    assert client.get(ADMIN).status_code == 302
