"""A client's result as the client reads it: page, answers, plan and files, as the consent says."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.coaching.client_views import plan_of
from assessments.coaching.doors import client_of, coach_page
from assessments.coaching.reading import Reading, read
from assessments.errors import Gone
from assessments.http.limits import PDF_OF, take
from assessments.people.consents import Look, Scope
from assessments.people.models import CoachProfile
from assessments.reports.keep import Kept, kept_result, pdf_response, table_response
from assessments.reports.page import ResultPage, result_page, without_answers
from assessments.reports.pdf import pdf_available
from assessments.responses.models import Attempt

TEMPLATES = "assessments/coaching"


@dataclass(frozen=True, slots=True)
class Choice:
    """An attempt that the consent opens."""

    pk: UUID
    finished_at: datetime | None
    form: str


@coach_page
@require_safe
def client_result(request: HttpRequest, desk: CoachProfile, client: UUID) -> HttpResponse:
    """What the client sees; `?role=` compares, `?attempt=` chooses among those shared."""
    reading = _read(request, desk, client, Look.RESULT)
    consent = reading.consent
    context = {
        "client": reading.client,
        "attempt_pk": reading.attempt.pk,
        "asked_attempt": request.GET.get("attempt", ""),
        "attempts": _attempts(reading),
        "page": _result_page(request, reading),
        "poles": reading.document.poles,
        "roles": reading.document.roles,
        "edition": reading.edition,
        "consent": consent,
        "has_pdf": consent.export and pdf_available(),
    }
    return render(request, f"{TEMPLATES}/result.html", context)


@coach_page
@require_safe
def client_answers(request: HttpRequest, desk: CoachProfile, client: UUID) -> HttpResponse:
    """Every question and what the client answered."""
    reading = _read(request, desk, client, Look.ANSWERS, Scope.ANSWERS)
    context = {
        "client": reading.client,
        "page": _result_page(request, reading),
        "finished_at": reading.attempt.finished_at,
    }
    return render(request, f"{TEMPLATES}/answers.html", context)


@coach_page
@require_safe
def client_plan(request: HttpRequest, desk: CoachProfile, client: UUID) -> HttpResponse:
    """The study plan with its ticks; never the client's own notes."""
    reading = _read(request, desk, client, Look.PLAN, Scope.PLAN)
    page = plan_of(reading, timezone.localdate())
    if page is None:
        raise Http404
    context = {"client": reading.client, "page": page, "poles": reading.document.poles}
    return render(request, f"{TEMPLATES}/plan.html", context)


@coach_page
@require_safe
def client_pdf(request: HttpRequest, desk: CoachProfile, client: UUID) -> HttpResponse:
    """The result as PDF, as far as the consent goes."""
    # Before the read: what is refused is no look.
    take(PDF_OF, client_of(request, client).pk, timezone.now())
    reading = _read(request, desk, client, Look.PDF, Scope.EXPORT)
    back_url = reverse("coaching:client-result", args=[client])
    return pdf_response(request, _kept(request, reading), back_url=back_url)


@coach_page
@require_safe
def client_csv(request: HttpRequest, desk: CoachProfile, client: UUID) -> HttpResponse:
    """The result as a table, as far as the consent goes."""
    reading = _read(request, desk, client, Look.TABLE, Scope.EXPORT)
    return table_response(_kept(request, reading))


def _read(
    request: HttpRequest,
    desk: CoachProfile,
    client: UUID,
    look: Look,
    needs: Scope | None = None,
) -> Reading:
    found = client_of(request, client)
    return read(
        client=found,
        desk=desk,
        look=look,
        at=timezone.now(),
        needs=needs,
        attempt_pk=_attempt_asked(request),
    )


def _attempt_asked(request: HttpRequest) -> UUID | None:
    """The attempt that `?attempt=` names; raises `Gone` where that is none."""
    asked = request.GET.get("attempt", "")
    try:
        return UUID(asked) if asked else None
    except ValueError:
        raise Gone from None


def _attempts(reading: Reading) -> list[Choice]:
    """Those to choose from; none where there is no choice."""
    shared = Attempt.objects.shared_by(reading.consent)
    forms = {form.key: form.title for form in reading.document.forms}
    found = [Choice(one.pk, one.finished_at, forms.get(one.form, one.form)) for one in shared]
    return found if len(found) > 1 else []


def _goal(request: HttpRequest, reading: Reading) -> str:
    return request.GET.get("role", reading.goal)


def _result_page(request: HttpRequest, reading: Reading) -> ResultPage:
    answers = reading.sheet.answers if reading.sheet else {}
    page = result_page(
        reading.document, reading.report, answers, chosen_goal=_goal(request, reading)
    )
    return page if reading.sheet else without_answers(page)


def _kept(request: HttpRequest, reading: Reading) -> Kept:
    return kept_result(
        attempt=reading.attempt,
        edition=reading.edition,
        report=reading.report,
        answers=reading.sheet.answers if reading.sheet else None,
        goal=_goal(request, reading),
        has_plan=reading.consent.plan,
    )
