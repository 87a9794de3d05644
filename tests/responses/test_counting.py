"""What question analysis counts, and that deleting takes it out again, exactly."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.analysis.counts import FormCounts, FormKey, SumsKey
from assessments.analysis.models import CountedAs, Sums, Tally
from assessments.analysis.reading import all_stored, stored_counts
from assessments.analysis.services import mend
from assessments.instrument.document import Value
from assessments.people.models import User
from assessments.privacy import retention
from assessments.privacy.services import erase_account, reapply_erasures
from assessments.questionnaires.editions import PublishedEdition
from assessments.responses import services
from assessments.responses.counting import recount, refresh
from assessments.responses.models import Attempt
from tests.cast import answer, new_attempt, published, some_answers
from tests.instrument.small import small

pytestmark = pytest.mark.django_db
NOW = timezone.now()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def erasures_file(settings, tmp_path) -> None:
    settings.ERASURES_FILE = str(tmp_path / "erasures.jsonl")


@pytest.fixture
def edition() -> PublishedEdition:
    return published(small())


def finished(
    edition: PublishedEdition,
    form: str = "full",
    owner: User | None = None,
    *,
    at: datetime = NOW,
    **answers: Value,
) -> Attempt:
    """An attempt finished at that time, with some answers of its own."""
    attempt = new_attempt(edition, form, owner)
    own = {key.replace("_", "-"): value for key, value in answers.items()}
    answer(attempt, some_answers(edition.document, form) | own)
    services.finish(attempt=attempt, at=at)
    attempt.refresh_from_db()
    return attempt


def half(
    edition: PublishedEdition, questions: int, *, at: datetime = NOW, owner: User | None = None
) -> Attempt:
    """An attempt with the first so many questions answered, last used at that time."""
    attempt = new_attempt(edition, "full", owner)
    first = list(some_answers(edition.document).items())[:questions]
    if first:
        answer(attempt, dict(first))
    Attempt.objects.filter(pk=attempt.pk).update(last_used_at=at, started_at=at)
    attempt.refresh_from_db()
    return attempt


def somebody(name: str = "person") -> User:
    return User.objects.create_user(f"{name}@example.org")


def stored() -> dict[FormKey, FormCounts]:
    """All sums that are not of nobody."""
    return {place: counts for place, counts in all_stored() if counts != FormCounts()}


def counted_as(*attempts: Attempt) -> list[str]:
    kept = dict(Attempt.objects.values_list("pk", "counted_as"))
    return [kept[attempt.pk] for attempt in attempts]


def full(edition: PublishedEdition) -> FormCounts:
    return stored_counts(FormKey(edition.pk, "full"))


# --- What is counted ----------------------------------------------------------------------------


def test_a_finished_attempt_is_counted_once(edition):
    attempt = finished(edition)
    assert dict(refresh(at=NOW).counted) == {"in": 1}
    assert dict(refresh(at=NOW).counted) == {}
    assert counted_as(attempt) == ["in"]
    counts = full(edition)
    assert counts.finished == {"in": 1}
    assert {key.key for key in counts.items} == set(edition.document.form["full"].item_keys)
    assert {sums.shown for sums in counts.items.values()} == {1}
    assert {sums.n for sums in counts.scales.values()} == {1}


def test_sums_hold_values_and_seconds_as_they_are_stored(edition):
    attempt = finished(edition)
    key = edition.document.form["full"].item_keys[0]
    row = attempt.answers.get(item_key=key)
    refresh(at=NOW)
    sums = full(edition).items[SumsKey("in", key)]
    assert (sums.options, sums.total) == ({row.value: 1}, int(row.value))


def test_answers_of_low_quality_are_counted_by_themselves(edition):
    good = finished(edition)
    few = new_attempt(edition)
    answer(few, dict(list(some_answers(edition.document).items())[:3]))
    services.finish(attempt=few, at=NOW)
    refresh(at=NOW)
    assert counted_as(good, few) == ["in", "low"]
    assert {key.group for key in full(edition).items} == {"in", "low"}


def test_of_a_person_the_first_finished_attempt_at_each_form_is_counted(edition):
    person = somebody()
    second = finished(edition, owner=person, at=NOW - HOUR)
    first = finished(edition, owner=person, at=NOW - DAY)
    short = finished(edition, "short", person, at=NOW)
    other = finished(edition, at=NOW)
    refresh(at=NOW)
    assert counted_as(first, second, short, other) == ["in", "again", "in", "in"]
    assert full(edition).finished == {"in": 2, "again": 1}


def test_the_first_is_the_first_at_the_form_of_any_edition(edition):
    first = finished(edition, owner=(person := somebody()), at=NOW - DAY)
    refresh(at=NOW)
    data = edition.document.model_copy(update={"title": "Another"})
    second = finished(published(data), owner=person)
    refresh(at=NOW)
    assert counted_as(first, second) == ["in", "again"]


def test_whoever_goes_on_from_one_attempt_to_another_is_the_same_person(edition):
    short = finished(edition, "short", at=NOW - 2 * DAY)
    longer = [
        services.continue_on_form(attempt=short, edition=edition, form="full", at=NOW)
        for _number in range(2)
    ]
    for number, attempt in enumerate(longer):
        services.finish(attempt=attempt, at=NOW + number * HOUR)
    refresh(at=NOW)
    assert counted_as(short, *longer) == ["in", "low", "again"]


def test_a_later_attempt_that_was_counted_first_stays_so(edition):
    person = somebody()
    later = finished(edition, owner=person, at=NOW)
    refresh(at=NOW)
    earlier = finished(edition, owner=person, at=NOW - DAY)
    refresh(at=NOW)
    assert counted_as(earlier, later) == ["again", "in"]


def test_an_attempt_taken_over_into_an_account_stays_what_it_was(edition):
    person = somebody()
    own, anonymous = finished(edition, owner=person, at=NOW - DAY), finished(edition)
    refresh(at=NOW)
    before = stored()
    services.claim_attempt(attempt=anonymous, owner=person)
    refresh(at=NOW)
    assert counted_as(own, anonymous) == ["in", "in"]
    assert stored() == before
    assert recount().is_equal


def test_a_later_attempt_does_not_step_in_for_a_first_one_that_is_deleted(edition):
    person = somebody()
    first = finished(edition, owner=person, at=NOW - DAY)
    second = finished(edition, owner=person)
    refresh(at=NOW)
    services.delete_attempt(attempt=first, at=NOW)
    refresh(at=NOW)
    assert counted_as(second) == ["again"]
    assert full(edition) == FormCounts(finished={"again": 1})
    assert recount().is_equal


# --- Those who left -----------------------------------------------------------------------------


def test_whoever_did_not_come_back_for_a_day_left_after_the_last_answered_question(edition):
    keys = edition.document.form["full"].item_keys
    gone = [half(edition, 3, at=NOW - 25 * HOUR), half(edition, 0, at=NOW - 25 * HOUR)]
    here = half(edition, 5, at=NOW - 23 * HOUR)
    assert dict(refresh(at=NOW).counted) == {"left": 2}
    assert counted_as(*gone, here) == ["left", "left", ""]
    # The place, and no answer.
    assert full(edition) == FormCounts(left={keys[2]: 1, "": 1})


def test_what_an_attempt_began_with_does_not_tell_how_far_its_taker_went(edition):
    short = finished(edition, "short", at=NOW - 2 * DAY)
    longer = services.continue_on_form(
        attempt=short, edition=edition, form="full", at=NOW - 2 * DAY
    )
    refresh(at=NOW)
    assert counted_as(longer) == ["left"]
    assert full(edition).left == {"": 1}


def test_whoever_comes_back_is_counted_anew(edition):
    keys = edition.document.form["full"].item_keys
    attempt = half(edition, 3, at=NOW - 2 * DAY)
    refresh(at=NOW)
    services.note_use(attempt=attempt, at=NOW)
    assert counted_as(attempt) == ["back"]
    assert dict(refresh(at=NOW).counted) == {}
    assert full(edition).left == {keys[2]: 1}
    answer(attempt, {keys[5]: some_answers(edition.document)[keys[5]]})
    refresh(at=NOW + 2 * DAY)
    assert counted_as(attempt) == ["left"]
    assert full(edition).left == {keys[5]: 1}
    services.finish(attempt=attempt, at=NOW + 2 * DAY)
    refresh(at=NOW + 2 * DAY)
    assert full(edition).left == {}
    assert full(edition).finished == {"low": 1}


# --- Taking out ---------------------------------------------------------------------------------


def by_its_taker(attempt: Attempt) -> None:
    services.delete_attempt(attempt=attempt, at=NOW)


def with_the_account(attempt: Attempt) -> None:
    assert attempt.owner is not None
    erase_account(user=attempt.owner, at=NOW)


def after_its_time(attempt: Attempt) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(owner=None, last_used_at=NOW - 91 * DAY)
    assert retention.apply_retention(at=NOW, dry_run=False)["anonymous_attempts"] == 1


def of_an_idle_account(attempt: Attempt) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(last_used_at=NOW - 800 * DAY)
    User.objects.filter(attempts=attempt).update(
        date_joined=NOW - 800 * DAY, last_login=None, idle_notice_at=NOW - 31 * DAY
    )
    assert retention.apply_retention(at=NOW, dry_run=False)["idle_accounts"] == 1


def after_a_restore(attempt: Attempt) -> None:
    kept = list(Attempt.objects.filter(pk=attempt.pk).values())
    answers = list(attempt.answers.all())
    report = attempt.report.document if attempt.is_finished else None
    before = [*stored().items()]
    assert kept
    assert answers
    # What a backup from before the deletion would bring back.
    sid = transaction.savepoint()
    services.delete_attempt(attempt=attempt, at=NOW)
    assert [*stored().items()] != before
    transaction.savepoint_rollback(sid)
    assert report is None or attempt.report.document == report
    assert reapply_erasures().attempts == 1


ENDS = [by_its_taker, with_the_account, after_its_time, of_an_idle_account, after_a_restore]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("kind", ["finished", "left"])
def test_a_person_removed_is_as_if_never_added(edition, kind: str, end: Callable[[Attempt], None]):
    finished(edition)
    half(edition, 3, at=NOW - 2 * DAY)
    refresh(at=NOW)
    before, rows = stored(), set(Sums.objects.values_list("pk", flat=True))
    person = somebody()
    if kind == "finished":
        attempt = finished(edition, owner=person, at=NOW - HOUR)
        finished(edition, "short", owner=None)
        Attempt.objects.latest("started_at").delete()
    else:
        attempt = half(edition, 5, at=NOW - 3 * DAY, owner=person)
    refresh(at=NOW)
    assert stored() != before
    end(attempt)
    assert not Attempt.objects.filter(pk=attempt.pk).exists()
    assert stored() == before
    assert set(Sums.objects.values_list("pk", flat=True)) == rows
    assert recount().is_equal


def test_the_database_refuses_to_delete_an_attempt_that_is_in_the_sums(edition):
    attempt = finished(edition)
    refresh(at=NOW)
    for delete in (attempt.delete, Attempt.objects.all().delete):
        with (
            pytest.raises(IntegrityError, match="taken out of the sums first"),
            transaction.atomic(),
        ):
            delete()
    assert counted_as(attempt) == ["in"]


def test_sums_that_do_not_hold_keep_nobody_from_deleting(edition, caplog):
    attempt, other = finished(edition), finished(edition)
    refresh(at=NOW)
    Sums.objects.filter(kind="item").delete()
    services.delete_attempt(attempt=attempt, at=NOW)
    assert "refresh_sums --rebuild" in caplog.text
    assert not recount().is_equal
    assert full(edition).finished == {"in": 1}
    assert recount().is_equal
    assert counted_as(other) == ["in"]


# --- Recount ------------------------------------------------------------------------------------


def test_a_recount_finds_what_was_changed_by_hand_and_puts_it_right(edition):
    for _number in range(3):
        finished(edition)
    refresh(at=NOW)
    before = stored()
    row = Sums.objects.filter(kind="scale").first()
    assert row is not None
    Sums.objects.filter(pk=row.pk).update(content=row.content | {"n": 7})
    Tally.objects.update(left={"": 5})
    result = recount()
    (place,) = result.stored
    assert result.stored[place].differences(result.recounted[place]) == [
        "left", f"in: scale {row.key}",
    ]  # fmt: skip
    assert stored() == before


def test_putting_right_keeps_what_was_counted_meanwhile(edition):
    finished(edition)
    refresh(at=NOW)
    right = stored()
    Sums.objects.filter(kind="scale").delete()
    found = stored()
    finished(edition)
    refresh(at=NOW)
    mend(found=found, right=right)
    assert full(edition).finished == {"in": 2}
    assert recount().is_equal


def said(*arguments: str) -> tuple[Any, int]:
    """What a command printed, and its exit code."""
    out, code = io.StringIO(), 0
    try:
        call_command(*arguments, stdout=out)
    except CommandError as error:
        code = error.returncode
    return json.loads(out.getvalue()), code


def test_the_command_says_what_it_counted_and_whether_the_sums_held(edition):
    finished(edition)
    half(edition, 2, at=NOW - 2 * DAY)
    assert said("refresh_sums") == ({"counted": {"in": 1, "left": 1}}, 0)
    held = {"counted": {}, "equal": True, "differences": []}
    assert said("refresh_sums", "--rebuild") == (held, 0)
    Tally.objects.update(left={})
    about = {"questionnaire": "maker-manager", "edition": 1, "form": "full", "sums": ["left"]}
    differs = held | {"equal": False, "differences": [about]}
    assert said("refresh_sums", "--rebuild") == (differs, 1)
    assert said("refresh_sums", "--rebuild") == (held, 0)


def test_the_words_of_the_sums_are_those_of_the_attempts():
    field = Attempt._meta.get_field("counted_as")
    assert field.choices == CountedAs.choices
