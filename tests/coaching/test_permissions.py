"""Every word of permission by itself: what it leaves out does not exist for whoever asks."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core import mail
from django.db import transaction
from django.test import Client as Browser
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.coaching import services
from assessments.coaching.desk_page import client_rows
from assessments.coaching.models import Assignment, Client, Cohort, Note, SecondView
from assessments.coaching.services import NotSharing
from assessments.errors import DomainError
from assessments.http.limits import DESK_MISS_USER
from assessments.people.actors import Actor
from assessments.people.consents import AccessEvent, Consent
from assessments.people.models import CoachProfile, User
from assessments.people.services import Terms
from assessments.reports.models import StudyPlan
from assessments.responses.models import Attempt
from tests.cast import (
    client_who_shares,
    coach,
    coached,
    consent_of,
    finished_attempt,
    new_attempt,
    published,
    signed_in,
)

NOBODY = Actor(None, ())


class Pair:
    """Two coaches, each with one client and everything that hangs on it."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.coaches = [coach(f"coach{n}@example.org", name=f"Coach {n}") for n in (0, 1)]
        self.people = [
            User.objects.create_user(f"client{n}@example.org", name=f"Client {n}") for n in (0, 1)
        ]
        self.attempts = [finished_attempt(published(), "short", one) for one in self.people]
        self.things: list[dict[str, Any]] = []
        for person, its_coach, attempt in zip(
            self.people, self.coaches, self.attempts, strict=True
        ):
            things = coached(person, its_coach, attempt)
            things["group"] = services.make_group(coach=its_coach, name="Spring")
            services.change_note(note=things["note"], text="Shown.", is_shared=True, at=self.now)
            services.show_second_view(view=things["view"], at=self.now)
            self.things.append(things)

    def actor(self, user: User) -> Actor:
        return Actor(user.pk, ())

    def hide(self) -> None:
        """The coaches show their clients nothing any more."""
        Note.objects.update(is_shared=False)
        SecondView.objects.update(shared_at=None)
        Assignment.objects.update(withdrawn_at=self.now)


@pytest.fixture
def pair(db: None) -> Pair:
    return Pair()


def test_a_desk_shows_its_own_clients_and_groups_to_its_coach_while_it_is_approved(pair: Pair):
    for user, things in zip(pair.coaches, pair.things, strict=True):
        assert list(Client.objects.visible_to(pair.actor(user))) == [things["client"]]
        assert list(Cohort.objects.visible_to(pair.actor(user))) == [things["group"]]
        assert list(Consent.objects.given_to(pair.actor(user))) == [things["consent"]]
        assert list(Note.objects.written_by(pair.actor(user))) == [things["note"]]
    CoachProfile.objects.update(is_approved=False)
    for user in [*pair.coaches, *pair.people]:
        for rows in (Client.objects.visible_to, Cohort.objects.visible_to):
            assert list(rows(pair.actor(user))) == []
        assert list(Consent.objects.given_to(pair.actor(user))) == []


def test_a_client_is_shown_what_coaches_show_them_and_nothing_of_others(pair: Pair):
    shown = {
        "note": Note.objects.shared_with,
        "view": SecondView.objects.shown_to,
        "suggestion": lambda actor: Assignment.objects.asked_of(actor, pair.now),
    }
    for user, things in zip(pair.people, pair.things, strict=True):
        for name, rows in shown.items():
            assert list(rows(pair.actor(user))) == [things[name]], name
        assert list(Consent.objects.given_by(pair.actor(user))) == [things["consent"]]
    for rows in shown.values():
        assert [list(rows(pair.actor(user))) for user in pair.coaches] == [[], []]
        assert list(rows(NOBODY)) == []
    pair.hide()
    for rows in shown.values():
        assert [list(rows(pair.actor(user))) for user in pair.people] == [[], []]


def test_a_view_of_an_attempt_that_is_not_ones_own_is_not_shown(pair: Pair):
    Attempt.objects.filter(pk=pair.attempts[0].pk).update(owner=pair.people[1])
    for user in pair.people:
        assert pair.things[0]["view"] not in SecondView.objects.shown_to(pair.actor(user))


