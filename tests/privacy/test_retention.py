"""What is kept, how long, and that a dry run tells exactly what a run would do."""

import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import hypothesis
import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from assessments.coaching.models import Assignment, Client, Note, SecondView
from assessments.people.consents import AccessEvent, Consent, ConsentEvent, Deed
from assessments.people.models import User
from assessments.people.services import end_consents
from assessments.privacy import retention
from assessments.privacy.reminders import send_reminders
from assessments.privacy.services import erase_account
from assessments.responses.models import Attempt
from assessments.responses.services import delete_attempt
from tests.cast import finished_attempt, new_attempt, published, signed_in
from tests.privacy.people import a_coach, coached, invited
from tests.privacy.rows import all_rows

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NOW = timezone.now()


def run(at: datetime) -> dict[str, int]:
    """What a run did, having checked that a dry run just before had said so, and did nothing."""
    before = all_rows()
    said = retention.apply_retention(at=at, dry_run=True)
    assert all_rows() == before
    done = retention.apply_retention(at=at, dry_run=False)
    assert done == said
    return {key: count for key, count in done.items() if count}


def attempt(*, owner: User | None = None, used: datetime = NOW, done: bool = False) -> Attempt:
    made = finished_attempt(published(), "short", owner) if done else new_attempt(
        published(), "short", owner
    )  # fmt: skip
    Attempt.objects.filter(pk=made.pk).update(last_used_at=used, started_at=used)
    return made


def user(name: str, *, used: datetime = NOW, **more: Any) -> User:
    return User.objects.create_user(
        f"{name}@example.org", last_login=used, date_joined=used, **more
    )


def sharing(at: datetime = NOW) -> Client:
    """A client of a coach, with two notes, a view and a step."""
    coach, person = a_coach("coach", at), user("person", used=NOW)
    finished_attempt(published(), "short", person)
    return coached(coach, person, "words", at)


def person_of(client: Client) -> User:
    """Who shares."""
    assert client.person is not None
    return client.person


# --- Attempts -----------------------------------------------------------------------------------


@pytest.mark.parametrize("done", [True, False])
def test_anonymous_attempts_go_90_days_after_their_last_use(done: bool) -> None:
    old, fresh = attempt(used=NOW - 91 * DAY, done=done), attempt(used=NOW - 89 * DAY, done=done)
    assert run(NOW) == {"anonymous_attempts": 1}
    assert list(Attempt.objects.all()) == [fresh]
    assert not old.answers.exists()


def test_unfinished_attempts_of_an_account_go_after_12_months_and_finished_ones_stay() -> None:
    owner = user("owner")
    attempt(owner=owner, used=NOW - 366 * DAY)
    kept = {
        attempt(owner=owner, used=NOW - 364 * DAY),
        attempt(owner=owner, used=NOW - 999 * DAY, done=True),
    }
    assert run(NOW) == {"unfinished_attempts": 1}
    assert set(Attempt.objects.all()) == kept


# --- Coaching -----------------------------------------------------------------------------------


def withdraw(client: Client, at: datetime) -> None:
    end_consents(consents=Consent.objects.all(), deed=Deed.WITHDRAWN, at=at)


def run_out(client: Client, at: datetime) -> None:
    Consent.objects.update(expires_at=at)


def delete_result(client: Client, at: datetime) -> None:
    delete_attempt(attempt=Attempt.objects.get(owner=client.person), at=at)


ENDS = [withdraw, run_out, delete_result]


@pytest.mark.parametrize("end", ENDS)
def test_what_a_coach_wrote_goes_30_days_after_the_consent_ended(
    end: Callable[[Client, datetime], None],
) -> None:
    client = sharing(NOW)
    ended_at = NOW + 10 * DAY
    end(client, ended_at)
    assert run(ended_at + 29 * DAY) == {}
    gone = run(ended_at + 31 * DAY)
    views = {} if end is delete_result else {"second_views": 1}
    assert gone == {"notes": 2, "assignments": 1, **views}
    left = [model.objects.count() for model in (Note, Assignment, SecondView)]
    assert left == [0, 0, 0]
    assert Client.objects.filter(pk=client.pk).exists()


def test_notes_stay_while_any_consent_between_the_two_is_in_force() -> None:
    client = sharing(NOW)
    withdraw(client, NOW + DAY)
    Consent.objects.create(
        client=person_of(client), coach=client.coach, attempt=Attempt.objects.get(),
        text_digest="x", given_at=NOW + 50 * DAY, expires_at=NOW + 70 * DAY,
    )  # fmt: skip
    assert run(NOW + 99 * DAY) == {}
    assert run(NOW + 101 * DAY) == {"notes": 2, "second_views": 1, "assignments": 1}


def test_notes_of_one_coach_do_not_live_on_the_consent_of_another() -> None:
    client = sharing(NOW)
    withdraw(client, NOW + DAY)
    other = a_coach("other")
    coached(other, person_of(client), "theirs", NOW + 2 * DAY)
    assert run(NOW + 40 * DAY)["notes"] == 2
    assert set(Note.objects.values_list("client__coach", flat=True)) == {other.pk}


