"""Everything about me, at once, and nothing of others."""

import csv
import io
import json
import re
import zipfile
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.people.models import User
from assessments.privacy.mydata import KINDS, counts
from assessments.responses.models import Attempt
from tests.cast import confirmed, finished_attempt, published, signed_in
from tests.privacy.people import World, a_coach, coached, populate

pytestmark = pytest.mark.django_db
MARK = "zqx7"

# Every table that names a person, directly or by another row, and the kind that holds it.
EXPORTED = {
    "assessments.User": "account",
    "assessments.User_groups": "account",
    "assessments.User_user_permissions": "account",
    "assessments.Attempt": "attempts",
    "assessments.Answer": "attempts",
    "assessments.Report": "attempts",
    "assessments.PrivateLink": "attempts",
    "assessments.StudyPlan": "attempts",
    "assessments.Consent": "consents_given",
    "assessments.ConsentEvent": "ledger",
    "assessments.AccessEvent": "access_log",
    "assessments.Client": "invitations_received",
    "assessments.Note": "notes_about_me",
    "assessments.Assignment": "assignments_to_me",
    "assessments.SecondView": "second_views_of_me",
    "assessments.CoachProfile": "desk",
    "assessments.Cohort": "groups",
    "assessments.DeskChange": "desk_changes",
    "assessments.ImpactRun": "impact_runs",
    "assessments.PendingImport": "pending_imports",
    "admin.LogEntry": "admin_log",
    "sessions.Session": "browsers",
    "usersessions.UserSession": "browsers",
    "account.EmailAddress": "addresses",
    "mfa.Authenticator": "second_factors",
}
LEFT_OUT = {
    "account.EmailConfirmation": "links for confirming an address, in whose place codes are sent",
    "assessments.Edition": "a questionnaire: that somebody published it is the site's record",
    "assessments.Calibration": "about an edition: that somebody froze it is the site's record",
}
# They name a person without a foreign key.
BY_REFERENCE = {"assessments.User", "assessments.ConsentEvent", "sessions.Session"}


def models_about_people() -> set[str]:
    found: set[type[models.Model]] = {User}
    every = apps.get_models(include_auto_created=True)
    while True:
        more = {
            model for model in every
            if any(f.related_model in found for f in model._meta.concrete_fields if f.remote_field)
        } - found  # fmt: skip
        # An edition names who published it, and is no part of that person.
        more -= {apps.get_model(name) for name in LEFT_OUT}
        if not more:
            return {model._meta.label for model in found}
        found |= more


def test_every_table_that_names_a_person_is_exported_or_left_out_for_a_reason() -> None:
    assert models_about_people() | BY_REFERENCE == set(EXPORTED)
    assert set(EXPORTED.values()) <= {kind.key for kind in KINDS}


@pytest.fixture
def world() -> World:
    return populate(MARK)


def copy_of(user: User) -> Any:
    response = signed_in(user).get(reverse("privacy:my-data-json"))
    assert response.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    return response.json()


def tables_of(user: User) -> dict[str, list[dict[str, str]]]:
    response = signed_in(user).get(reverse("privacy:my-data-csv"))
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        texts = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    return {name: list(csv.DictReader(io.StringIO(text))) for name, text in texts.items()}


def test_every_kind_of_data_is_in_the_copy_and_counted_on_the_page(world: World) -> None:
    copy = copy_of(world.person)
    stored = counts(world.person)
    assert {kind.key: len(copy[kind.key]) for kind in KINDS} == stored
    assert min(stored.values()) > 0
    page = signed_in(world.person).get(reverse("privacy:my-data"))
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert {kind.key: count for kind, count in page.context["held"]} == counts(world.person)


def test_what_others_wrote_about_me_is_mine_too(world: World) -> None:
    copy = copy_of(world.person)
    texts = {note["text"] for note in copy["notes_about_me"]}
    assert texts == {f"{MARK} private", f"{MARK} shared"}
    assert {row["coach_calls_me"] for row in copy["invitations_received"]} == {
        f"{MARK} wanted", f"{MARK} again",
    }  # fmt: skip
    assert copy["second_views_of_me"][0]["ratings"] == {MARK: {"preference": 1}}
    assert copy["second_views_of_me"][0]["shared_at"] is None
    assert copy["assignments_to_me"][0]["key"] == f"{MARK}-step"
    assert copy["access_log"][0]["by"] == "coach"
    assert copy["looks_by_me"][0]["look"] == "result"
    assert [line["i_was"] for line in copy["ledger"]] == ["client", "coach"]


def test_what_i_wrote_as_a_coach_is_mine_and_my_clients_results_are_not(world: World) -> None:
    copy = copy_of(world.person)
    texts = {note["text"] for note in copy["notes_by_me"]}
    assert texts == {f"{MARK} of client private", f"{MARK} of client shared"}
    whole = json.dumps(copy)
    theirs = Attempt.objects.filter(owner=world.client)
    # Who signs in with an address and no name is on the desk by the address: not typed, not out.
    assert [row["name"] for row in copy["clients"]].count("") == 1
    assert "client@example.org" not in whole
    assert "typed@example.org" in whole
    assert not [pk for pk in theirs.values_list("pk", flat=True) if str(pk) in whole]
    assert "client@example.org" not in str(tables_of(world.person))


