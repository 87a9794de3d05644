"""A result to keep: as PDF and as a table."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template import loader
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from assessments.http.access import attempt_page
from assessments.http.csv import csv_bytes
from assessments.people.actors import actor_of
from assessments.questionnaires.editions import PublishedEdition, published_edition
from assessments.reports import services
from assessments.reports.page import ResultPage, result_page
from assessments.reports.pdf import pdf_available, render_pdf
from assessments.reports.plan_page import PlanPage, plan_now, plan_page
from assessments.reports.table import result_table
from assessments.responses.models import Attempt
from assessments.responses.services import answer_sheet
from assessments.scoring import AnswerSheet, Report

# Where paper is cut to Letter.
LETTER_LANGUAGES = frozenset({"en-us", "en-ca", "fr-ca", "es-mx", "es-us"})
PAPERS = ("a4", "letter")


@dataclass(frozen=True, slots=True)
class Kept:
    """A finished attempt with all that is kept of it."""

    attempt: Attempt
    finished_at: datetime
    edition: PublishedEdition
    report: Report
    sheet: AnswerSheet
    page: ResultPage


def _kept(request: HttpRequest, attempt: UUID) -> Kept:
    """The same as on the result page, `?role=` included."""
    attempts = Attempt.objects.visible_to(actor_of(request)).select_related("report")
    found = get_object_or_404(attempts, pk=attempt)
    if found.finished_at is None:
        raise Http404
    edition = published_edition(found.edition_id)
    report = Report.parse(found.report.document)
    sheet = answer_sheet(attempt=found, items=edition.document.item)
    goal = request.GET.get("role", found.goal)
    page = result_page(edition.document, report, sheet.answers, chosen_goal=goal)
    return Kept(found, found.finished_at, edition, report, sheet, page)


@attempt_page
@require_safe
def pdf(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """The whole result as PDF, on `?paper=letter` if wanted; 503 where none can be made."""
    kept = _kept(request, attempt)
    if not pdf_available():
        context = {"attempt": kept.attempt}
        return render(request, "assessments/reports/no_pdf.html", context, status=503)
    html = loader.render_to_string(
        "assessments/reports/report.html",
        {
            "page": kept.page,
            "plan": _plan(kept),
            "edition": kept.edition,
            "document": kept.edition.document,
            "form": kept.edition.document.form[kept.report.form],
            "report": kept.report,
            "finished_at": kept.finished_at,
            "paper": _paper(request.GET.get("paper", "")),
            "site_name": settings.SITE_NAME,
        },
    )
    return _download(render_pdf(html), "application/pdf", "result.pdf")


@attempt_page
@require_safe
def table(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """Scores, roles and answers as CSV."""
    kept = _kept(request, attempt)
    rows = result_table(
        kept.edition,
        kept.report,
        kept.page,
        kept.sheet.answers,
        finished_at=kept.finished_at,
    )
    return _download(csv_bytes(rows), "text/csv; charset=utf-8", "result.csv")


def _plan(kept: Kept) -> PlanPage | None:
    """The study plan for the role compared with; None where the result gives no rows."""
    document = kept.edition.document
    if not kept.page.rows or not document.study.recommendations:
        return None
    today = timezone.localdate()
    goal = kept.page.goal.key if kept.page.goal and kept.page.goal_is_chosen else ""
    chosen = services.plan_or_new(attempt=kept.attempt, document=document, today=today)
    plan = plan_now(document, kept.report, chosen, goal=goal)
    if plan is None or not plan.themes:
        return None
    answers = kept.sheet.answers
    return plan_page(
        document, kept.report, plan, chosen, goal_key=goal, answers=answers, today=today
    )


def _paper(asked: str) -> str:
    if asked in PAPERS:
        return asked
    return "letter" if get_language() in LETTER_LANGUAGES else "a4"


def _download(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    # A neutral name: the file may end up where others see it.
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
