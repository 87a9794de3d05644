"""Groups of clients: making them, and the map of what they prefer."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.coaching import services
from assessments.coaching.cohort import (
    GROUP_MIN_PEOPLE,
    HeatMap,
    Member,
    heat_map,
    heat_table,
)
from assessments.coaching.cohort_forms import GroupForm, MembersForm
from assessments.coaching.doors import coach_page, second_view_url
from assessments.coaching.models import CLIENTS_PER_PAGE, Client, Cohort
from assessments.coaching.reading import (
    GroupReading,
    LeftOut,
    MemberReading,
    WhyLeftOut,
    read_group,
)
from assessments.errors import DomainError
from assessments.http.csv import csv_bytes
from assessments.people.actors import actor_of
from assessments.people.consents import Look, Scope
from assessments.people.models import CoachProfile
from assessments.reports.plan_page import readiness_since
from assessments.reports.services import plans_or_new
from assessments.scoring.plan import Plan, write_plan

TEMPLATES = "assessments/coaching"


@dataclass(frozen=True, slots=True)
class LeftOutLine:
    """Who is not on the map, the reason, and the way on where there is one."""

    name: str
    why: str
    url: str


@coach_page
@require_http_methods(["GET", "HEAD", "POST"])
def cohorts(request: HttpRequest, desk: CoachProfile) -> HttpResponse:
    """The coach's groups by name; a post makes one and leads to its members."""
    form = GroupForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = services.make_group(coach=desk.user, name=form.cleaned_data["name"])
        except DomainError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("The group is made. Choose who is in it."))
            return redirect("coaching:cohort-edit", made.pk)
    groups = Cohort.objects.visible_to(actor_of(request)).annotate(people=Count("clients"))
    pages = Paginator(groups.order_by("name", "pk"), CLIENTS_PER_PAGE)
    context = {"form": form, "groups": pages.get_page(request.GET.get("page"))}
    status = 422 if form.errors else 200
    return render(request, f"{TEMPLATES}/cohorts.html", context, status=status)


@coach_page
@require_safe
def cohort(request: HttpRequest, desk: CoachProfile, cohort: UUID) -> HttpResponse:
    """The map of the group; under five people the reason why there is none."""
    group = _group(request, cohort)
    clients = _members_of(group)
    reading = read_group(
        clients=clients,
        desk=desk,
        look=Look.COHORT,
        at=timezone.now(),
        least=GROUP_MIN_PEOPLE,
    )
    page = _map(reading, _plans([one for one in reading.members if one.consent.plan]))
    may_keep = sum(member.consent.export for member in reading.members)
    context = {
        "cohort": group,
        "clients": clients,
        "page": page,
        "poles": reading.document.poles if reading.document else None,
        "least": GROUP_MIN_PEOPLE,
        "left_out": [_left_out_line(one) for one in reading.left_out],
        "has_table": may_keep >= GROUP_MIN_PEOPLE,
        "not_in_table": [m.client.name for m in reading.members if not m.consent.export],
    }
    return render(request, f"{TEMPLATES}/cohort.html", context)