@pytest.mark.parametrize("days", [0, 365])
def test_a_suggestion_is_asked_while_the_client_shares(pair: Pair, days: int):
    actor, later = pair.actor(pair.people[0]), pair.now + timedelta(days=days)
    if not days:
        services.withdraw(consent=pair.things[0]["consent"], at=pair.now)
    assert list(Assignment.objects.asked_of(actor, later)) == []


def test_both_sides_see_the_looks_and_nobody_else_does(pair: Pair):
    browser = signed_in(pair.coaches[0])
    browser.get(reverse("coaching:client-result", args=[pair.things[0]["client"].pk]))
    line = AccessEvent.objects.get()
    for user in (pair.people[0], pair.coaches[0]):
        assert list(AccessEvent.objects.seen_by(pair.actor(user))) == [line]
    for user in (pair.people[1], pair.coaches[1]):
        assert list(AccessEvent.objects.seen_by(pair.actor(user))) == []
        assert "Coach 0" not in signed_in(user).get(reverse("coaching:sharing")).content.decode()
    assert list(AccessEvent.objects.seen_by(NOBODY)) == []


def test_the_sharing_page_holds_nothing_of_anybody_else(pair: Pair):
    for number, user in enumerate(pair.people):
        text = signed_in(user).get(reverse("coaching:sharing")).content.decode()
        own, other = pair.things[number], pair.things[1 - number]
        for name in ("consent", "suggestion", "view"):
            assert str(own[name].pk) in text, name
            assert str(other[name].pk) not in text, name
        assert text.count("Shown.") == 1
        assert f"Coach {1 - number}" not in text


def test_nobody_ends_or_does_what_is_another_persons(pair: Pair):
    browser, things = signed_in(pair.people[1]), pair.things[0]
    before = contents()
    for name, kind in (("withdraw", "consent"), ("assignment-done", "suggestion")):
        reply = browser.post(reverse(f"coaching:{name}", args=[things[kind].pk]))
        assert reply.status_code == 404, name
    shown = reverse("coaching:own-second-view", args=[things["view"].pk])
    assert browser.get(shown).status_code == 404
    assert contents() - before == Counter()


@pytest.mark.parametrize(
    "closed", [{"coach_profile__is_approved": False}, {"is_active": False}], ids=str
)
def test_a_coach_whose_desk_is_closed_is_not_offered(pair: Pair, closed: dict[str, bool]):
    [(field, value)] = closed.items()
    address = reverse("coaching:share", args=[pair.attempts[0].pk])
    browser, tom = signed_in(pair.people[0]), pair.coaches[0]
    assert "Coach 0" in browser.get(address).content.decode()
    if field == "is_active":
        User.objects.filter(pk=tom.pk).update(is_active=value)
    else:
        CoachProfile.objects.filter(user=tom).update(is_approved=value)
    assert "Coach 0" not in browser.get(address).content.decode()
    day = pair.now.year + 1
    sent = {"until": f"{day}-01-01", "until_0": 1, "until_1": 1, "until_2": day}
    for chosen in ({"coach": str(tom.pk)}, {"email": tom.email}):
        assert browser.post(address, {**sent, **chosen}).status_code == 422


def test_a_consent_opens_what_it_names_of_its_giver_and_nothing_else(pair: Pair):
    consent, person = pair.things[0]["consent"], pair.people[0]
    earlier, later = [finished_attempt(published(), "short", person) for _each in range(2)]
    day = timedelta(days=1)
    at = pair.attempts[0].finished_at
    assert at is not None
    Attempt.objects.filter(pk=earlier.pk).update(finished_at=at - day)
    Attempt.objects.filter(pk=later.pk).update(finished_at=at + day)
    # Somebody else's, finished even later, and one that is not finished.
    Attempt.objects.filter(pk=pair.attempts[1].pk).update(finished_at=at + 2 * day)
    new_attempt(published(), "short", person)
    both = Consent.objects.filter(pk=consent.pk)
    assert list(Attempt.objects.shared_by(consent)) == [pair.attempts[0]]
    assert list(Attempt.objects.shared_by_any(both)) == [pair.attempts[0]]
    consent.later_attempts = True
    consent.save()
    assert list(Attempt.objects.shared_by(consent)) == [later, pair.attempts[0]]
    assert list(Attempt.objects.shared_by_any(both)) == [later, pair.attempts[0]]
    Attempt.objects.filter(pk=pair.attempts[0].pk).update(owner=pair.people[1])
    assert list(Attempt.objects.shared_by(consent)) == [later]
    assert list(Attempt.objects.shared_by_any(both)) == [later]