def test_invitations_that_nobody_took_up_go_after_12_months() -> None:
    coach = a_coach("coach")
    invited(coach, "old", "a@example.org", NOW - 366 * DAY)
    fresh = invited(coach, "fresh", "b@example.org", NOW - 364 * DAY)
    taken = invited(coach, "taken", "c@example.org", NOW - 999 * DAY, attempt=attempt())
    assert run(NOW) == {"invitations": 1}
    assert set(Client.objects.all()) == {fresh, taken}


# --- Logs ---------------------------------------------------------------------------------------


def test_the_access_log_goes_after_12_months() -> None:
    sharing()
    AccessEvent.objects.all().delete()
    for age in (364, 366, 900):
        AccessEvent.objects.create(look="result", at=NOW - age * DAY)
    assert run(NOW) == {"access_log_lines": 2}


def test_the_ledger_goes_3_years_after_the_erasure_and_not_before() -> None:
    client = sharing()
    erase_account(user=person_of(client), at=NOW + DAY)
    lines = ConsentEvent.objects.count()
    assert lines == 3
    assert "ledger_lines" not in run(NOW + 1095 * DAY)
    at = NOW + 1097 * DAY
    assert {k: n for k, n in run(at).items() if "ledger" in k} == {
        "ledger_lines": 2, "ledger_ends": 1,
    }  # fmt: skip
    assert not ConsentEvent.objects.exists()


def test_expired_sessions_go() -> None:
    signed_in(user("a"))
    with time_machine.travel(NOW - 91 * DAY, tick=False):
        signed_in(user("b"))
    User.objects.update(last_login=NOW)
    assert run(NOW) == {"expired_sessions": 1}
    assert Session.objects.count() == 1


# --- Idle accounts ------------------------------------------------------------------------------


def test_an_idle_account_is_told_and_deleted_30_days_later() -> None:
    attempt(owner=user("idle", used=NOW - 731 * DAY), used=NOW - 731 * DAY, done=True)
    assert run(NOW) == {"idle_accounts_told": 1}
    (message,) = mail.outbox
    assert message.to == ["idle@example.org"]
    assert "sign in before then" in message.body
    assert run(NOW + 29 * DAY) == {}
    assert run(NOW + 30 * DAY) == {"idle_accounts": 1}
    assert not User.objects.exists()
    assert not Attempt.objects.exists()
    assert len(mail.outbox) == 1


def test_whoever_comes_back_after_the_notice_is_told_anew_the_next_time() -> None:
    idle = user("idle", used=NOW - 731 * DAY)
    assert run(NOW) == {"idle_accounts_told": 1}
    back = NOW + 10 * DAY
    User.objects.filter(pk=idle.pk).update(last_login=back)
    assert run(NOW + 40 * DAY) == {}
    assert run(back + 731 * DAY) == {"idle_accounts_told": 1}
    assert run(back + 760 * DAY) == {}
    assert run(back + 761 * DAY) == {"idle_accounts": 1}


def test_an_account_that_is_used_without_a_new_sign_in_is_not_idle() -> None:
    long_ago = NOW - 800 * DAY
    attempt(owner=user("takes", used=long_ago), done=True)
    reader, coach, client = (user(name, used=long_ago) for name in ("reads", "coach", "client"))
    AccessEvent.objects.create(reader=reader, look="result", at=NOW)
    invited(coach, "somebody", "", NOW)
    shared_of = attempt(owner=client, used=long_ago, done=True)
    Consent.objects.create(
        client=client, coach=coach, attempt=shared_of, text_digest="x", given_at=NOW,
        expires_at=NOW + DAY,
    )  # fmt: skip
    assert run(NOW) == {}


@pytest.mark.parametrize("signed_in_ago", [715, 735])
def test_a_use_counts_still_when_the_signs_of_it_have_gone(signed_in_ago: int) -> None:
    # Used 13 months ago: the attempt goes, and the account is not idle before 24 months.
    owner = user("owner", used=NOW - signed_in_ago * DAY)
    attempt(owner=owner, used=NOW - 390 * DAY)
    assert run(NOW) == {"unfinished_attempts": 1}
    assert run(NOW + 339 * DAY) == {}
    assert run(NOW + 341 * DAY) == {"idle_accounts_told": 1}


def test_accounts_that_never_signed_in_count_from_when_they_were_made() -> None:
    User.objects.create_user("new@example.org", date_joined=NOW - 729 * DAY)
    User.objects.create_user("old@example.org", date_joined=NOW - 731 * DAY)
    assert run(NOW) == {"idle_accounts_told": 1}


def test_those_who_run_the_site_and_emptied_accounts_are_left_alone() -> None:
    user("staff", used=NOW - 800 * DAY, is_staff=True)
    User.objects.create_user("x@erased.invalid", date_joined=NOW - 800 * DAY)
    assert run(NOW) == {}


