"""Consents, their ledger and the access log: what holds, and what the database refuses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from assessments.errors import DomainError
from assessments.people import services
from assessments.people.actors import Actor
from assessments.people.consents import AccessEvent, Consent, ConsentEvent, Deed, Look, Scope
from assessments.people.models import User
from assessments.responses.models import Attempt
from assessments.responses.services import delete_attempt
from tests.cast import consent_of, desk_of, finished_attempt, published

NOW = timezone.now()


@pytest.fixture
def client_(db: None) -> User:
    return User.objects.create_user("client@example.org", name="Priya")


@pytest.fixture
def coach(db: None) -> User:
    user = User.objects.create_user("coach@example.org", name="Tom")
    desk_of(user)
    return user


@pytest.fixture
def attempt(client_: User) -> Attempt:
    return finished_attempt(published(), owner=client_)


def test_a_consent_names_what_was_chosen_and_nothing_else(client_, coach, attempt):
    consent = consent_of(client_, coach, attempt, [Scope.PLAN])
    assert (consent.answers, consent.plan, consent.later_attempts, consent.export) == (
        False, True, False, False,
    )  # fmt: skip
    assert consent.scopes == ["plan"]


def test_a_consent_counts_until_it_is_withdrawn_or_runs_out(client_, coach, attempt):
    consent = consent_of(client_, coach, attempt)
    given_to = Consent.objects.given_to(Actor(coach.pk, ()))
    last_moment = consent.expires_at - timedelta(microseconds=1)
    assert list(given_to.in_force(last_moment)) == [consent]
    assert list(given_to.in_force(consent.expires_at)) == []
    services.end_consents(consents=[consent], deed=Deed.WITHDRAWN, at=timezone.now())
    assert list(given_to.in_force(timezone.now())) == []
    # Not even for somebody whose clock stands an hour back.
    assert list(given_to.in_force(timezone.now() - timedelta(hours=1))) == []


def test_a_coach_whose_desk_is_not_approved_is_given_nothing(client_, coach, attempt):
    consent_of(client_, coach, attempt)
    coach.coach_profile.is_approved = False
    coach.coach_profile.save()
    assert not Consent.objects.given_to(Actor(coach.pk, ())).exists()


def test_nobody_is_given_nothing(client_, coach, attempt):
    consent_of(client_, coach, attempt)
    nobody = Actor(None, ())
    assert not Consent.objects.given_to(nobody).exists()
    assert not Consent.objects.given_by(nobody).exists()
    assert not AccessEvent.objects.seen_by(nobody).exists()


def test_a_second_consent_replaces_the_first(client_, coach, attempt):
    first = consent_of(client_, coach, attempt)
    second = consent_of(client_, coach, attempt, [])
    assert list(Consent.objects.in_force(timezone.now())) == [second]
    ledger = ConsentEvent.objects.order_by("pk").values_list("consent_ref", "deed", "scopes")
    everything = "answers plan later_attempts export"
    assert list(ledger) == [
        (first.pk, "given", everything),
        (first.pk, "replaced", everything),
        (second.pk, "given", ""),
    ]


def test_the_database_keeps_one_open_consent_between_two_people(client_, coach, attempt):
    consent = consent_of(client_, coach, attempt)
    twin = {f.attname: getattr(consent, f.attname) for f in Consent._meta.fields if f.name != "id"}
    with pytest.raises(IntegrityError, match=r"one_open_consent|UNIQUE"):
        Consent.objects.create(**twin)


def test_nobody_shares_with_themselves(coach):
    own = finished_attempt(published(), owner=coach)
    with pytest.raises(DomainError):
        consent_of(coach, coach, own)


def test_ending_twice_writes_one_line(client_, coach, attempt):
    consent = consent_of(client_, coach, attempt)
    for _time in range(2):
        services.end_consents(consents=[consent], deed=Deed.WITHDRAWN, at=timezone.now())
    assert ConsentEvent.objects.filter(deed="withdrawn").count() == 1


def test_deleting_a_result_ends_its_consent_and_the_ledger_says_so(client_, coach, attempt):
    consent = consent_of(client_, coach, attempt)
    delete_attempt(attempt=attempt, at=timezone.now())
    assert not Consent.objects.exists()
    ended = ConsentEvent.objects.get(deed="withdrawn")
    assert (ended.consent_ref, ended.client_ref) == (consent.pk, client_.ledger_ref)


def test_later_attempts_are_shared_only_if_the_consent_says_so(client_, coach, attempt):
    earlier = finished_attempt(published(), owner=client_)
    later = finished_attempt(published(), "short", owner=client_)
    foreign = finished_attempt(published(), owner=coach)
    day = timedelta(days=1)
    for one, at in (
        (earlier, NOW - day),
        (attempt, NOW),
        (later, NOW + day),
        (foreign, NOW + day),
    ):
        Attempt.objects.filter(pk=one.pk).update(finished_at=at)
    attempt.refresh_from_db()
    only_this = consent_of(client_, coach, attempt, [])
    assert list(Attempt.objects.shared_by(only_this)) == [attempt]
    later_too = consent_of(client_, coach, attempt, [Scope.LATER_ATTEMPTS])
    assert list(Attempt.objects.shared_by(later_too)) == [later, attempt]


# --- What the database refuses ------------------------------------------------------------------


def refused(statement: str) -> str:
    """What the database says to a statement that it must refuse."""
    with pytest.raises(DatabaseError) as raised, transaction.atomic():
        connection.cursor().execute(statement)
    return str(raised.value)


def test_a_line_of_the_ledger_never_changes(client_, coach, attempt):
    consent_of(client_, coach, attempt)
    said = refused("UPDATE assessments_consentevent SET deed = 'withdrawn'")
    assert "the consent ledger never changes" in said


def test_a_line_of_the_ledger_goes_only_after_an_erasure_is_on_record(client_, coach, attempt):
    consent_of(client_, coach, attempt)
    delete = "DELETE FROM assessments_consentevent WHERE deed = 'given'"
    assert "the consent ledger outlives the account" in refused(delete)
    ConsentEvent.objects.create(client_ref=client_.ledger_ref, deed=Deed.ERASED, at=NOW)
    connection.cursor().execute(delete)
    assert [event.deed for event in ConsentEvent.objects.all()] == ["erased"]


def test_a_line_of_the_access_log_never_changes_what_it_says(client_, coach, attempt):
    consent = consent_of(client_, coach, attempt)
    services.note_looks(reads=[(consent, attempt.pk)], look=Look.RESULT, at=NOW)
    for change in ("look = 'plan'", "at = '2020-01-01'", f"client_id = {coach.pk}"):
        said = refused(f"UPDATE assessments_accessevent SET {change}")  # noqa: S608 - our own words
        assert "the access log never changes" in said


def test_erasing_a_person_empties_the_reference_and_keeps_the_line(client_, coach, attempt):
    consent = consent_of(client_, coach, attempt)
    services.note_looks(reads=[(consent, attempt.pk)], look=Look.RESULT, at=NOW)
    client_.delete()
    event = AccessEvent.objects.get()
    assert (event.client, event.attempt, event.reader, event.look) == (
        None, None, coach, "result",
    )  # fmt: skip
