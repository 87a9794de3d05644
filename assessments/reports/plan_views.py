"""The study plan: its page, its size, the checkpoint, and the calendar file."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.http.access import attempt_page
from assessments.people.actors import actor_of
from assessments.questionnaires.editions import published_edition
from assessments.reports import services
from assessments.reports.calendar import plan_calendar
from assessments.reports.forms import CheckpointForm, PlanForm, TicksForm
from assessments.reports.plan_page import PlanPage, checkpoint_items, first_plan
from assessments.reports.planning import Planning, planning_of
from assessments.responses.models import Attempt
from assessments.responses.sheets import answer_sheet
from assessments.responses.visits import note_visit
from assessments.scoring import Report

TEMPLATES = "assessments/reports"


def _planning(request: HttpRequest, attempt: UUID) -> Planning:
    attempts = Attempt.objects.editable_by(actor_of(request)).finished()
    found = get_object_or_404(attempts.select_related("report"), pk=attempt)
    document = published_edition(found.edition_id).document
    planning = planning_of(
        attempt=found,
        document=document,
        report=Report.parse(found.report.document),
        answers=answer_sheet(attempt=found, items=document.item).answers,
        goal=found.goal,
        today=timezone.localdate(),
    )
    if planning is None:
        raise Http404
    return planning


@attempt_page
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """The plan with its boxes; a post stores ticks and notes."""
    planning = _planning(request, attempt)
    note_visit(request, planning.attempt)
    page = planning.page()
    if request.method == "POST":
        form = TicksForm(request.POST, known=planning.document.recommendation)
        if form.is_valid():
            services.tick_steps(
                plan=planning.chosen,
                shown=form.cleaned_data["shown"],
                ticked=form.cleaned_data["done"],
                note=form.cleaned_data["note"],
            )
            messages.success(request, _("Saved."))
            return redirect("reports:plan", attempt)
        return _render_plan(request, planning, page, ticks=form)
    return _render_plan(request, planning, page)


def _render_plan(
    request: HttpRequest,
    planning: Planning,
    page: PlanPage,
    *,
    ticks: TicksForm | None = None,
    size: PlanForm | None = None,
) -> HttpResponse:
    chosen = planning.chosen
    initial = {
        "goal": planning.attempt.goal,
        "hours_per_week": chosen.hours_per_week,
        "weeks": chosen.weeks,
        # A day that has passed would only be refused.
        "interview_on": day if (day := chosen.interview_on) and day > planning.today else None,
    }
    context = {
        "attempt": planning.attempt,
        "page": page,
        "poles": planning.document.poles,
        "chosen": chosen,
        "retake_from": planning.retake_from(),
        "ticks": ticks
        or TicksForm(initial={"note": chosen.note}, known=planning.document.recommendation),
        "size": size
        or PlanForm(initial=initial, document=planning.document, today=planning.today),
    }
    is_faulty = bool((ticks and ticks.errors) or (size and size.errors))
    return render(request, f"{TEMPLATES}/plan.html", context, status=422 if is_faulty else 200)


@attempt_page
@require_http_methods(["GET", "HEAD", "POST"])
def plan_size(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """Another role, other hours or weeks, or a date; no score moves."""
    planning = _planning(request, attempt)
    if request.method != "POST":
        # Whoever comes back to the address of a form that was refused.
        return redirect("reports:plan", attempt)
    form = PlanForm(request.POST, document=planning.document, today=planning.today)
    if not form.is_valid():
        return _render_plan(request, planning, planning.page(), size=form)
    services.set_plan(plan=planning.chosen, today=planning.today, **form.cleaned_data)
    return redirect("reports:plan", attempt)


@attempt_page
@require_http_methods(["GET", "HEAD", "POST"])
def checkpoint(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """Rate the focus themes again, in two minutes; the rest of the plan follows from it."""
    planning = _planning(request, attempt)
    document, taken = planning.document, planning.attempt
    planned = first_plan(document, planning.report, planning.chosen, goal=taken.goal)
    items = checkpoint_items(document, planned, taken.form)
    if not items:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = CheckpointForm(posted, document=document, items=items)
    if posted is not None and form.is_valid():
        services.rate_again(plan=planning.chosen, ratings=form.ratings(), today=planning.today)
        messages.success(request, _("Saved. The rest of the plan follows your new ratings."))
        return redirect("reports:plan", attempt)
    context = {
        "attempt": taken,
        "form": form,
        "poles": document.poles,
        "stem": document.stems.rating,
    }
    status = 422 if form.errors else 200
    return render(request, f"{TEMPLATES}/checkpoint.html", context, status=status)


@attempt_page
@require_safe
def plan_ics(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """The plan as a calendar file, an entry a week."""
    planning = _planning(request, attempt)
    page = planning.page()
    if not page.weeks:
        raise Http404
    content = plan_calendar(page, uid=str(attempt), made_at=timezone.now())
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="study-plan.ics"'
    return response