@coach_page
@require_safe
def cohort_csv(request: HttpRequest, desk: CoachProfile, cohort: UUID) -> HttpResponse:
    """The map as a table of those who allow it; under five people the reason in its place."""
    group = _group(request, cohort)
    reading = read_group(
        clients=_members_of(group),
        desk=desk,
        look=Look.COHORT_TABLE,
        at=timezone.now(),
        least=GROUP_MIN_PEOPLE,
        needs=Scope.EXPORT,
    )
    page = _map(reading, {})
    if page is None or reading.document is None:
        rows: list[Sequence[str]] = [[_too_few(reading)]]
    else:
        rows = [*heat_table(reading.document, page)]
        # By number: whoever keeps a result on this site need not be named outside it.
        counted = Counter(one.why for one in reading.left_out)
        rows += [[_("Left out"), str(number), WHY[why]()] for why, number in counted.items()]
    response = HttpResponse(csv_bytes(rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="group.csv"'
    return response


@coach_page
@require_http_methods(["GET", "HEAD", "POST"])
def cohort_edit(request: HttpRequest, desk: CoachProfile, cohort: UUID) -> HttpResponse:
    """Rename a group and choose who is in it."""
    group = _group(request, cohort)
    clients = Client.objects.visible_to(actor_of(request)).select_related("cohort")
    offered = clients.filter(Q(revoked_at=None) | Q(cohort=group)).order_by("name", "pk")
    form = MembersForm(
        request.POST if request.method == "POST" else None,
        clients=offered,
        cohort=group,
        initial={"name": group.name, "members": group.clients.values_list("pk", flat=True)},
    )
    if form.is_valid():
        try:
            services.change_group(cohort=group, **form.cleaned_data)
        except DomainError as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("coaching:cohort", group.pk)
    context = {"cohort": group, "form": form}
    status = 422 if form.errors else 200
    return render(request, f"{TEMPLATES}/cohort_edit.html", context, status=status)


@coach_page
@require_http_methods(["GET", "HEAD", "POST"])
def cohort_delete(request: HttpRequest, desk: CoachProfile, cohort: UUID) -> HttpResponse:
    """Asks before a group goes; its clients stay."""
    group = _group(request, cohort)
    if request.method == "POST":
        services.delete_group(cohort=group)
        messages.success(
            request,
            _("The group “%(name)s” is deleted. Its clients are still on your desk.")
            % {"name": group.name},
        )
        return redirect("coaching:cohorts")
    return render(request, f"{TEMPLATES}/cohort_delete.html", {"cohort": group})


def _group(request: HttpRequest, pk: UUID) -> Cohort:
    return get_object_or_404(Cohort.objects.visible_to(actor_of(request)), pk=pk)


def _members_of(group: Cohort) -> list[Client]:
    return list(group.clients.order_by("name", "pk"))


def _map(reading: GroupReading, plans: Mapping[UUID, Plan]) -> HeatMap | None:
    if reading.document is None:
        return None
    members = [
        Member(one.client.pk, one.client.name, one.report, plans.get(one.attempt.pk))
        for one in reading.members
    ]
    return heat_map(reading.document, members)


def _plans(members: Sequence[MemberReading]) -> dict[UUID, Plan]:
    """The study plans of those who share theirs, worked out as on their own page."""
    attempts = {one.attempt.pk: (one.attempt, one.edition.document) for one in members}
    chosen = plans_or_new(attempts=attempts, today=timezone.localdate())
    found = {}
    for one in members:
        document, size = one.edition.document, chosen[one.attempt.pk]
        plan = write_plan(
            document,
            one.report,
            goal=one.attempt.goal if one.attempt.goal in document.role else "",
            hours_per_week=size.hours_per_week,
            weeks=size.weeks,
            since=readiness_since(document, size.rerated),
        )
        if plan is not None:
            found[one.attempt.pk] = plan
    return found


WHY: dict[WhyLeftOut, Any] = {
    "not_sharing": lambda: _("shares no result with you at the moment"),
    "no_export": lambda: _("does not let you take the result out of this site"),
    "no_rows": lambda: _("took a short form, which gives no result by dimension"),
    "other_questionnaire": lambda: _("took another questionnaire"),
    "view_first": lambda: _("your own view comes first"),
    "unreadable": lambda: _("gave answers that cannot be read as a profile"),
}


def _left_out_line(one: LeftOut) -> LeftOutLine:
    is_next = one.why == "view_first"
    url = second_view_url(one.client.pk, one.attempt_pk) if is_next else ""
    return LeftOutLine(one.client.name, WHY[one.why](), url)


def _too_few(reading: GroupReading) -> str:
    return _(
        "There is nothing to show: this table needs %(least)d people of the group who share a "
        "result, let you take it out of this site, and whose result is open to you."
    ) % {"least": GROUP_MIN_PEOPLE}
