"""The result of a finished attempt: its page, and the file that proves it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Case, Q, When
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.analysis.calibrations import calibration_of_report
from assessments.http.access import attempt_page, public_page
from assessments.instrument.document import Questionnaire
from assessments.people.actors import Actor, actor_of
from assessments.people.consents import Consent
from assessments.questionnaires.addresses import explaining_or_404, page_of
from assessments.questionnaires.editions import PublishedEdition, published_edition
from assessments.reports.example import example_page
from assessments.reports.page import ResultPage, result_page
from assessments.reports.pdf import pdf_available
from assessments.responses.models import Attempt
from assessments.responses.sheets import answer_sheet
from assessments.responses.visits import note_visit
from assessments.scoring import Report
from assessments.scoring.verify import export

RESULT = "assessments/reports/result.html"


@attempt_page
@require_safe
def result(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """The result page; `?role=` compares with another role without moving a score."""
    found = _visible(request, attempt)
    if not found.is_finished:
        return redirect("responses:resume", attempt)
    note_visit(request, found)
    edition = published_edition(found.edition_id)
    sheet = answer_sheet(attempt=found, items=edition.document.item)
    goal = request.GET.get("role", found.goal)
    page = result_page(
        edition.document, Report.parse(found.report.document), sheet.answers, chosen_goal=goal
    )
    other = _to_compare_with(request, found)
    return _render(
        request, edition, page, attempt=found, other=other, shared_with=_shared_with(found)
    )


@public_page
@require_safe
def example(request: HttpRequest, questionnaire: str = "") -> HttpResponse:
    """An invented person's result, scored like any other."""
    edition = explaining_or_404(questionnaire)
    page = example_page(edition, chosen_goal=request.GET.get("role", ""))
    if page is None:
        raise Http404
    return _render(request, edition, page, attempt=None)


def _render(
    request: HttpRequest,
    edition: PublishedEdition,
    page: ResultPage,
    *,
    attempt: Attempt | None,
    other: Attempt | None = None,
    shared_with: Sequence[Consent] = (),
) -> HttpResponse:
    document: Questionnaire = edition.document
    context: dict[str, Any] = {
        "attempt": attempt,
        "other": other,
        "shared_with": shared_with,
        "edition": edition,
        "page": page,
        "is_offered": attempt is not None and attempt.edition.questionnaire.retired_at is None,
        "has_pdf": attempt is not None and pdf_available(),
        "poles": document.poles,
        "roles": document.roles,
        "start_url": page_of(document.slug, "responses:start"),
    }
    return render(request, RESULT, context)


@attempt_page
@require_safe
def report_json(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """The report with the edition and the answers it follows from (`export/1`)."""
    found = _visible(request, attempt)
    if not found.is_finished:
        raise Http404
    edition = published_edition(found.edition_id)
    sheet = answer_sheet(attempt=found, items=edition.document.item)
    report = Report.parse(found.report.document)
    calibration = calibration_of_report(edition.pk, report.calibration)
    content = export(edition.document, sheet, report, calibration)
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response.headers["Content-Disposition"] = 'attachment; filename="result.json"'
    return response


def _visible(request: HttpRequest, attempt: UUID) -> Attempt:
    attempts = Attempt.objects.visible_to(actor_of(request))
    attempts = attempts.select_related("report", "invited_by", "edition__questionnaire")
    # The edition's document is in the process's memory.
    attempts = attempts.defer("edition__document")
    return get_object_or_404(attempts, pk=attempt)


def _shared_with(found: Attempt) -> list[Consent]:
    """Who may read it now; of an attempt without an account nobody else."""
    if found.owner_id is None:
        return []
    in_force = found.consents.in_force(timezone.now())
    return list(in_force.select_related("coach").order_by("coach__name", "pk"))


def _to_compare_with(request: HttpRequest, found: Attempt) -> Attempt | None:
    """Another finished attempt at the questionnaire: the last one before it, else the newest.

    One that took over the other's answers is no second attempt.
    """
    actor = actor_of(request)
    if actor == Actor(None, (found.pk,)):
        # Nearly everybody at their first result: there is nothing else that they may see.
        return None
    others = (
        Attempt.objects.visible_to(actor)
        .finished()
        .filter(edition__questionnaire__editions=found.edition_id)
        .exclude(Q(pk=found.pk) | Q(pk=found.continued_from_id) | Q(continued_from=found))
    )
    earlier_first = Case(When(finished_at__lt=found.finished_at, then=0), default=1)
    return others.order_by(earlier_first, "-finished_at", "pk").first()