def test_an_attempt_is_its_owners_or_of_the_browser_that_holds_it(pair: Pair):
    held = new_attempt(published(), "short")
    new_attempt(published(), "short")
    holder = Actor(pair.people[0].pk, (held.pk, pair.attempts[1].pk))
    for rows in (Attempt.objects.visible_to, Attempt.objects.editable_by):
        assert set(rows(holder)) == {held, pair.attempts[0]}
        assert list(rows(Actor(None, holder.held_attempts))) == [held]
        assert list(rows(pair.actor(pair.coaches[0]))) == []


def test_what_rests_on_a_consent_is_refused_once_it_is_over(pair: Pair):
    things, at = pair.things[0], pair.now
    client, attempt = things["client"], pair.attempts[0]
    SecondView.objects.update(shared_at=None)
    services.withdraw(consent=things["consent"], at=at)
    deeds = [
        lambda: services.write_note(client=client, text="Late.", is_shared=False, at=at),
        lambda: services.change_note(note=things["note"], text="Late.", is_shared=True, at=at),
        lambda: services.assign(
            client=client, kind=Assignment.Kind.RETAKE, key="", due_on=None, at=at
        ),
        lambda: services.withdraw_assignment(assignment=things["suggestion"], at=at),
        lambda: services.do_assignment(assignment=things["suggestion"], at=at),
        lambda: services.save_second_view(client=client, attempt=attempt, ratings={}, at=at),
        lambda: services.show_second_view(view=things["view"], at=at),
    ]
    before = contents()
    for deed in deeds:
        with pytest.raises(NotSharing), transaction.atomic():
            deed()
    assert contents() == before


def test_only_ones_own_finished_result_is_shared_and_only_with_an_approved_desk(pair: Pair):
    terms = Terms([], pair.now + timedelta(days=9), "sha256:text")
    person, other = pair.people
    waiting = coach("waiting@example.org", is_approved=False)
    of_coach = finished_attempt(published(), "short", pair.coaches[0])
    refused = [
        (person, pair.coaches[0], pair.attempts[1]),
        (person, pair.coaches[0], new_attempt(published(), "short", person)),
        (person, other, pair.attempts[0]),
        (person, waiting, pair.attempts[0]),
        (pair.coaches[0], pair.coaches[0], of_coach),
    ]
    before = contents()
    for giver, to, attempt in refused:
        with pytest.raises(DomainError):
            services.share(person=giver, coach=to, attempt=attempt, terms=terms, at=pair.now)
        terms_page = {
            "email": to.email, "until_0": 1, "until_1": 1, "until_2": pair.now.year + 1,
            "until": f"{pair.now.year + 1}-01-01",
        }  # fmt: skip
        page = signed_in(giver).post(reverse("coaching:share", args=[attempt.pk]), terms_page)
        assert page.status_code in {404, 422}, to.email
    after = contents()
    by_the_test = {"Attempt", "RateBucket", "Session", "User"}
    assert {table for table, *_row in (after - before)} <= by_the_test


# --- Invitations --------------------------------------------------------------------------------


@pytest.fixture
def invitation(pair: Pair) -> tuple[Client, str]:
    client, link = services.invite(
        coach=pair.coaches[0], wanted=services.Wanted("Invited"), at=pair.now
    )
    return client, link.removeprefix("http://testserver")


def test_an_invitation_that_somebody_shared_by_is_closed_to_others_who_opened_it(
    pair: Pair, invitation: tuple[Client, str]
):
    entry, link = invitation
    stranger = Browser()
    assert stranger.get(link).status_code == 302
    person = User.objects.create_user("invited@example.org")
    attempt = finished_attempt(published(), "short", person)
    services.accept_invitation(client=entry, attempt=attempt, at=pair.now)
    terms = Terms([], pair.now + timedelta(days=9), "sha256:text")
    services.share(person=person, coach=pair.coaches[0], attempt=attempt, terms=terms, at=pair.now)

    address = reverse("coaching:invitation")
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, {"length": "short", "consent": "on"}).status_code == 404
    with pytest.raises(DomainError):
        services.accept_invitation(
            client=entry, attempt=new_attempt(published(), "short"), at=pair.now
        )
    entry.refresh_from_db()
    assert entry.attempt == attempt