def test_a_notice_that_the_mail_server_did_not_take_is_tried_again(settings) -> None:
    user("idle", used=NOW - 731 * DAY)
    settings.EMAIL_BACKEND = "tests.privacy.mail.Away"
    assert retention.apply_retention(at=NOW, dry_run=False)["idle_accounts_told"] == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert run(NOW + DAY) == {"idle_accounts_told": 1}


def test_an_account_erased_meanwhile_is_passed_over(monkeypatch) -> None:
    idle = user("idle", used=NOW - 761 * DAY, idle_notice_at=NOW - 31 * DAY)
    one = User.objects.get(pk=idle.pk)
    erase_account(user=idle, at=NOW)
    assert retention._erase_idle(one, NOW) is False


# --- Dry run, batches, commands -----------------------------------------------------------------


def test_many_rows_go_in_short_batches(monkeypatch) -> None:
    AccessEvent.objects.bulk_create(
        AccessEvent(look="result", at=NOW - 400 * DAY) for _ in range(1001)
    )
    assert run(NOW) == {"access_log_lines": 1001}


class TestDryRun(TestCase):
    """Whatever there is: what a dry run counts is what the run deletes."""

    # Each makes a world of its own.
    @hypothesis.settings(max_examples=15)
    @given(
        ages=st.lists(st.integers(0, 1500), min_size=8, max_size=8),
        later=st.integers(0, 1500),
    )
    def test_a_dry_run_counts_what_the_run_deletes(self, ages: list[int], later: int) -> None:
        then = [NOW - age * DAY for age in ages]
        coach, person = user("coach", used=then[0]), user("person", used=then[1])
        user("idle", used=then[2], idle_notice_at=then[3])
        anonymous = attempt(used=then[4])
        attempt(owner=person, used=then[5])
        invited(coach, "a", "", then[6], attempt=anonymous)
        invited(coach, "b", "", then[7])
        client = invited(coach, "c", "", then[7], person=person)
        Consent.objects.create(
            client=person, coach=coach, attempt=attempt(owner=person),
            text_digest="x", given_at=then[6] - DAY, expires_at=then[6],
        )  # fmt: skip
        Note.objects.create(client=client, text="n", written_at=then[5], changed_at=then[5])
        AccessEvent.objects.create(reader=coach, client=person, look="result", at=then[4])
        for deed, at in ((Deed.GIVEN, then[3]), (Deed.ERASED, then[2])):
            ConsentEvent.objects.create(client_ref=coach.ledger_ref, deed=deed, at=at)
        run(NOW + later * DAY)


def said(*arguments: str) -> Any:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return json.loads(out.getvalue())


def test_the_command_says_what_it_did() -> None:
    attempt(used=NOW - 91 * DAY)
    would = said("apply_retention", "--dry-run")
    assert would["would_be_deleted"]["anonymous_attempts"] == 1
    assert Attempt.objects.count() == 1
    assert said("apply_retention") == {"deleted": would["would_be_deleted"]}
    assert Attempt.objects.count() == 0


# --- Reminders ----------------------------------------------------------------------------------


def test_who_shares_is_reminded_once_14_days_before_it_ends() -> None:
    client = sharing(NOW)
    ends_at = Consent.objects.get().expires_at
    assert send_reminders(at=ends_at - 15 * DAY) == {"sent": 0, "failed": 0}
    assert send_reminders(at=ends_at - 14 * DAY) == {"sent": 1, "failed": 0}
    (message,) = mail.outbox
    assert message.to == [person_of(client).email]
    assert "coach" in message.body
    assert send_reminders(at=ends_at - 13 * DAY) == {"sent": 0, "failed": 0}


def test_nobody_is_reminded_of_what_has_ended() -> None:
    client = sharing(NOW)
    ends_at = Consent.objects.get().expires_at
    assert send_reminders(at=ends_at + DAY)["sent"] == 0
    withdraw(client, NOW + DAY)
    assert send_reminders(at=ends_at - 10 * DAY)["sent"] == 0


def test_a_reminder_that_the_mail_server_did_not_take_is_tried_again(settings) -> None:
    sharing(NOW)
    at = Consent.objects.get().expires_at - 10 * DAY
    settings.EMAIL_BACKEND = "tests.privacy.mail.Away"
    assert send_reminders(at=at) == {"sent": 0, "failed": 1}
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_reminders(at=at) == {"sent": 1, "failed": 0}


def test_names_in_messages_are_plain_text() -> None:
    client = sharing(NOW)
    User.objects.filter(pk=client.coach.pk).update(name="O'Brien & Sons")
    send_reminders(at=Consent.objects.get().expires_at - DAY)
    assert "You let O'Brien & Sons see" in mail.outbox[0].body
    assert said("send_reminders") == {"sent": 0, "failed": 0}
