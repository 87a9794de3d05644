"""Impact: recent results scored under the desk, beside what they say. No result changes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from assessments.analysis.replica import on_replica
from assessments.editing.models import ImpactRun
from assessments.instrument.canonical import digest
from assessments.instrument.document import Questionnaire as Document
from assessments.people.models import User
from assessments.questionnaires.desk import document_of
from assessments.questionnaires.editions import PublishedEdition, published_edition
from assessments.questionnaires.models import Questionnaire
from assessments.reports.models import StudyPlan
from assessments.reports.plan_page import first_plan
from assessments.reports.services import plans_or_new
from assessments.responses.models import Attempt
from assessments.responses.sheets import answer_sheet
from assessments.scoring import AnswerSheet, Report, write_report
from assessments.scoring.impact import Common, Outcome, Tally, common_items, outcome_of
from assessments.scoring.impact_figures import impact_json

LAST_DEFAULT = 1000
LAST_MAX = 100_000
# What a page may ask for: a second or two.
LAST_ON_PAGE = 200
RUNS_KEPT = 5
# Attempts in memory at a time, with their answers.
BATCH = 100

Plans = Mapping[UUID, StudyPlan]


@dataclass(frozen=True, slots=True)
class Taken:
    """A finished attempt, read: its edition, what was answered, and its stored report."""

    attempt: Attempt
    edition: PublishedEdition
    sheet: AnswerSheet
    report: Report


def run_impact(
    *, questionnaire: Questionnaire, last: int, at: datetime, by: User | None = None
) -> ImpactRun:
    """Work the impact out and keep it, with the few before it.

    Raises `DocumentFaults` while the desk is no document.
    """
    document = document_of(questionnaire)
    with on_replica():
        tally = impact_of(
            questionnaire=questionnaire, document=document, last=last, today=at.date()
        )
    desk_digest = digest(document)
    with transaction.atomic():
        run = ImpactRun.objects.create(
            questionnaire=questionnaire,
            desk_digest=desk_digest,
            last=last,
            result=impact_json(tally, document, desk_digest=desk_digest, last=last),
            at=at,
            by=by,
        )
        runs = questionnaire.impact_runs.all()
        runs.exclude(pk__in=list(runs.values_list("pk", flat=True)[:RUNS_KEPT])).delete()
    return run


def impact_of(
    *, questionnaire: Questionnaire, document: Document, last: int, today: date
) -> Tally:
    """The last finished attempts, each scored under the document with the answers that hold there.

    An answer holds where the item has the same key and revision. Four queries for each hundred
    attempts, and one for each edition that this process has not read yet.
    """
    tally, common = Tally(), _CommonItems(document)
    finished = Attempt.objects.finished().filter(edition__questionnaire=questionnaire)
    newest = finished.order_by("-finished_at", "-pk").values_list("pk", flat=True)
    pks = list(newest[:last])
    for start in range(0, len(pks), BATCH):
        taken = list(_read(pks[start : start + BATCH], tally))
        attempts = {one.attempt.pk: (one.attempt, one.edition.document) for one in taken}
        plans = plans_or_new(attempts=attempts, today=today)
        for one in taken:
            _compare(one, document, common, plans[one.attempt.pk], tally)
    return tally


def _read(pks: Sequence[UUID], tally: Tally) -> Iterator[Taken]:
    rows = Attempt.objects.filter(pk__in=pks).select_related("report").prefetch_related("answers")
    for attempt in rows:
        try:
            edition = published_edition(attempt.edition_id)
            sheet = answer_sheet(attempt=attempt, items=edition.document.item)
            yield Taken(attempt, edition, sheet, Report.parse(attempt.report.document))
        except (ValueError, KeyError, ObjectDoesNotExist):
            tally.left_out["unreadable"] += 1


class _CommonItems:
    """What a form of an edition has in common with the desk, worked out once for each."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._known: dict[tuple[int, str], Common] = {}

    def of(self, edition: PublishedEdition, form: str) -> Common:
        """Of a form that both have."""
        key = (edition.pk, form)
        if key not in self._known:
            self._known[key] = common_items(edition.document, self._document, form)
        return self._known[key]


def _compare(
    one: Taken, document: Document, common_of: _CommonItems, chosen: StudyPlan, tally: Tally
) -> None:
    if one.sheet.form not in document.form:
        tally.left_out["form"] += 1
        return
    common = common_of.of(one.edition, one.sheet.form)
    answers = one.sheet.answers
    tally.note_lost(
        {key: why for key, why in common.lost.items() if why == "new" or key in answers}
    )
    sheet = AnswerSheet(
        form=one.sheet.form,
        answers={key: value for key, value in answers.items() if key in common.same},
        seconds={key: s for key, s in one.sheet.seconds.items() if key in common.same},
    )
    if not sheet.answers:
        tally.left_out["answers"] += 1
        return
    goal = one.attempt.goal
    tally.goal_gone += bool(goal) and goal not in document.role
    again = write_report(document, sheet, edition=one.edition.number + 1, edition_digest="")
    tally.add(
        one.edition.number,
        _outcome(one.edition.document, one.report, chosen, goal),
        _outcome(document, again, chosen, goal),
    )


def _outcome(document: Document, report: Report, chosen: StudyPlan, goal: str) -> Outcome:
    goal = goal if goal in document.role else ""
    has_library = bool(document.study.recommendations)
    plan = first_plan(document, report, chosen, goal=goal) if has_library else None
    return outcome_of(document, report, plan, goal=goal)