def test_an_invitation_counts_while_it_stands_and_its_coach_has_a_desk(
    pair: Pair, invitation: tuple[Client, str]
):
    entry, link = invitation
    browser = Browser()
    browser.get(link)
    address = reverse("coaching:invitation")
    assert browser.get(address).status_code == 200
    CoachProfile.objects.update(is_approved=False)
    assert browser.get(address).status_code == 404
    CoachProfile.objects.update(is_approved=True)
    services.end_coaching(client=entry, at=pair.now)
    assert browser.get(address).status_code == 404
    assert Browser().get(link).status_code == 404
    # The digest goes with it; the filter says so for a row that has kept it.
    Client.objects.filter(pk=entry.pk).update(token_digest=services.digest_of(link.split("/")[2]))
    assert Browser().get(link).status_code == 404
    with pytest.raises(DomainError):
        services.accept_invitation(
            client=entry, attempt=new_attempt(published(), "short"), at=pair.now
        )


def test_an_invitation_offers_ones_own_results_and_its_attempt_to_its_holder_only(
    pair: Pair, invitation: tuple[Client, str]
):
    entry, link = invitation
    taken = new_attempt(published(), "short", pair.people[1])
    services.accept_invitation(client=entry, attempt=taken, at=pair.now)
    browser = signed_in(pair.people[0])
    browser.get(link)
    text = browser.get(reverse("coaching:invitation")).content.decode()
    assert str(pair.attempts[0].pk) in text
    assert str(pair.attempts[1].pk) not in text
    assert str(taken.pk) not in text


def test_an_invitation_that_was_taken_back_is_not_found_again_by_sharing(
    pair: Pair, invitation: tuple[Client, str]
):
    entry, _link = invitation
    services.end_coaching(client=entry, at=pair.now)
    person = User.objects.create_user("late@example.org", name="Late")
    attempt = finished_attempt(published(), "short", person)
    terms = Terms([], pair.now + timedelta(days=9), "sha256:text")
    services.share(
        person=person, coach=pair.coaches[0], attempt=attempt, terms=terms, at=pair.now,
        invitation_pk=entry.pk,
    )  # fmt: skip
    entry.refresh_from_db()
    assert (entry.person, entry.revoked_at) == (None, pair.now)


# --- What is sent along -------------------------------------------------------------------------


def routes_with_two_ids() -> set[str]:
    """Addresses that hold a client's id and the id of something of the client's."""
    return {
        f"coaching:{pattern.name}"
        for resolver in get_resolver().url_patterns
        for inner in getattr(resolver, "url_patterns", [])
        for pattern in getattr(inner, "url_patterns", [])
        if isinstance(pattern, URLPattern) and str(pattern.pattern).count("<uuid:") > 1
    }


CHILD = {
    "coaching:note": "note",
    "coaching:note-delete": "note",
    "coaching:assignment-withdraw": "suggestion",
}


def test_a_child_is_found_under_its_own_client_only(pair: Pair):
    assert routes_with_two_ids() == set(CHILD)
    # A second client of the first coach, so that foreign is also what is on the same desk.
    third = User.objects.create_user("client2@example.org", name="Client 2")
    attempt = finished_attempt(published(), "short", third)
    pair.things.append(coached(third, pair.coaches[0], attempt))
    browsers = [signed_in(user) for user in pair.coaches]
    before = contents()
    for name, kind in CHILD.items():
        for above in pair.things:
            for child in pair.things:
                if above is child:
                    continue
                address = reverse(name, args=[above["client"].pk, child[kind].pk])
                for browser in browsers:
                    reply = browser.post(address, {"text": "Changed."})
                    assert reply.status_code == 404, address
    assert contents() - before == Counter()


def test_the_list_of_groups_is_ones_own(pair: Pair):
    for user, things in zip(pair.coaches, pair.things, strict=True):
        page = signed_in(user).get(reverse("coaching:cohorts"))
        assert list(page.context["groups"]) == [things["group"]]


