"""A result to keep: as PDF and as a table."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.http.access import attempt_page
from assessments.http.limits import PDF_OF, take
from assessments.people.actors import actor_of
from assessments.questionnaires.editions import published_edition
from assessments.reports.keep import Kept, kept_result, pdf_response, table_response
from assessments.responses.models import Attempt
from assessments.responses.sheets import answer_sheet
from assessments.scoring import Report


def _kept(request: HttpRequest, attempt: UUID) -> Kept:
    """The same as on the result page, `?role=` included."""
    attempts = Attempt.objects.visible_to(actor_of(request)).finished().select_related("report")
    found = get_object_or_404(attempts, pk=attempt)
    edition = published_edition(found.edition_id)
    return kept_result(
        attempt=found,
        edition=edition,
        report=Report.parse(found.report.document),
        answers=answer_sheet(attempt=found, items=edition.document.item).answers,
        goal=request.GET.get("role", found.goal),
        has_plan=True,
    )


@attempt_page
@require_safe
def pdf(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """The whole result as PDF, on `?paper=letter` if wanted; 503 where none can be made."""
    kept = _kept(request, attempt)
    take(PDF_OF, attempt, timezone.now())
    back_url = reverse("reports:result", args=[attempt])
    return pdf_response(request, kept, back_url=back_url)


@attempt_page
@require_safe
def table(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """Scores, roles and answers as CSV."""
    return table_response(_kept(request, attempt))
