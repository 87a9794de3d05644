"""Two attempts side by side, or the choice of two."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.analysis.calibrations import calibration_of_report
from assessments.http.access import attempt_page
from assessments.people.actors import actor_of
from assessments.questionnaires.editions import published_edition
from assessments.reports import change_words
from assessments.reports.compare import compare_page, why_not
from assessments.responses.models import Attempt
from assessments.responses.models import Report as StoredReport
from assessments.responses.sheets import answer_sheet
from assessments.responses.visits import note_visit
from assessments.scoring import Report
from assessments.scoring.calibration import Calibration
from assessments.scoring.change import Change, NotComparable
from assessments.scoring.change import compare as change_between

COMPARE = "assessments/reports/compare.html"


@attempt_page
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Two attempts, the earlier one first whatever their order in `?a=…&b=…`; or the choice."""
    attempts = sorted(Attempt.objects.visible_to(actor_of(request)).finished(), key=_finished)
    asked = [value for name in ("a", "b") if (value := request.GET.get(name))]
    chosen = sorted((_one_of(attempts, pk) for pk in asked), key=_finished)
    if len(chosen) < 2:
        return _choice(request, attempts, chosen)
    first, second = chosen
    if first == second:
        error = _("Choose two different attempts. These are one and the same.")
        return _choice(request, attempts, chosen, error=error, status=422)
    return _comparison(request, attempts, first, second)


def _choice(
    request: HttpRequest,
    attempts: Sequence[Attempt],
    chosen: Sequence[Attempt],
    *,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    newest_first = [attempt for attempt in _repeated(attempts)[::-1] if attempt not in chosen]
    preset = sorted([*chosen, *newest_first][:2], key=_finished)
    context = {**_options(attempts, preset), "error": error}
    return render(request, COMPARE, context, status=status)


def _comparison(
    request: HttpRequest, attempts: Sequence[Attempt], first: Attempt, second: Attempt
) -> HttpResponse:
    for attempt in (first, second):
        note_visit(request, attempt)
    earlier = published_edition(first.edition_id).document
    later = published_edition(second.edition_id).document
    first_at, second_at = _dates([first, second])
    context = {**_options(attempts, [first, second]), "second": second, "poles": later.poles}
    try:
        change = _change(first, second)
        why = why_not(change, first_at=first_at, second_at=second_at)
    except NotComparable:
        why = change_words.different_questionnaires(earlier.title, later.title)
    if why:
        return render(request, COMPARE, context | {"why_not": why})
    page = compare_page(
        earlier,
        later,
        change,
        first_at=first_at,
        second_at=second_at,
        is_carried_over=second.continued_from_id == first.pk,
    )
    return render(request, COMPARE, context | {"page": page})


def _change(first: Attempt, second: Attempt) -> Change:
    stored = StoredReport.objects.in_bulk([first.pk, second.pk])
    sides: list[Any] = []
    calibrations: list[Calibration | None] = []
    for attempt in (first, second):
        document = published_edition(attempt.edition_id).document
        sheet = answer_sheet(attempt=attempt, items=document.item)
        report = Report.parse(stored[attempt.pk].document)
        sides += [document, sheet, report]
        calibrations.append(calibration_of_report(attempt.edition_id, report.calibration))
    return change_between(*sides, calibration_a=calibrations[0], calibration_b=calibrations[1])


def _finished(attempt: Attempt) -> tuple[datetime, UUID]:
    return attempt.finished_at or attempt.started_at, attempt.pk


def _one_of(attempts: Sequence[Attempt], pk: str) -> Attempt:
    for attempt in attempts:
        if str(attempt.pk) == pk:
            return attempt
    raise Http404


def _repeated(attempts: Sequence[Attempt]) -> list[Attempt]:
    """Those whose questionnaire was finished at least twice."""
    slugs = [published_edition(attempt.edition_id).document.slug for attempt in attempts]
    return [one for one, slug in zip(attempts, slugs, strict=True) if slugs.count(slug) > 1]


def _options(attempts: Sequence[Attempt], preset: Sequence[Attempt]) -> dict[str, Any]:
    """The form in which two attempts are chosen: each attempt's id and label, and the two."""
    offered = [attempt for attempt in attempts if attempt in [*_repeated(attempts), *preset]]
    labels = [f"{at}, {what}" for at, what in zip(_dates(offered), _what(offered), strict=True)]
    return {
        "attempts": attempts,
        "options": list(zip([one.pk for one in offered], labels, strict=True)),
        "preset": [attempt.pk for attempt in preset],
    }


def _what(attempts: Sequence[Attempt]) -> list[str]:
    """The form of each, after the name of its questionnaire where there are several."""
    documents = [published_edition(attempt.edition_id).document for attempt in attempts]
    forms = [d.form[one.form].title for d, one in zip(documents, attempts, strict=True)]
    if len({document.slug for document in documents}) < 2:
        return forms
    return [f"{d.title}, {form}" for d, form in zip(documents, forms, strict=True)]


def _dates(attempts: Sequence[Attempt]) -> list[str]:
    """The day of each, with the time where two are of one day."""
    times = [timezone.localtime(_finished(attempt)[0]) for attempt in attempts]
    days = [date_format(time, "j F Y") for time in times]
    return [
        day if days.count(day) == 1 else date_format(time, "j F Y, H:i")
        for time, day in zip(times, days, strict=True)
    ]
