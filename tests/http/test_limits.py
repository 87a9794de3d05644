"""How often something may be tried (trust 4), on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client, RequestFactory
from django.urls import reverse

from assessments.http import limits
from assessments.http.limits import (
    LINK_MISS_IP,
    START_IP,
    Limit,
    TooMany,
    full_buckets,
    require_left,
    take,
)
from assessments.http.models import RateBucket
from assessments.people.origin import UNKNOWN_IP, client_ip, kept_ip
from assessments.responses.links import make_private_link
from tests.cast import new_attempt, published

THREE = Limit("three", tokens=3, per=timedelta(minutes=6))
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
WRONG_LINK = f"/a/{43 * 'A'}/"


def minutes(count: float) -> datetime:
    return NOON + timedelta(minutes=count)


def taken(limit: Limit, key: object, times: list[datetime]) -> list[int]:
    """For each try the seconds to wait; 0 if it was let through."""
    waits = []
    for at in times:
        try:
            take(limit, key, at)
            waits.append(0)
        except TooMany as error:
            waits.append(error.retry_after)
    return waits


def test_the_limits_are_those_of_the_rules():
    table = {
        limit.name: (limit.tokens, limit.per / timedelta(minutes=1))
        for limit in vars(limits).values()
        if isinstance(limit, Limit)
    }
    assert table == {
        "login-account": (10, 15),
        "login-ip": (50, 60),
        "login-code-account": (10, 60),
        "signup-ip": (10, 60),
        "reset-account": (3, 60),
        "link-miss-ip": (20, 10),
        "start-ip": (30, 60),
        "account-user": (60, 60),
        "export-user": (10, 60),
        "pdf-of": (10, 60),
        "share-user": (20, 24 * 60),
        "invite-user": (60, 24 * 60),
        "desk-miss-user": (20, 60),
        "erase-user": (10, 60),
    }


@pytest.mark.django_db
def test_a_bucket_gives_its_tokens_at_once_and_then_one_at_a_time():
    assert taken(THREE, "a", [NOON] * 5) == [0, 0, 0, 120, 120]
    assert taken(THREE, "a", [minutes(1), minutes(2), minutes(2)]) == [60, 0, 120]
    assert taken(THREE, "a", [minutes(60)] * 4) == [0, 0, 0, 120]


@pytest.mark.django_db
def test_a_limit_whose_period_does_not_divide_gives_every_token():
    seven = Limit("seven", tokens=7, per=timedelta(minutes=1))
    assert taken(seven, "a", [NOON] * 8) == [0] * 7 + [9]


@pytest.mark.django_db
def test_every_limit_and_every_sender_has_a_bucket_of_its_own():
    other = Limit("other", tokens=3, per=THREE.per)
    assert taken(THREE, "a", [NOON] * 4)[-1] == 120
    assert taken(THREE, "b", [NOON] * 3) == [0, 0, 0]
    assert taken(other, "a", [NOON] * 3) == [0, 0, 0]


@pytest.mark.django_db
def test_asking_what_is_left_uses_up_nothing():
    for _again in range(10):
        require_left(THREE, "a", NOON)
    assert taken(THREE, "a", [NOON] * 3) == [0, 0, 0]
    with pytest.raises(TooMany):
        require_left(THREE, "a", NOON)


@pytest.mark.django_db
def test_a_clock_that_is_set_back_locks_nobody_out():
    taken(THREE, "a", [minutes(60 * 24 * 365)] * 3)
    assert taken(THREE, "a", [NOON]) == [120]


@pytest.mark.django_db
def test_what_is_stored_does_not_tell_who_it_was(settings):
    take(THREE, "person@example.org", NOON)
    kept = RateBucket.objects.get().key
    RateBucket.objects.all().delete()
    settings.SECRET_KEY = "another-" + 50 * "y"
    take(THREE, "person@example.org", NOON)
    assert len(kept) == 64
    assert RateBucket.objects.get().key != kept


@pytest.mark.django_db
def test_a_bucket_goes_once_it_is_full_again():
    take(THREE, "early", NOON)
    take(THREE, "late", minutes(1))
    assert full_buckets(minutes(2)).count() == 1
    assert RateBucket.objects.count() == 2
    longest = max(one.per for one in vars(limits).values() if isinstance(one, Limit))
    assert longest == timedelta(hours=24)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "", "192.0.2.7"),
        (0, "203.0.113.9", "192.0.2.7"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "", "192.0.2.7"),
        (1, "10.9.9.9, 203.0.113.9", "203.0.113.9"),
        (2, "10.9.9.9, 203.0.113.9, 198.51.100.1", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.7"),
        (1, "nonsense", UNKNOWN_IP),
        (1, "2001:DB8:1:2:3::4", "2001:db8:1:2::"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
    ],
)
def test_an_address_is_believed_only_from_our_own_proxies(
    settings, proxies: int, forwarded: str, expected: str
):
    settings.TRUSTED_PROXIES = proxies
    said: dict[str, Any] = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    request = RequestFactory(REMOTE_ADDR="192.0.2.7", **said).get("/")
    assert client_ip(request) == expected


def test_of_an_address_only_the_network_is_kept():
    assert kept_ip("203.0.113.9") == "203.0.113.0"
    assert kept_ip("2001:db8:1:2::") == "2001:db8:1::"


@pytest.mark.django_db
def test_after_twenty_misses_no_link_opens_from_there_and_from_elsewhere_they_do(client: Client):
    link = make_private_link(attempt=new_attempt(published()), at=NOON)
    misses = [client.get(WRONG_LINK).status_code for _each in range(LINK_MISS_IP.tokens)]
    assert misses == [404] * LINK_MISS_IP.tokens
    wrong, right = client.get(WRONG_LINK), client.get(link)
    assert (wrong.status_code, right.status_code) == (429, 429)
    assert wrong.content == right.content
    assert 1 <= int(right.headers["Retry-After"]) <= 30
    assert client.get(link, REMOTE_ADDR="203.0.113.9").status_code == 302


@pytest.mark.django_db
def test_right_links_are_never_counted(client: Client):
    link = make_private_link(attempt=new_attempt(published()), at=NOON)
    opened = {client.get(link).status_code for _each in range(LINK_MISS_IP.tokens + 5)}
    assert opened == {302}


@pytest.mark.django_db
def test_too_many_starts_from_one_address_are_told_to_wait(client: Client):
    published()
    sent, address = {"length": "short", "consent": "on"}, reverse("responses:start")
    with time_machine.travel(NOON, tick=False):
        replies = [client.post(address, sent) for _each in range(START_IP.tokens)]
        refused = client.post(address, sent)
    assert {response.status_code for response in replies} == {302}
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "120"
    assert "tried too often" in refused.content.decode()
