"""The client's side: agree in full, share, see who looked, end it; invitations and claims."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from assessments.coaching import services
from assessments.coaching.models import Assignment, Client
from assessments.errors import DomainError, Gone
from assessments.people.consents import Consent, ConsentEvent
from assessments.people.models import User
from assessments.responses.models import Attempt, PrivateLink
from assessments.responses.services import LIVE_ATTEMPTS_MAX, claim_attempt
from tests.cast import (
    consent_of,
    desk_of,
    finished_attempt,
    holder_of,
    new_attempt,
    published,
    signed_in,
)


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("priya@example.org", name="Priya Raman")


@pytest.fixture
def coach(db: None) -> User:
    user = User.objects.create_user("tom@example.org", name="Tom Adeyemi")
    desk_of(user)
    return user


@pytest.fixture
def attempt(person: User) -> Attempt:
    return finished_attempt(published(), owner=person)


@pytest.fixture
def window(person: User) -> Browser:
    """A browser in which the person is signed in."""
    return signed_in(person)


def filled_in(coach: User, **other: object) -> dict[str, object]:
    """The share form, filled in."""
    until = timezone.localdate() + timedelta(days=90)
    return {"email": coach.email, "scopes": ["plan"], "until": until.isoformat(), **other}


def digest_on(page: Any) -> str:
    """The digest of the words that a page asks to agree to."""
    found = re.search(r'name="agreed"\s+value="([^"]+)"', page.content.decode())
    assert found
    return found[1]


def share_by_page(window: Browser, attempt: Attempt, coach: User) -> Any:
    """Through both halves of sharing."""
    address = reverse("coaching:share", args=[attempt.pk])
    asked = window.post(address, filled_in(coach))
    return window.post(address, filled_in(coach, agreed=digest_on(asked)))


# --- Agreeing -----------------------------------------------------------------------------------


def test_nothing_is_shared_before_the_words_were_shown(window, attempt, coach):
    address = reverse("coaching:share", args=[attempt.pk])
    asked = window.post(address, filled_in(coach))
    assert asked.status_code == 200
    assert "Share with Tom Adeyemi?" in asked.content.decode()
    assert "not your single answers" in asked.content.decode()
    assert not Consent.objects.exists()


def test_saying_yes_shares_what_was_read_and_keeps_its_digest(window, attempt, coach, person):
    address = reverse("coaching:share", args=[attempt.pk])
    digest = digest_on(window.post(address, filled_in(coach)))
    done = window.post(address, filled_in(coach, agreed=digest), follow=True)
    assert "Tom Adeyemi can now read your result" in done.content.decode()
    consent = Consent.objects.get()
    assert (consent.client, consent.coach, consent.scopes) == (person, coach, ["plan"])
    assert consent.text_digest == ConsentEvent.objects.get().text_digest == digest


def test_a_yes_to_other_words_shares_nothing_and_asks_again(window, attempt, coach):
    address = reverse("coaching:share", args=[attempt.pk])
    digest = digest_on(window.post(address, filled_in(coach)))
    more = filled_in(coach, agreed=digest) | {"scopes": ["plan", "answers"]}
    asked_again = window.post(address, more)
    assert asked_again.status_code == 409
    assert "Please read it once more" in asked_again.content.decode()
    assert not Consent.objects.exists()


def test_it_lasts_to_the_end_of_the_day_named(window, attempt, coach):
    share_by_page(window, attempt, coach)
    ends = timezone.localtime(Consent.objects.get().expires_at)
    assert ends.date() == timezone.localdate() + timedelta(days=90)
    assert (ends.hour, ends.minute) == (23, 59)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "tom(at)example", "Enter an e-mail address in the right format"),
        ("email", "", "Enter your coach’s e-mail address."),
        ("email", "nobody@example.org", "There is no coach desk under this address."),
        ("email", "priya@example.org", "There is no coach desk under this address."),
        ("until", "2020-01-01", "Choose an end date in the next 12 months."),
        ("until", "2999-01-01", "Choose an end date in the next 12 months."),
        ("until", "soon", "Enter a date."),
        ("scopes", "everything", "Select a valid choice."),
    ],
)
def test_a_fault_is_named_and_what_was_typed_stays(window, attempt, coach, field, value, sentence):
    address = reverse("coaching:share", args=[attempt.pk])
    page = window.post(address, filled_in(coach) | {field: value})
    text = page.content.decode()
    assert page.status_code == 422
    assert re.search(r"<title>\s*Error:", text)
    assert sentence in text
    if value:
        assert f'value="{value}"' in text or field == "scopes"
    assert not Consent.objects.exists()


def test_a_coach_who_is_known_need_not_be_typed(window, attempt, coach, person):
    consent_of(person, coach, attempt)
    page = window.get(reverse("coaching:share", args=[attempt.pk])).content.decode()
    assert re.search(rf'value="{coach.pk}"[^>]*checked', page)


def test_the_coach_is_told_by_mail_without_anything_of_the_result(window, attempt, coach):
    share_by_page(window, attempt, coach)
    [message] = mail.outbox
    assert message.to == ["tom@example.org"]
    assert "Priya Raman shares a result with you" in message.subject
    assert str(attempt.pk) not in message.body


def test_only_a_finished_result_of_ones_own_can_be_shared(person, coach):
    under_way = new_attempt(published(), owner=person)
    foreign = finished_attempt(published(), owner=coach)
    for attempt in (under_way, foreign):
        with pytest.raises(DomainError, match="finished result of your own"):
            consent_of(person, coach, attempt)


def test_an_anonymous_result_is_kept_in_an_account_before_it_is_shared(db):
    attempt = finished_attempt(published())
    page = holder_of(attempt).get(reverse("coaching:share", args=[attempt.pk]))
    keep = reverse("responses:keep", args=[attempt.pk])
    assert (page.status_code, page["Location"]) == (302, f"{keep}?then=share")


# --- Ending -------------------------------------------------------------------------------------


def test_one_click_ends_it(window, attempt, coach, person):
    consent = consent_of(person, coach, attempt)
    done = window.post(reverse("coaching:withdraw", args=[consent.pk]), follow=True)
    assert "Tom Adeyemi can no longer read anything of yours" in done.content.decode()
    assert not Consent.objects.in_force(timezone.now()).exists()


def test_the_sharing_page_names_who_may_read_what_and_who_looked(window, attempt, coach, person):
    consent_of(person, coach, attempt, ["answers"])
    page = window.get(reverse("coaching:sharing")).content.decode()
    assert "Stop sharing with" in page
    shared = re.findall(r"<dt>([^<]+)</dt>\s*<dd>\s*([^<]+?)\s*</dd>", page)
    assert dict(shared) == {
        "Result": "Shared",
        "Single answers": "Shared",
        "Study plan": "Not shared",
        "Later attempts": "Not shared",
        "May save files": "No",
    }


# --- Invitations --------------------------------------------------------------------------------


def invited(coach: User, **wanted: Any) -> tuple[Client, str]:
    """An invitation and the path of its link."""
    client, link = services.invite(
        coach=coach, wanted=services.Wanted("Priya", **wanted), at=timezone.now()
    )
    return client, link.removeprefix("http://testserver")


def start(window: Browser, form: str = "full") -> Any:
    """Accept the invitation that the window opened."""
    data = {"length": form, "consent": "on"}
    return window.post(reverse("coaching:invitation"), data)


def test_an_invitation_leads_into_the_assessment_without_an_account(coach):
    client, path = invited(coach, role="plg-saas", message="See you on Thursday.")
    window = Browser()
    page = window.get(path, follow=True)
    assert page.redirect_chain == [(reverse("coaching:invitation"), 302)]
    assert "Tom Adeyemi invites you" in page.content.decode()
    assert "See you on Thursday." in page.content.decode()
    assert start(window).status_code == 302
    client.refresh_from_db()
    assert client.opened_at
    assert client.attempt is not None
    assert (client.attempt.goal, client.attempt.invited_by, client.attempt.owner) == (
        "plg-saas", coach, None,
    )  # fmt: skip


def test_only_the_form_that_was_asked_for_is_offered(coach):
    _client, path = invited(coach, form="short")
    window = Browser()
    window.get(path)
    assert start(window, "full").status_code == 422
    assert start(window, "short").status_code == 302


@pytest.mark.parametrize("end", ["end_coaching", "renew_invitation"])
def test_a_link_that_was_taken_back_or_renewed_opens_nothing(coach, end):
    client, path = invited(coach)
    getattr(services, end)(client=client, at=timezone.now())
    assert Browser().get(path).status_code == 404


def test_taking_an_invitation_back_closes_it_in_browsers_that_opened_it(coach):
    client, path = invited(coach)
    window = Browser()
    window.get(path)
    services.end_coaching(client=client, at=timezone.now())
    assert window.get(reverse("coaching:invitation")).status_code == 404
    assert start(window).status_code == 404


def test_the_token_is_stored_as_its_digest_only(coach):
    client, path = invited(coach)
    token = path.rstrip("/").rpartition("/")[2]
    assert len(token) >= 43
    assert client.token_digest
    assert token not in str(Client.objects.values().get())


def test_the_result_of_an_invited_person_says_who_waits_and_that_nothing_was_seen(coach):
    attempt = finished_attempt(published())
    Attempt.objects.filter(pk=attempt.pk).update(invited_by=coach)
    page = holder_of(attempt).get(reverse("reports:result", args=[attempt.pk]))
    assert "Tom Adeyemi invited you and has not seen this" in page.content.decode()


def test_sharing_what_an_invitation_led_to_puts_one_person_on_the_desk(coach, person):
    client, _path = invited(coach)
    attempt = finished_attempt(published(), owner=person)
    services.accept_invitation(client=client, attempt=attempt, at=timezone.now())
    consent_of(person, coach, attempt)
    [on_desk] = coach.clients.all()
    assert (on_desk.pk, on_desk.person, on_desk.name) == (client.pk, person, "Priya")


def test_being_invited_twice_makes_no_second_client(coach, person):
    attempt = finished_attempt(published(), owner=person)
    consent_of(person, coach, attempt)
    first = coach.clients.get()
    again, path = invited(coach, message="Once more, please.")
    window = signed_in(person)
    window.get(path)
    share_by_page(window, attempt, coach)
    [on_desk] = coach.clients.all()
    assert (on_desk.pk, on_desk.message) == (first.pk, "Once more, please.")
    assert not Client.objects.filter(pk=again.pk).exists()


# --- Claiming -----------------------------------------------------------------------------------


def test_claiming_moves_an_attempt_into_the_account_and_ends_its_links(person, coach):
    attempt = finished_attempt(published())
    PrivateLink.objects.create(digest="x", attempt=attempt, made_at=timezone.now())
    claim_attempt(attempt=attempt, owner=person)
    attempt.refresh_from_db()
    assert attempt.owner == person
    assert not PrivateLink.objects.exists()
    with pytest.raises(Gone):
        claim_attempt(attempt=attempt, owner=coach)


def test_claiming_by_page_takes_the_attempt_out_of_the_browsers_keeping(person):
    attempt = new_attempt(published())
    window = holder_of(attempt)
    window.force_login(person)
    # Signing in may give the session a new key; what it holds stays.
    keep = reverse("responses:keep", args=[attempt.pk])
    done = window.post(keep)
    assert (done.status_code, done["Location"]) == (302, reverse("reports:mine"))
    window.logout()
    assert window.get(reverse("responses:resume", args=[attempt.pk])).status_code == 404


def test_an_account_has_room_for_so_many_attempts_under_way(person):
    for _number in range(LIVE_ATTEMPTS_MAX):
        new_attempt(published(), owner=person)
    with pytest.raises(DomainError, match="Finish or delete one"):
        claim_attempt(attempt=new_attempt(published()), owner=person)
    claim_attempt(attempt=finished_attempt(published()), owner=person)


# --- Suggestions --------------------------------------------------------------------------------


def test_a_suggested_role_is_compared_with_only_once_the_client_says_so(
    window, attempt, coach, person
):
    consent_of(person, coach, attempt)
    client = coach.clients.get()
    role = Assignment.Kind.ROLE
    asked = services.assign(
        client=client, kind=role, key="plg-saas", due_on=None, at=timezone.now()
    )
    assert Attempt.objects.get(pk=attempt.pk).goal == ""
    page = window.get(reverse("coaching:sharing")).content.decode()
    assert "Compare with a role: Product-led" in page
    window.post(reverse("coaching:assignment-done", args=[asked.pk]))
    assert Attempt.objects.get(pk=attempt.pk).goal == "plg-saas"


def test_a_suggestion_to_somebody_else_does_not_exist(window):
    address = reverse("coaching:assignment-done", args=[uuid4()])
    assert window.post(address).status_code == 404


def test_notes_and_suggestions_need_a_consent_in_force(attempt, coach, person):
    consent = consent_of(person, coach, attempt)
    client = coach.clients.get()
    now = timezone.now()
    note = services.write_note(client=client, text="Before.", is_shared=True, at=now)
    services.withdraw(consent=consent, at=now)
    with pytest.raises(services.NotSharing):
        services.write_note(client=client, text="After.", is_shared=True, at=now)
    with pytest.raises(services.NotSharing):
        services.change_note(note=note, text="After.", is_shared=True, at=now)
    kind = Assignment.Kind.RETAKE
    with pytest.raises(services.NotSharing):
        services.assign(client=client, kind=kind, key="", due_on=None, at=now)
    with pytest.raises(services.NotSharing):
        services.save_second_view(client=client, attempt=attempt, ratings={}, at=now)
