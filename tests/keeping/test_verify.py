"""`verify` finds whatever is not what it should be, and says what it is."""

from __future__ import annotations

import contextlib
import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat, Replace
from django.utils import timezone

from assessments.analysis.models import Calibration
from assessments.coaching.models import Note
from assessments.keeping.contents import contents, stored_models
from assessments.keeping.copying import triggers_off
from assessments.keeping.verify import verify_everything
from assessments.questionnaires.models import Edition
from assessments.responses.models import Answer, Attempt, Report
from tests.keeping.places import said, working_on

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True, scope="module")
def _on_the_populated(populated: str, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), working_on(populated):
        yield


class Undone(Exception):
    """Takes back what a test did."""


@contextlib.contextmanager
def tampered_with() -> Iterator[None]:
    """A way past all that the database refuses; nothing of it stays."""
    with (
        contextlib.suppress(Undone),
        transaction.atomic(),
        triggers_off(connection, stored_models()),
    ):
        yield
        raise Undone


def found() -> list[str]:
    return verify_everything(progress=lambda done, in_all: None).differences


def test_what_is_right_is_said_to_be_right():
    result = said("verify")
    assert result["equal"] is True
    assert result["differences"] == []
    assert result["editions"] == Edition.objects.count() == 2
    assert result["attempts"] == Attempt.objects.count()
    assert result["answers"] == Answer.objects.count()
    assert result["reports"] == Report.objects.count() >= 5
    assert result["rows"] == sum(table["rows"] for table in result["tables"].values())
    assert result["unknown_tables"] == []
    assert said("verify", "--last", "2")["reports"] == 2


def change_edition() -> str:
    rows = QuerySet(Edition).filter(questionnaire__slug="pm-b2b-b2c")
    rows.update(document=Concat(F("document"), Value(" ")))
    return r"Edition 1 of pm-b2b-b2c: its digest is sha256:\w+, its document's is sha256:\w+"


def change_answer() -> str:
    row = Answer.objects.filter(attempt__in=Report.objects.values("pk"), value="2").first()
    assert row
    Answer.objects.filter(pk=row.pk).update(value="-2")
    return rf"Attempt {row.attempt_id}: .*the report says .*, scoring gives .*"


def change_report() -> str:
    report = Report.objects.first()
    assert report
    Report.objects.filter(pk=report.pk).update(
        document=Replace(F("document"), Value('"value":2'), Value('"value":1'))
    )
    return rf"Attempt {report.pk}: .*the report says 1, scoring gives 2"


def write_report_otherwise() -> str:
    report = Report.objects.first()
    assert report
    spaced = json.dumps(json.loads(report.document), sort_keys=True)
    Report.objects.filter(pk=report.pk).update(document=spaced)
    return rf"Attempt {report.pk}: its report says the same in other bytes than scoring gives"


def tear_report() -> str:
    report = Report.objects.first()
    assert report
    Report.objects.filter(pk=report.pk).update(document=report.document[:50])
    return rf"Attempt {report.pk}: its report cannot be read"


def lose_report() -> str:
    report = Report.objects.first()
    assert report
    Report.objects.filter(pk=report.pk).delete()
    return rf"Attempt {report.pk}: it is finished and has no report"


def half_a_finish() -> str:
    report = Report.objects.first()
    assert report
    Attempt.objects.filter(pk=report.pk).update(finished_at=None)
    return rf"Attempt {report.pk}: it is not finished and has a report"


def answer_what_was_not_asked() -> str:
    attempt = Attempt.objects.filter(finished_at=None).first()
    assert attempt
    Answer.objects.create(
        attempt=attempt, item_key="not-asked", value="1", client="x", seq=1, revision=1,
        saved_at=timezone.now(),
    )  # fmt: skip
    return rf"Attempt {attempt.pk}: its form has no item not-asked, to which there is an answer"


def answer_outside_the_scale() -> str:
    row = Answer.objects.filter(attempt__finished_at=None, value="2").first()
    assert row
    Answer.objects.filter(pk=row.pk).update(value="9")
    return rf"Attempt {row.attempt_id}: '9' is no answer to {row.item_key}"


def calibrate_otherwise() -> str:
    # Of the same number, with another reliability: its report no longer follows.
    row = Calibration.objects.get()
    content = json.loads(row.document)
    for scale in content["scales"]:
        scale["reliability"] = round(scale["reliability"] / 2, 6)
    rows = QuerySet(Calibration).filter(pk=row.pk)
    rows.update(document=json.dumps(content))
    report = Report.objects.get(document__contains='"calibration":1,')
    return rf"Attempt {report.pk}: .*the report says .*, scoring gives .*"


def lose_the_person() -> str:
    nobody = 2**31 - 7
    Attempt.objects.filter(pk=_an_attempt()).update(owner_id=nobody)
    return rf"assessments_attempt.owner_id: there is no assessments_user {nobody}"


def lose_the_attempt() -> str:
    gone = uuid4()
    Answer.objects.filter(attempt=_an_attempt()).update(attempt_id=gone)
    return rf"assessments_answer.attempt_id: there is no assessments_attempt {gone}"


def _an_attempt() -> UUID:
    attempt = Attempt.objects.filter(finished_at=None, answers__isnull=False).first()
    assert attempt
    return attempt.pk


FAULTS = [
    change_edition, change_answer, change_report, write_report_otherwise, tear_report, lose_report,
    half_a_finish, answer_what_was_not_asked, answer_outside_the_scale, calibrate_otherwise,
    lose_the_person, lose_the_attempt,
]  # fmt: skip


@pytest.mark.parametrize("tamper", FAULTS)
def test_it_finds(tamper: Callable[[], str]):
    with tampered_with():
        wrong = tamper()
        differences = found()
        assert [line for line in differences if re.fullmatch(wrong, line)], differences


def test_a_difference_is_exit_code_1_and_listed():
    with tampered_with():
        lose_report()
        out = io.StringIO()
        with pytest.raises(CommandError) as error:
            call_command("verify", stdout=out)
        assert error.value.returncode == 1
        result = json.loads(out.getvalue())
        assert result["equal"] is False
        assert len(result["differences"]) == 1


def test_the_digest_is_of_what_is_there_and_not_of_its_order():
    with tampered_with():
        before = contents()
        row = Note.objects.order_by("pk").first()
        assert row
        # Written once more, it lies elsewhere.
        Note.objects.filter(pk=row.pk)._raw_delete("default")
        row.save(force_insert=True)
        assert contents().digest == before.digest
        Note.objects.filter(pk=row.pk).update(text=row.text + "!")
        assert contents().differences(before) == ["assessments_note"]


def test_tables_of_somebody_else_are_named():
    with tampered_with():
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE somebody_elses (id integer)")
        assert said("verify")["unknown_tables"] == ["somebody_elses"]