def test_a_group_takes_in_nobody_of_another_desk(pair: Pair):
    group, own, foreign = pair.things[0]["group"], *(one["client"] for one in pair.things)
    services.change_group(cohort=group, name="Spring", members=[own, foreign])
    assert list(group.clients.all()) == [own]
    address = reverse("coaching:client-edit", args=[own.pk])
    theirs = pair.things[1]["group"].pk
    page = signed_in(pair.coaches[0]).post(address, {"name": "Other", "group": theirs})
    assert page.status_code == 422


def test_an_attempt_named_in_the_query_is_one_that_the_consent_opens(pair: Pair):
    page = pair.things[0]["client"].pk
    other = finished_attempt(published(), "short", pair.people[0])
    Attempt.objects.filter(pk=other.pk).update(finished_at=pair.now - timedelta(days=9))
    browser = signed_in(pair.coaches[0])
    names = ("client-result", "client-answers", "client-plan", "client-csv", "second-view")
    for name in names:
        address = reverse(f"coaching:{name}", args=[page])
        for attempt in (other.pk, pair.attempts[1].pk, uuid4(), "1", "\x00", "9" * 40):
            assert browser.get(address, {"attempt": str(attempt)}).status_code == 404, (
                name,
                attempt,
            )


FORGED = {
    "id": str(uuid4()), "pk": "1", "user": "1", "owner": "1", "coach_id": "1", "person": "1",
    "client": str(uuid4()), "attempt": str(uuid4()), "is_approved": "on", "is_staff": "on",
    "is_superuser": "on", "ended_at": "2001-01-01", "expires_at": "2099-01-01",
    "revoked_at": "2001-01-01", "shared_at": "2001-01-01", "done_at": "2001-01-01",
    "token_digest": "forged", "text_digest": "forged", "export": "on", "answers": "on",
    "opened_at": "2001-01-01", "score": "99", "status": "sharing", "cohort": str(uuid4()),
}  # fmt: skip


def test_the_choice_of_results_names_those_that_the_consent_opens(pair: Pair):
    person, client = pair.people[0], pair.things[0]["client"]
    consent_of(person, pair.coaches[0], pair.attempts[0], ["later_attempts"])
    later, earlier = [finished_attempt(published(), "short", person) for _each in range(2)]
    day = timedelta(days=9)
    Attempt.objects.filter(pk=earlier.pk).update(finished_at=pair.now - day)
    address = reverse("coaching:client-result", args=[client.pk])
    chosen = signed_in(pair.coaches[0]).get(address).context["attempts"]
    assert [choice.pk for choice in chosen] == [later.pk, pair.attempts[0].pk]


def test_fields_that_nobody_asked_for_change_nothing(pair: Pair):
    things = pair.things[0]
    client = things["client"].pk
    at_desk, at_home = signed_in(pair.coaches[0]), signed_in(pair.people[0])
    posts: list[tuple[Browser, str, list[Any], dict[str, str]]] = [
        (at_desk, "coaching:settings", [], {"name": "Tom", "practice": "One"}),
        (at_desk, "coaching:invite", [], {"name": "Invited"}),
        (at_desk, "coaching:client-edit", [client], {"name": "Other"}),
        (at_desk, "coaching:note-add", [client], {"text": "New."}),
        (at_desk, "coaching:note", [client, things["note"].pk], {"text": "Changed."}),
        (at_desk, "coaching:assign", [client], {"what": "retake:"}),
        (at_desk, "coaching:cohorts", [], {"name": "Autumn"}),
        (at_desk, "coaching:cohort-edit", [things["group"].pk], {"name": "Summer"}),
        (at_home, "coaching:assignment-done", [things["suggestion"].pk], {}),
        (at_home, "coaching:withdraw", [things["consent"].pk], {}),
        (at_home, "people:name", [], {"name": "Priya"}),
    ]
    for browser, name, ids, fields in posts:
        changes = []
        for sent in (fields, {**FORGED, **fields}):
            with transaction.atomic():
                before = contents()
                reply = browser.post(reverse(name, args=ids), sent)
                assert reply.status_code in {200, 302}, name
                changes.append((contents() - before, before - contents()))
                transaction.set_rollback(True)
        assert changes[0] == changes[1], name
        assert changes[0] != (Counter(), Counter()), name


