"""A result as files, for its owner and for whoever may take it along: as PDF and as a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils import timezone
from django.utils.translation import get_language

from assessments.errors import Gone
from assessments.http.csv import csv_bytes
from assessments.instrument.document import Value
from assessments.questionnaires.editions import PublishedEdition
from assessments.reports.page import ResultPage, result_page, without_answers
from assessments.reports.pdf import pdf_available, render_pdf
from assessments.reports.plan_page import PlanPage
from assessments.reports.planning import planning_of
from assessments.reports.table import result_table
from assessments.responses.models import Attempt
from assessments.scoring import Report

# Where paper is cut to Letter.
LETTER_LANGUAGES = frozenset({"en-us", "en-ca", "fr-ca", "es-mx", "es-us"})
PAPERS = ("a4", "letter")


@dataclass(frozen=True, slots=True)
class Kept:
    """A finished attempt with what goes into its files."""

    attempt: Attempt
    finished_at: datetime
    edition: PublishedEdition
    report: Report
    answers: Mapping[str, Value]
    page: ResultPage
    has_plan: bool


def kept_result(
    *,
    attempt: Attempt,
    edition: PublishedEdition,
    report: Report,
    answers: Mapping[str, Value] | None,
    goal: str,
    has_plan: bool,
) -> Kept:
    """What goes into the files; raises `Gone` for an attempt that is not finished.

    Without answers (None) nothing tells a single one, and without `has_plan` nothing the plan.
    """
    if attempt.finished_at is None:
        raise Gone
    page = result_page(edition.document, report, answers or {}, chosen_goal=goal)
    return Kept(
        attempt=attempt,
        finished_at=attempt.finished_at,
        edition=edition,
        report=report,
        answers=answers or {},
        page=without_answers(page) if answers is None else page,
        has_plan=has_plan,
    )


def pdf_response(request: HttpRequest, kept: Kept, *, back_url: str) -> HttpResponse:
    """The whole result as PDF, on `?paper=letter` if wanted; 503 where none can be made."""
    if not pdf_available():
        context = {"back_url": back_url}
        return render(request, "assessments/reports/no_pdf.html", context, status=503)
    html = loader.render_to_string(
        "assessments/reports/report.html",
        {
            "page": kept.page,
            "plan": _plan(kept) if kept.has_plan else None,
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


def table_response(kept: Kept) -> HttpResponse:
    """Scores, roles and answers as CSV."""
    rows = result_table(
        kept.edition, kept.report, kept.page, kept.answers, finished_at=kept.finished_at
    )
    return _download(csv_bytes(rows), "text/csv; charset=utf-8", "result.csv")


def _plan(kept: Kept) -> PlanPage | None:
    """The study plan for the role compared with; None where the result gives no rows."""
    if not kept.page.rows:
        return None
    planning = planning_of(
        attempt=kept.attempt,
        document=kept.edition.document,
        report=kept.report,
        answers=kept.answers,
        goal=kept.page.goal.key if kept.page.goal and kept.page.goal_is_chosen else "",
        today=timezone.localdate(),
    )
    page = planning.page() if planning else None
    return page if page and page.themes else None


def _paper(asked: str) -> str:
    if asked in PAPERS:
        return asked
    return "letter" if get_language() in LETTER_LANGUAGES else "a4"


def _download(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    # A neutral name: the file may end up where others see it.
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