def test_a_copy_holds_no_secret(world: World) -> None:
    browser = signed_in(world.person)
    key = browser.cookies["session"].value
    whole = browser.get(reverse("privacy:my-data-json")).content.decode()
    tables = str(tables_of(world.person))
    digests = world.coach.clients.values_list("token_digest", flat=True)
    secrets = [world.person.password, key, *filter(None, digests)]
    assert len(secrets) == 3
    assert [secret for secret in secrets if secret in whole or secret in tables] == []


def test_each_result_in_the_copy_can_be_proven(world: World, tmp_path) -> None:
    copy = copy_of(world.person)
    proofs = [attempt["export"] for attempt in copy["attempts"] if attempt["export"]]
    assert len(proofs) == 1
    file = tmp_path / "result.json"
    file.write_text(json.dumps(proofs[0]))
    out = io.StringIO()
    call_command("verify_report", str(file), stdout=out)
    assert json.loads(out.getvalue())["equal"] is True


def test_an_unfinished_attempt_comes_with_its_answers(world: World) -> None:
    half = next(a for a in copy_of(world.person)["attempts"] if not a["finished_at"])
    assert len(half["answers"]) == 3
    assert half["export"] is None
    assert half["questionnaire"] == published().document.slug


def test_the_tables_hold_the_same(world: World) -> None:
    tables = tables_of(world.person)
    copy = copy_of(world.person)
    results = [name for name in tables if name.startswith("result_")]
    assert len(results) == 1
    assert {name.removesuffix(".csv") for name in tables} - {results[0].removesuffix(".csv")} == {
        *(kind.key for kind in KINDS), "attempts_answers", "attempts_plan",
    }  # fmt: skip
    answers = sum(len(attempt["answers"]) for attempt in copy["attempts"])
    assert len(tables["attempts_answers.csv"]) == answers
    assert tables["attempts_plan.csv"][0]["note"] == f"{MARK}@example.org plan"
    assert {row["of_attempts"] for row in tables["attempts_answers.csv"]} == {
        attempt["id"] for attempt in copy["attempts"]
    }
    assert tables["account.csv"][0]["email"] == f"{MARK}@example.org"


def test_no_cell_starts_a_formula(world: World) -> None:
    world.coach.clients.update(name='=HYPERLINK("http://x")')
    names = [row["coach_calls_me"] for row in tables_of(world.person)["invitations_received.csv"]]
    assert set(names) == {'\'=HYPERLINK("http://x")'}


@pytest.mark.parametrize("email", ["ÄNNE@example.org", "zoe@example.org"])
def test_an_invitation_is_found_by_its_address_whatever_the_case(world: World, email: str) -> None:
    world.coach.clients.filter(name=f"{MARK} again").update(email=email.swapcase())
    me = User.objects.create_user(email)
    assert [row["coach"] for row in copy_of(me)["invitations_received"]] == ["coach"]


def test_somebody_without_anything_has_a_page_that_says_so() -> None:
    me = User.objects.create_user("new@example.org")
    page = signed_in(me).get(reverse("privacy:my-data"))
    assert {kind.key for kind, _count in page.context["held"]} == {"account"}
    assert page.status_code == 200


def test_stored_markup_is_text() -> None:
    me = User.objects.create_user("new@example.org", name="<script>alert(1)</script>")
    for name in ("privacy:my-data", "privacy:erase"):
        assert b"<script>alert" not in signed_in(me).get(reverse(name)).content


@pytest.mark.parametrize("name", ["my-data", "my-data-json", "my-data-csv", "erase"])
def test_only_for_those_who_signed_in(name: str) -> None:
    assert Browser().get(reverse(f"privacy:{name}")).status_code == 302


# Literals: a query more is a decision.
COSTS = {"my-data": 26, "my-data-json": 33, "my-data-csv": 36, "erase": 32}


@pytest.mark.parametrize("name", COSTS)
@pytest.mark.parametrize("size", [1, 5])
def test_a_page_asks_as_many_questions_whatever_the_size(name: str, size: int) -> None:
    coach, me = a_coach("coach"), a_coach("me")
    for number in range(size):
        finished_attempt(published(), "short", me)
        other = User.objects.create_user(f"other{number}@example.org")
        finished_attempt(published(), "short", other)
        coached(me, other, "words", finished_at(other))
    coached(coach, me, "words", finished_at(me))
    browser = confirmed(me)
    browser.get(reverse("privacy:my-data"))
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(reverse(f"privacy:{name}")).status_code == 200
    said = [q["sql"] for q in asked if not re.match(r"(SAVEPOINT|RELEASE)", q["sql"])]
    assert len(said) == COSTS[name], "\n".join(said)


def finished_at(user: User) -> Any:
    return Attempt.objects.filter(owner=user).finished().latest("finished_at").finished_at
