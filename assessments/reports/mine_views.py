"""My results: every attempt of the person, with what can be done with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.http.access import personal_page
from assessments.instrument.document import Questionnaire
from assessments.people.actors import actor_of
from assessments.people.consents import Consent
from assessments.questionnaires.editions import published_edition
from assessments.reports import words
from assessments.responses.models import Attempt
from assessments.scoring import Report

RESULTS_PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One attempt in the list; `headline` is empty while it is under way."""

    attempt: Attempt
    title: str
    form: str
    headline: str
    answered: int
    asked: int
    has_plan: bool
    shared_with: list[Consent]


@personal_page
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The person's own attempts, and those that this browser holds without an account."""
    now = timezone.now()
    in_force = Consent.objects.in_force(now).select_related("coach").order_by("coach__name", "pk")
    attempts = (
        Attempt.objects.visible_to(actor_of(request))
        .select_related("report")
        .prefetch_related(Prefetch("consents", queryset=in_force, to_attr="shared"))
        .annotate(answered=Count("answers", filter=~Q(answers__value="")))
        .order_by("-started_at", "pk")
    )
    page = Paginator(attempts, RESULTS_PER_PAGE).get_page(request.GET.get("page"))
    rows = [_row(attempt) for attempt in page]
    context = {
        "page": page,
        "under_way": [row for row in rows if not row.attempt.is_finished],
        "finished": [row for row in rows if row.attempt.is_finished],
        "to_compare": _has_repeated(rows),
    }
    return render(request, "assessments/reports/mine.html", context)


def _has_repeated(rows: Sequence[ResultRow]) -> bool:
    """Whether a questionnaire was finished twice: others have nothing to compare."""
    editions = [published_edition(r.attempt.edition_id) for r in rows if r.attempt.is_finished]
    slugs = [edition.document.slug for edition in editions]
    return len(set(slugs)) < len(slugs)


def _row(attempt: Attempt) -> ResultRow:
    document: Questionnaire = published_edition(attempt.edition_id).document
    form = document.form[attempt.form]
    headline = ""
    if attempt.is_finished:
        headline = words.headline(Report.parse(attempt.report.document), document.poles)
    return ResultRow(
        attempt=attempt,
        title=document.title,
        form=form.title,
        headline=headline,
        answered=attempt.answered,  # type: ignore[attr-defined]  # annotated
        asked=len(form.item_keys),
        has_plan=attempt.is_finished and bool(document.study.recommendations),
        shared_with=attempt.shared,  # type: ignore[attr-defined]  # prefetched
    )
