"""The proof that what is stored is right: editions, references, answers, reports."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from uuid import UUID

from django.db import connection
from django.db.models import Exists, ForeignKey, Model, OuterRef, QuerySet
from pydantic import ValidationError

from assessments.analysis.calibrations import calibration_of_report
from assessments.analysis.models import Calibration as CalibrationRow
from assessments.analysis.reading import one_moment
from assessments.instrument.canonical import canonical_json
from assessments.instrument.document import Value
from assessments.keeping.contents import Contents, columns_of, contents, stored_models
from assessments.questionnaires.editions import PublishedEdition, published_edition
from assessments.questionnaires.models import Edition
from assessments.responses.models import Answer, Attempt, Report
from assessments.responses.sheets import value_of_text
from assessments.scoring import AnswerSheet
from assessments.scoring.calibration import Calibration
from assessments.scoring.verify import EXPORT_SCHEMA, verify
from assessments.scoring.write import SCORERS

# Attempts in memory at once.
BATCH = 200
# Of orphans of one kind, as many are named.
NAMED = 20

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Verified:
    """What was looked at, and a sentence for each thing that is wrong."""

    editions: int = 0
    attempts: int = 0
    answers: int = 0
    reports: int = 0
    differences: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """A stored answer, its value still as text."""

    item: str
    text: str
    seconds: float | None


def verify_everything(*, progress: Progress, last: int | None = None) -> Verified:
    """Look at all of it, or score only so many of the newest reports again.

    Nobody waits for it, and memory does not grow with what there is: attempts are read a batch
    at a time, each batch as of one moment. `progress` is told attempts done and in all.
    """
    result = Verified()
    result.differences += _file_faults()
    result.differences += _orphans()
    broken = set()
    for pk in Edition.objects.order_by("pk").values_list("pk", flat=True):
        result.editions += 1
        if faults := edition_faults(Edition.objects.select_related("questionnaire").get(pk=pk)):
            result.differences += faults
            broken.add(pk)
    for pk in CalibrationRow.objects.order_by("pk").values_list("pk", flat=True):
        result.differences += _calibration_faults(CalibrationRow.objects.get(pk=pk))
    # What hangs on an edition that cannot be read could only be said to be wrong once more.
    attempts = Attempt.objects.exclude(edition__in=broken)
    in_all = attempts.count() if last is None else min(last, attempts.finished().count())
    for batch in _batches(attempts, last):
        _verify_batch(batch, result)
        progress(result.attempts, in_all)
    return result


def contents_at_one_moment() -> Contents:
    """The tally of every table."""
    with one_moment():
        return contents()


# --- The database itself ------------------------------------------------------------------------


def _file_faults() -> list[str]:
    """Damage to the file, which SQLite finds only where it is asked to look."""
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        found = [line for (line,) in cursor.fetchall()]
    return [f"The file: {line}" for line in found if line != "ok"]


def _orphans() -> Iterator[str]:
    """Rows that name a row which is not there, whether or not the database watches over it."""
    for model in stored_models():
        for column in columns_of(model):
            if isinstance(column, ForeignKey):
                yield from _orphans_of(model, column)


def _orphans_of(model: type[Model], column: "ForeignKey[object, object]") -> Iterator[str]:
    named = column.target_field
    there = named.model._base_manager.filter(**{named.attname: OuterRef(column.attname)})
    rows = model._base_manager.order_by().exclude(**{column.attname: None})
    found = list(rows.filter(~Exists(there)).values_list(column.attname, flat=True)[: NAMED + 1])
    table = model._meta.db_table
    for value in found[:NAMED]:
        yield f"{table}.{column.column}: there is no {named.model._meta.db_table} {value}"
    if len(found) > NAMED:
        yield f"{table}.{column.column}: and more of these"


def edition_faults(edition: Edition) -> list[str]:
    """What is wrong with an edition; [] where its document is the one that was published."""
    name = f"Edition {edition.number} of {edition.questionnaire.slug}"
    found = f"sha256:{sha256(edition.document.encode()).hexdigest()}"
    if found != edition.digest:
        return [f"{name}: its digest is {edition.digest}, its document's is {found}"]
    try:
        document = published_edition(edition.pk).document
    except ValidationError as error:
        return [f"{name}: it cannot be read: {error.errors()[0]['msg']}"]
    if canonical_json(document) != edition.document:
        return [f"{name}: reading and writing it gives another document"]
    return []


def _calibration_faults(row: CalibrationRow) -> list[str]:
    name = f"Calibration {row.number} of edition {row.edition_id}"
    try:
        calibration = Calibration.parse(row.document)
    except ValueError as error:
        return [f"{name}: it cannot be read: {error}"]
    if calibration.number != row.number:
        return [f"{name}: it says that it is number {calibration.number}"]
    return []


# --- Attempts -----------------------------------------------------------------------------------


def _batches(attempts: QuerySet[Attempt], last: int | None) -> Iterator[list[UUID]]:
    """Keys of all attempts, or of the newest finished ones."""
    if last is not None:
        finished = attempts.filter(finished_at__isnull=False).order_by("-finished_at", "pk")
        pks = list(finished.values_list("pk", flat=True)[:last])
        yield from (pks[start : start + BATCH] for start in range(0, len(pks), BATCH))
        return
    ordered = attempts.order_by("pk").values_list("pk", flat=True)
    batch = list(ordered[:BATCH])
    while batch:
        yield batch
        batch = list(ordered.filter(pk__gt=batch[-1])[:BATCH])


def _verify_batch(pks: Sequence[UUID], result: Verified) -> None:
    with one_moment():
        # Some may have been deleted since.
        attempts = list(Attempt.objects.filter(pk__in=pks).order_by("pk"))
        answers = _answers_of(pks)
        reports = dict(Report.objects.filter(pk__in=pks).values_list("pk", "document"))
    for attempt in attempts:
        given = answers.get(attempt.pk, [])
        result.attempts += 1
        result.answers += len(given)
        result.reports += attempt.pk in reports
        result.differences += [
            f"Attempt {attempt.pk}: {fault}"
            for fault in _attempt_faults(attempt, given, reports.get(attempt.pk))
        ]


def _answers_of(pks: Sequence[UUID]) -> dict[UUID, list[GivenAnswer]]:
    found: dict[UUID, list[GivenAnswer]] = {}
    rows = Answer.objects.filter(attempt__in=pks).order_by("attempt_id", "item_key")
    for pk, *answer in rows.values_list("attempt_id", "item_key", "value", "seconds"):
        found.setdefault(pk, []).append(GivenAnswer(*answer))
    return found


def _attempt_faults(
    attempt: Attempt, given: Sequence[GivenAnswer], report: str | None
) -> list[str]:
    if attempt.is_finished and report is None:
        return ["it is finished and has no report"]
    if report is not None and not attempt.is_finished:
        return ["it is not finished and has a report"]
    edition = published_edition(attempt.edition_id)
    form = edition.document.form.get(attempt.form)
    if form is None:
        return [f"its edition has no form {attempt.form}"]
    known = set(form.item_keys)
    faults = [
        f"its form has no item {answer.item}, to which there is an answer"
        for answer in given
        if answer.item not in known
    ]
    faults += [
        f"{answer.text!r} is no answer to {answer.item}"
        for answer in given
        if answer.item in known and answer.text and not _fits(edition, answer)
    ]
    if faults or report is None:
        return faults
    return report_faults(edition, _sheet(edition, attempt.form, given), report)


def _fits(edition: PublishedEdition, answer: GivenAnswer) -> bool:
    item = edition.document.item[answer.item]
    try:
        return item.accepts(value_of_text(item, answer.text))
    except ValueError:
        return False


def _sheet(edition: PublishedEdition, form: str, given: Sequence[GivenAnswer]) -> AnswerSheet:
    items = edition.document.item
    answered = [answer for answer in given if answer.text]
    values: dict[str, Value] = {
        answer.item: value_of_text(items[answer.item], answer.text) for answer in answered
    }
    seconds = {answer.item: answer.seconds for answer in answered if answer.seconds is not None}
    return AnswerSheet(form, values, seconds)


def report_faults(edition: PublishedEdition, sheet: AnswerSheet, stored: str) -> list[str]:
    """What scoring the answers again gives otherwise; [] where it gives the same bytes."""
    try:
        content = json.loads(stored)
        calibration = calibration_of_report(edition.pk, content["calibration"])
        score = SCORERS[content["scoring"]]
    except CalibrationRow.DoesNotExist:
        return [f"its report was written with calibration {content['calibration']}, which is gone"]
    except (KeyError, TypeError, ValueError):
        return ["its report cannot be read"]
    try:
        again = score(edition.document, sheet, edition.number, edition.digest, calibration)
    except ValueError as error:
        return [f"it cannot be scored: {error}"]
    if again.canonical() == stored:
        return []
    say = partial(_in_words, content, edition, sheet, calibration)
    return say() or ["its report says the same in other bytes than scoring gives"]


def _in_words(
    report: object,
    edition: PublishedEdition,
    sheet: AnswerSheet,
    calibration: Calibration | None,
) -> list[str]:
    try:
        return verify(
            {
                "schema": EXPORT_SCHEMA,
                "report": report,
                "edition": json.loads(canonical_json(edition.document)),
                "answers": sheet.answers,
                "seconds": sheet.seconds,
                "calibration": json.loads(calibration.canonical()) if calibration else None,
            }
        )
    except ValueError as error:
        return [str(error)]