# What differs from one time to the next by itself.
VARIES = re.compile(r"^(id|pk|token_digest|full_at|key|consent_ref|.*_at|at)$")


def contents() -> Counter[tuple[Any, ...]]:
    """Every row of every table of ours, without what time and chance put there."""
    rows: Counter[tuple[Any, ...]] = Counter()
    for model in apps.get_app_config("assessments").get_models():
        names = [f.attname for f in model._meta.concrete_fields if not VARIES.match(f.attname)]
        times = [f.attname for f in model._meta.concrete_fields if f.attname.endswith("_at")]
        for row in model._default_manager.all():
            plain = tuple(str(getattr(row, name)) for name in names)
            is_set = tuple(getattr(row, name) is not None for name in times)
            rows[model.__name__, *plain, *is_set] += 1
    return rows


# --- Names in messages --------------------------------------------------------------------------


def test_a_name_that_breaks_a_line_forges_no_header_and_stops_no_message(pair: Pair):
    person, attempt = pair.people[0], pair.attempts[0]
    address = reverse("coaching:share", args=[attempt.pk])
    name = "Priya\r\nBcc: everybody@example.org"
    day = f"{pair.now.year + 1}-01-01"
    terms = {
        "email": pair.coaches[1].email, "name": name, "until": day,
        "until_0": 1, "until_1": 1, "until_2": pair.now.year + 1,
    }  # fmt: skip
    browser = signed_in(person)
    page = browser.post(address, terms).content.decode()
    agreed = re.search(r'name="agreed" value="([^"]+)"', page)
    assert agreed is not None
    assert browser.post(address, {**terms, "agreed": agreed[1]}).status_code == 302
    [message] = mail.outbox
    assert message.recipients() == [pair.coaches[1].email]
    assert "\n" not in message.subject
    assert list(message.message().keys()).count("Bcc") == 0


def test_a_suggested_role_is_compared_with_in_the_result_that_is_shared(pair: Pair):
    things, other = pair.things[0], pair.attempts[1]
    role = published().document.roles[0].key
    asked = services.assign(
        client=things["client"], kind=Assignment.Kind.ROLE, key=role, due_on=None, at=pair.now
    )
    # The entry on the desk may name another attempt: what is shared, the consent says.
    Client.objects.filter(pk=things["client"].pk).update(attempt=other)
    address = reverse("coaching:assignment-done", args=[asked.pk])
    assert signed_in(pair.people[0]).post(address).status_code == 302
    goals = Attempt.objects.in_bulk([pair.attempts[0].pk, other.pk])
    assert goals[pair.attempts[0].pk].goal == role
    assert goals[other.pk].goal == ""


# --- What the desk and the group are worked out from ---------------------------------------------


def next_steps(pair: Pair) -> list[str]:
    """What the desk of the first coach says to do next."""
    rows = Client.objects.visible_to(pair.actor(pair.coaches[0])).with_status(pair.now)
    return [
        row.next_step
        for row in client_rows(
            list(rows.with_next_step(pair.now).select_related("cohort")),
            roles={},
            rates_first=False,
            at=pair.now,
        )
    ]


def test_the_next_step_follows_from_the_consent_in_force_and_not_from_one_before(pair: Pair):
    person, its_coach = pair.people[0], pair.coaches[0]
    client = pair.things[0]["client"]
    signed_in(its_coach).get(reverse("coaching:client-result", args=[client.pk]))
    assert next_steps(pair) == ["None needed yet"]
    another = finished_attempt(published(), "short", person)
    for attempt, step in (
        (another, "Read the result before you talk"),
        (pair.attempts[0], "None needed yet"),
    ) * 2:
        consent_of(person, its_coach, attempt, [])
        assert next_steps(pair) == [step]


def test_a_later_result_of_somebody_else_is_no_next_step(pair: Pair):
    consent_of(pair.people[0], pair.coaches[0], pair.attempts[0], ["later_attempts"])
    client = pair.things[0]["client"]
    signed_in(pair.coaches[0]).get(reverse("coaching:client-result", args=[client.pk]))
    finished_attempt(published(), "short", pair.people[1])
    assert next_steps(pair) == ["None needed yet"]


