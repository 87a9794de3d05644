"""Erasing a person: everything goes or nothing, others keep theirs, and it is on file."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import DatabaseError, IntegrityError
from django.urls import reverse
from django.utils import timezone

from assessments.errors import DomainError, Gone
from assessments.people import erasures
from assessments.people.consents import ConsentEvent, Deed
from assessments.people.models import User
from assessments.privacy import services
from assessments.questionnaires.models import Edition
from assessments.questionnaires.services import load_onto_desk
from assessments.responses import services as responses
from assessments.responses.counting import recount, refresh
from assessments.responses.models import Attempt
from tests.cast import (
    confirmed,
    finished_attempt,
    new_attempt,
    published,
    shipped_questionnaire,
    signed_in,
    with_second_factor,
)
from tests.privacy.people import World, populate
from tests.privacy.rows import all_rows, gone, holding

pytestmark = pytest.mark.django_db
MARK = "zqx7"


@pytest.fixture
def world() -> World:
    return populate(MARK)


def erased(user: User) -> services.Receipt:
    return services.erase_account(user=user, at=timezone.now())


def on_file() -> list[Any]:
    found = erasures.read_file()
    return found.erasures if found else []


# --- What goes and what stays -------------------------------------------------------------------


def test_nothing_of_the_person_remains(world: World) -> None:
    assert len(holding(all_rows(), MARK)) >= 10
    erased(world.person)
    assert holding(all_rows(), MARK) == {}
    signed_in_as = [s.get_decoded().get("_auth_user_id") for s in Session.objects.all()]
    assert str(world.person.pk) not in signed_in_as


def test_others_keep_what_is_theirs(world: World) -> None:
    before = all_rows()
    erased(world.person)
    after = all_rows()
    # Lines of the log lose the reference; an attempt that the person had invited to, as well, and
    # what the person did on the editors' desk.
    emptied = {
        "assessments_accessevent": 2, "assessments_attempt": 1, "assessments_deskchange": 1,
        "assessments_impactrun": 1,
    }  # fmt: skip
    for table, rows in after.items():
        new = rows - before[table]
        if table == "assessments_consentevent":
            assert new.total() == 3  # two ends, one erasure
        else:
            assert new.total() == emptied.get(table, 0), (table, new)
    lost = gone(before, after)
    theirs = {table for table, rows in lost.items() for row in rows if "client@example.org" in row}
    # The person's own desk, and what the admin's history says that the person did.
    assert theirs == {"assessments_client", "django_admin_log"}
    assert Attempt.objects.filter(owner=world.client).count() == 2
    assert world.client.coached_as.get().notes.count() == 2


def test_the_ledger_says_that_consents_ended_and_that_the_account_is_gone(world: World) -> None:
    ref = world.person.ledger_ref
    erased(world.person)
    about = ConsentEvent.objects.order_by("pk")
    assert list(about.filter(client_ref=ref).values_list("deed", flat=True)) == [
        Deed.GIVEN, Deed.WITHDRAWN, Deed.ERASED,
    ]  # fmt: skip
    assert list(about.filter(coach_ref=ref).values_list("deed", flat=True)) == [
        Deed.GIVEN, Deed.ENDED_BY_COACH,
    ]  # fmt: skip


def test_an_editor_leaves_an_empty_row_that_editions_name(world: World) -> None:
    desk = load_onto_desk(document=shipped_questionnaire(), at=timezone.now())
    Edition.objects.create(
        questionnaire=desk, number=99, document="{}", digest="sha256:0",
        published_at=timezone.now(), published_by=world.person,
    )  # fmt: skip
    assert erased(world.person).is_emptied
    assert holding(all_rows(), MARK) == {}
    empty = User.objects.get(pk=world.person.pk)
    assert empty.email.endswith("@erased.invalid")
    assert not empty.is_active
    assert not empty.has_usable_password()
    assert (empty.name, empty.last_login, empty.groups.count()) == ("", None, 0)
    assert empty.ledger_ref != world.person.ledger_ref
    # Asked again by the file, it is found no more.
    assert services.reapply_erasures().accounts == 0


def test_somebody_erased_twice_is_gone_the_second_time(world: World) -> None:
    erased(world.person)
    with pytest.raises(Gone):
        erased(world.person)
    assert len(on_file()) == 1


# --- All or nothing -----------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["record_erasure", "admin_deeds", "is_needed"])
def test_a_fault_in_the_middle_leaves_everything(world: World, monkeypatch, step: str) -> None:
    before = all_rows()

    def fail(*_args: object, **_more: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(services, step, fail)
    with pytest.raises(RuntimeError):
        erased(world.person)
    assert all_rows() == before
    assert on_file() == []


def test_what_cannot_be_put_on_file_is_not_erased(world: World, settings) -> None:
    before = all_rows()
    # A disk that is full.
    settings.ERASURES_FILE = "/dev/full"
    with pytest.raises(OSError, match="No space"):
        erased(world.person)
    assert all_rows() == before


def test_half_a_line_is_no_line(world: World, monkeypatch, erasures_file: Path) -> None:
    before = all_rows()
    write = erasures.os.write
    monkeypatch.setattr(erasures.os, "write", lambda fd, data: write(fd, data[:20]))
    with pytest.raises(OSError, match="no more lines"):
        erased(world.person)
    monkeypatch.undo()
    assert all_rows() == before
    assert erasures_file.read_bytes().startswith(b'{"erasure": ')


def test_a_commit_that_fails_makes_the_line_void(world: World, erasures_file: Path) -> None:
    with pytest.raises(DomainError, match="Nothing was deleted"):
        _erase_with_failing_commit(world.person)
    assert on_file() == []
    first, second = map(json.loads, erasures_file.read_text().splitlines())
    assert second == {"void": first["erasure"]}
    assert User.objects.filter(pk=world.person.pk).exists()


def _erase_with_failing_commit(person: User) -> None:
    """The line is written, and then the database refuses the commit."""
    append = erasures._append

    def then_fail(content: dict[str, object]) -> None:
        append(content)
        if "erasure" in content:
            raise IntegrityError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(erasures, "_append", then_fail)
        erased(person)


def test_a_commit_of_unknown_end_leaves_the_line_standing(
    erasures_file: Path, monkeypatch
) -> None:
    def away() -> bool:
        raise DatabaseError

    append = erasures._append

    def then_fail(content: dict[str, object]) -> None:
        append(content)
        raise DatabaseError

    monkeypatch.setattr(erasures, "_append", then_fail)
    filing = erasures.put_on_file(at=timezone.now(), is_there=away)
    with pytest.raises(DatabaseError), filing as erasure:
        erasure.attempts.append(uuid4())
    assert len(on_file()) == 1


def test_a_commit_that_went_through_in_spite_of_an_error_leaves_the_line(monkeypatch) -> None:
    append = erasures._append

    def then_fail(content: dict[str, object]) -> None:
        append(content)
        raise DatabaseError

    monkeypatch.setattr(erasures, "_append", then_fail)
    there = erasures.put_on_file(at=timezone.now(), is_there=lambda: False)
    with pytest.raises(DatabaseError), there as erasure:
        erasure.attempts.append(uuid4())
    assert len(on_file()) == 1


# --- The file -----------------------------------------------------------------------------------


def test_the_file_names_nobody(world: World, erasures_file: Path) -> None:
    receipt = erased(world.person)
    text = erasures_file.read_text()
    assert MARK not in text
    line = json.loads(text)
    assert set(line) == {"erasure", "at", "account", "attempts", "desk_rows", "consents"}
    assert (line["erasure"], line["account"]) == (receipt.reference, str(world.person.ledger_ref))
    assert (len(line["attempts"]), len(line["desk_rows"])) == (2, 2)
    assert erasures_file.stat().st_mode & 0o777 == 0o600


def test_a_torn_line_is_skipped_and_the_next_stands_on_its_own(erasures_file: Path) -> None:
    first, second = new_attempt(published()), new_attempt(published())
    responses.delete_attempt(attempt=first, at=timezone.now())
    with erasures_file.open("ab") as file:
        file.write(b'{"erasure": "1234", "at": "2026')
    found = erasures.read_file()
    assert found is not None
    assert (len(found.erasures), found.unreadable) == (1, [2])
    responses.delete_attempt(attempt=second, at=timezone.now())
    found = erasures.read_file()
    assert found is not None
    assert (len(found.erasures), found.unreadable) == (2, [2])


@pytest.mark.parametrize("line", ["[1]", "7", '{"erasure": "x"}', '{"erasure": "x", "at": 1}'])
def test_a_line_of_another_kind_is_skipped(erasures_file: Path, line: str) -> None:
    erasures_file.write_text(line + "\n")
    found = erasures.read_file()
    assert found is not None
    assert found.unreadable == [1]


def test_deleting_one_attempt_is_on_file_too(erasures_file: Path) -> None:
    attempt = finished_attempt(published())
    responses.delete_attempt(attempt=attempt, at=timezone.now())
    assert [(e.account, e.attempts) for e in on_file()] == [(None, [attempt.pk])]
    with pytest.raises(Gone):
        responses.delete_attempt(attempt=attempt, at=timezone.now())
    assert len(on_file()) == 1


# --- The pages ----------------------------------------------------------------------------------


def test_the_page_says_what_goes_and_asks_for_a_tick(world: World) -> None:
    browser = confirmed(world.person)
    page = browser.get(reverse("privacy:erase"))
    assert page.status_code == 200
    assert "for 3 years" in page.content.decode()
    assert "An empty row" not in page.content.decode()
    refused = browser.post(reverse("privacy:erase"))
    assert refused.status_code == 422
    assert "Error:" in refused.content.decode()
    assert User.objects.filter(pk=world.person.pk).exists()


def test_after_the_tick_everything_is_gone_and_the_receipt_names_nobody(world: World) -> None:
    browser = confirmed(world.person)
    done = browser.post(reverse("privacy:erase"), {"is_meant": "on"}, follow=True)
    assert done.status_code == 200
    page = done.content.decode()
    (line,) = on_file()
    assert line.reference in page
    assert MARK not in page
    assert str(line.account) not in page
    assert {kind.key: count for kind, count in done.context["went"]}["attempts"] == 2
    assert holding(all_rows(), MARK) == {}
    # Signed out, and the address of the receipt can be opened again.
    assert browser.get(reverse("privacy:my-data")).status_code == 302
    address = done.redirect_chain[-1][0]
    assert browser.get(address).status_code == 200
    assert browser.get(address[:-1]).status_code == 404
    assert browser.get(reverse("privacy:erased")).status_code == 404


def test_an_old_sign_in_is_not_enough(world: World) -> None:
    browser = confirmed(world.person)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        answer = browser.post(reverse("privacy:erase"), {"is_meant": "on"})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert User.objects.filter(pk=world.person.pk).exists()


def test_an_editor_is_told_what_stays(world: World) -> None:
    edition = Edition.objects.first()
    assert edition is not None
    Edition.objects.create(
        questionnaire=edition.questionnaire, number=98, document="{}", digest="sha256:0",
        published_at=timezone.now(), published_by=world.person,
    )  # fmt: skip
    browser = confirmed(world.person)
    assert "An empty row" in browser.get(reverse("privacy:erase")).content.decode()
    done = browser.post(reverse("privacy:erase"), {"is_meant": "on"}, follow=True)
    assert "An empty row stays" in done.content.decode()


# --- By those who run the site ------------------------------------------------------------------


@pytest.mark.parametrize("how", ["alone", "among others"])
def test_an_account_deleted_in_the_admin_is_erased_like_any_other(how: str) -> None:
    person = User.objects.create_user("person@example.org")
    attempt = finished_attempt(published(), "short", person)
    refresh(at=timezone.now())
    browser = signed_in(with_second_factor(User.objects.create_superuser("root@example.org")))
    if how == "alone":
        url = reverse("admin:assessments_user_delete", args=[person.pk])
        reply = browser.post(url, {"post": "yes"})
    else:
        chosen = {"action": "delete_selected", "_selected_action": [person.pk], "post": "yes"}
        reply = browser.post(reverse("admin:assessments_user_changelist"), chosen)
    assert reply.status_code == 302
    assert not User.objects.filter(pk=person.pk).exists()
    (erasure,) = on_file()
    assert (erasure.account, erasure.attempts) == (person.ledger_ref, [attempt.pk])
    assert recount().is_equal