def test_what_is_shared_with_another_coach_is_not_on_the_map_of_a_group(db: None):
    tom, other = coach(), coach("other@example.org", name="Other")
    clients = [client_who_shares(tom, f"Person {number}") for number in range(5)]
    group = services.make_group(coach=tom, name="Spring")
    services.change_group(cohort=group, name="Spring", members=clients)
    address = reverse("coaching:cohort", args=[group.pk])
    browser = signed_in(tom)
    assert browser.get(address).context["page"] is not None
    person, attempt = clients[0].person, clients[0].attempt
    assert person is not None
    assert attempt is not None
    consent_of(person, other, attempt)
    consent = clients[0].consent()
    assert consent is not None
    services.withdraw(consent=consent, at=timezone.now())
    assert browser.get(address).context["page"] is None


# --- Tables -------------------------------------------------------------------------------------

NASTY = st.text(
    alphabet="=+-@\t\r\n '\"＝＋－＠﹢﹣\u200b\u00a0\u2060\ufeff;,|!a0", min_size=1, max_size=12
).filter(lambda text: bool(text.strip()))


def may_run(cell: str) -> bool:
    """Whether a spreadsheet might take a cell for a formula, by a rule of this test's own."""
    plain = unicodedata.normalize("NFKC", cell)
    seen = re.sub(r"^[\s\u0000-\u001f\u200b-\u200f\u2060\ufeff]+", "", plain)
    return cell[:1] in {"\t", "\r", "\n"} or seen[:1] in {"=", "+", "-", "@"}


@pytest.mark.one_database
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(NASTY, min_size=8, max_size=8))
def test_no_cell_of_any_table_starts_a_formula_whatever_people_are_called(
    pair: Pair, names: list[str]
):
    with transaction.atomic():
        tom = pair.coaches[0]
        clients = [client_who_shares(tom, f"Person {n}", form="short") for n in range(2)]
        clients += [client_who_shares(tom, f"Member {n}") for n in range(5)]
        group = services.make_group(coach=tom, name=names[7])
        services.change_group(cohort=group, name=names[7], members=clients)
        for one, name in zip(clients, names, strict=False):
            Client.objects.filter(pk=one.pk).update(name=name, message=name)
            services.write_note(client=one, text=name, is_shared=True, at=pair.now)
        person, attempt = clients[2].person, clients[2].attempt
        assert person is not None
        assert attempt is not None
        User.objects.update(name=names[0])
        CoachProfile.objects.update(practice=names[1])
        StudyPlan.objects.create(
            attempt=attempt, started_on=pair.now.date(), note=names[2],
            hours_per_week=5, weeks=6,
        )  # fmt: skip
        files = [
            signed_in(tom).get(reverse("coaching:client-csv", args=[clients[2].pk])).content,
            signed_in(tom).get(reverse("coaching:cohort-csv", args=[group.pk])).content,
        ]
        for user in (tom, person):
            zipped = signed_in(user).get(reverse("privacy:my-data-csv")).content
            with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
                files += [archive.read(name) for name in archive.namelist()]
        cells = [
            cell
            for file in files
            for row in csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""))
            for cell in row
        ]
        transaction.set_rollback(True)
    assert [cell for cell in cells if may_run(cell)] == []
    assert [name for name in names if not any(name.strip() in cell for cell in cells)] == []


def test_guessing_which_addresses_have_a_desk_is_slowed_down(pair: Pair):
    browser = signed_in(pair.people[0])
    address = reverse("coaching:share", args=[pair.attempts[0].pk])
    day = pair.now.year + 1
    sent = {"until": f"{day}-01-01", "until_0": 1, "until_1": 1, "until_2": day}
    answers = Counter(
        browser.post(address, {**sent, "email": f"guess{n}@example.org"}).status_code
        for n in range(DESK_MISS_USER.tokens + 5)
    )
    assert answers == {422: DESK_MISS_USER.tokens, 429: 5}
    # Nor is a hit told any more; whom one knows can still be chosen.
    hit = {**sent, "email": pair.coaches[1].email}
    assert browser.post(address, hit).status_code == 429
    assert browser.post(address, {**hit, "coach": "nobody"}).status_code == 429
    known = {**sent, "coach": str(pair.coaches[0].pk)}
    assert browser.post(address, known).status_code == 200
