"""The coach's desk: open one, its settings, the list of clients, inviting and ending."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings as site
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.coaching.desk_forms import (
    AboutClientForm,
    DeskForm,
    FilterForm,
    InviteForm,
    SettingsForm,
)
from assessments.coaching.desk_page import client_rows, counts
from assessments.coaching.doors import client_of, coach_page
from assessments.coaching.models import (
    CLIENTS_PER_PAGE,
    Client,
    ClientQuerySet,
    Cohort,
    Status,
)
from assessments.coaching.services import (
    change_client,
    end_coaching,
    invite,
    renew_invitation,
    set_rates_first,
)
from assessments.errors import DomainError
from assessments.http.access import personal_page
from assessments.http.limits import INVITE_USER, take
from assessments.instrument.document import Questionnaire
from assessments.people import mail
from assessments.people.actors import actor_of
from assessments.people.consents import NOTES_KEPT_DAYS
from assessments.people.models import CoachProfile, User
from assessments.people.services import open_desk as open_desk_of
from assessments.questionnaires.editions import (
    home_document,
    is_home_retired,
    newest_edition,
    published_edition,
)

TEMPLATES = "assessments/coaching"
ACTIVE_WITHIN = timedelta(days=7)
AWAY_FOR = timedelta(days=14)


@personal_page
@require_http_methods(["GET", "HEAD", "POST"])
def open_desk(request: HttpRequest) -> HttpResponse:
    """Become a coach, knowing what that shows and what it does not."""
    user: User = request.user  # type: ignore[assignment]
    desk = CoachProfile.objects.filter(user=user.pk).first()
    if desk is not None and desk.is_approved:
        return redirect("coaching:desk")
    if desk is not None:
        return render(request, f"{TEMPLATES}/waiting.html", {"desk": desk})
    form = DeskForm(_posted(request), initial={"name": user.name})
    if form.is_bound and form.is_valid():
        opened = open_desk_of(user=user, at=timezone.now(), **form.cleaned_data)
        if not opened.is_approved:
            return redirect("coaching:open-desk")
        messages.success(request, _("Your desk is open. Invite the first person you work with."))
        return redirect("coaching:desk")
    context = {"form": form, "waits": site.COACH_SIGNUP == "approval"}
    return render(request, f"{TEMPLATES}/open.html", context, status=_status(form))


@coach_page
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, desk: CoachProfile) -> HttpResponse:
    """The name and practice that clients read, and whether one's own view comes first."""
    initial = {
        "name": desk.user.name,
        "practice": desk.practice,
        "rates_first": desk.rates_first,
    }
    form = SettingsForm(_posted(request), initial=initial)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        open_desk_of(
            user=desk.user, name=said["name"], practice=said["practice"], at=timezone.now()
        )
        set_rates_first(desk=desk, rates_first=said["rates_first"])
        messages.success(request, _("Saved."))
        return redirect("coaching:settings")
    return render(request, f"{TEMPLATES}/settings.html", {"form": form}, status=_status(form))


# --- The list -----------------------------------------------------------------------------------


@coach_page
@require_safe
def desk(request: HttpRequest, desk: CoachProfile) -> HttpResponse:
    """Every client of the desk, with what to do next. No result is read for it."""
    at = timezone.now()
    actor = actor_of(request)
    form = FilterForm(request.GET, groups=Cohort.objects.visible_to(actor).order_by("name"))
    chosen = form.chosen()
    everybody = Client.objects.visible_to(actor).with_status(at)
    numbers = everybody.values_list("status").annotate(number=Count("pk"))  # type: ignore[misc]
    by_status = dict(numbers.order_by())
    found = _sorted(_filtered(everybody, chosen, at), chosen.get("sort", "active"))
    found = found.with_next_step(at).select_related("cohort", "attempt")
    paginator = Paginator(found, CLIENTS_PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    clients = list(page.object_list)
    total = sum(by_status.values())
    context = {
        "form": form,
        "rows": client_rows(
            clients, roles=_role_names(clients), rates_first=desk.rates_first, at=at
        ),
        "page": page,
        "total": total,
        "hidden": total - paginator.count,
        "counts": counts(by_status),
        "is_by_name": chosen.get("sort") == "name",
        "queries": _queries(request.GET, page),
    }
    return render(request, f"{TEMPLATES}/desk.html", context)


def _filtered(clients: ClientQuerySet, chosen: dict[str, Any], at: datetime) -> ClientQuerySet:
    if text := chosen.get("q"):
        clients = clients.filter(Q(name__icontains=text) | Q(email__icontains=text))
    if status := chosen.get("status"):
        clients = clients.filter(status=status)  # type: ignore[misc]  # by with_status
    if group := chosen.get("group"):
        clients = clients.filter(cohort=group)
    if active := chosen.get("active"):
        is_recent = {"active_at__gte": at - ACTIVE_WITHIN}
        is_away = {"active_at__lt": at - AWAY_FOR}
        clients = clients.filter(**(is_recent if active == "week" else is_away))
    return clients


def _sorted(clients: ClientQuerySet, by: str) -> ClientQuerySet:
    """By name or last activity, and by nothing else: people are never ranked (trust 6)."""
    order = [Lower("name")] if by == "name" else ["-active_at", Lower("name")]
    return clients.order_by(*order, "pk")


def _role_names(clients: Sequence[Client]) -> dict[UUID, str]:
    """By client the role to prepare for; those without one are left out."""
    home = home_document()
    documents = {client.pk: _document_for(client, home) for client in clients if client.role}
    return {
        client.pk: document.role[client.role].name
        for client in clients
        if (document := documents.get(client.pk)) and client.role in document.role
    }


def _document_for(client: Client, home: Questionnaire | None) -> Questionnaire | None:
    """The questionnaire that a client took, before that the one that clients are invited to."""
    return published_edition(client.attempt.edition_id).document if client.attempt else home


def _queries(asked: QueryDict, page: Any) -> dict[str, str]:
    """The address of this list in another order, or on another page, the filters kept."""

    def query(**changes: object) -> str:
        changed = asked.copy()
        for name, value in changes.items():
            changed[name] = str(value)
        return "?" + changed.urlencode()

    return {
        "by_name": query(sort="name", page=1),
        "by_activity": query(sort="active", page=1),
        "before": query(page=page.previous_page_number()) if page.has_previous() else "",
        "after": query(page=page.next_page_number()) if page.has_next() else "",
    }


# --- Inviting -----------------------------------------------------------------------------------


@coach_page
@require_http_methods(["GET", "HEAD", "POST"])
def invite_client(request: HttpRequest, desk: CoachProfile) -> HttpResponse:
    """Ask somebody to take the assessment; the link is shown this once."""
    at = timezone.now()
    document = _offered()
    form = InviteForm(
        _posted(request),
        coach=desk.user,
        groups=Cohort.objects.visible_to(actor_of(request)).order_by("name"),
        document=document,
        today=timezone.localdate(at),
    )
    if form.is_bound and form.is_valid():
        take(INVITE_USER, desk.user_id, at)
        client, link = invite(coach=desk.user, wanted=form.wanted(), at=at)
        was_sent = _send_invitation(client, desk, link)
        return _show_link(request, client, link, was_sent=was_sent)
    return render(request, f"{TEMPLATES}/invite.html", {"form": form}, status=_status(form))


@coach_page
@require_POST
def remind(request: HttpRequest, desk: CoachProfile, client: UUID) -> HttpResponse:
    """A new link for whoever has not begun; the one before ends."""
    found = client_of(request, client)
    at = timezone.now()
    _offered()
    take(INVITE_USER, desk.user_id, at)
    link = renew_invitation(client=found, at=at)
    if not _send_invitation(found, desk, link):
        return _show_link(request, found, link, was_sent=False)
    messages.success(
        request,
        _("A reminder is on its way to %(email)s. The link sent before no longer works.")
        % {"email": found.email},
    )
    return redirect("coaching:client", client)


def _offered() -> Questionnaire | None:
    """What people can be invited to; raises `DomainError` while it is retired."""
    edition = newest_edition(site.HOME_QUESTIONNAIRE)
    if edition is None and is_home_retired():
        raise DomainError(
            _("The questionnaire is not offered at the moment, so nobody can be invited to it.")
        )
    return edition.document if edition else None


def _send_invitation(client: Client, desk: CoachProfile, link: str) -> bool:
    """Whether it was sent; not without an address."""
    if not client.email:
        return False
    coach = " ".join(desk.user.get_full_name().split())
    return mail.send(
        to=client.email,
        subject=_("%(coach)s invites you") % {"coach": coach},
        template=f"{TEMPLATES}/mail/invitation.txt",
        context={"client": client, "coach": coach, "practice": desk.practice, "link": link},
    )


def _show_link(request: HttpRequest, client: Client, link: str, *, was_sent: bool) -> HttpResponse:
    context = {"client": client, "link": link, "was_sent": was_sent}
    return render(request, f"{TEMPLATES}/invited.html", context)


# --- One client's entry on the desk -------------------------------------------------------------


@coach_page
@require_http_methods(["GET", "HEAD", "POST"])
def client_edit(request: HttpRequest, desk: CoachProfile, client: UUID) -> HttpResponse:
    """What the coach calls a client, the group, and the role to prepare for."""
    found = client_of(request, client)
    form = AboutClientForm(
        _posted(request),
        coach=desk.user,
        groups=Cohort.objects.visible_to(actor_of(request)).order_by("name"),
        document=_document_for(found, home_document()),
        initial={"name": found.name, "group": found.cohort_id, "role": found.role},
    )
    if form.is_bound and form.is_valid():
        change_client(
            client=found,
            name=form.cleaned_data["name"],
            cohort=form.cohort(),
            role=form.cleaned_data["role"],
        )
        messages.success(request, _("Saved."))
        return redirect("coaching:client", client)
    context = {"form": form, "client": found}
    return render(request, f"{TEMPLATES}/client_edit.html", context, status=_status(form))


@coach_page
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, desk: CoachProfile, client: UUID) -> HttpResponse:
    """Take an invitation back, or stop seeing a client's result; asks first."""
    at = timezone.now()
    clients = Client.objects.visible_to(actor_of(request)).with_status(at)
    found = get_object_or_404(clients, pk=client)
    status = found.status
    if status == Status.ENDED:
        messages.info(request, _("This has ended already. Nothing was changed."))
        return redirect("coaching:client", client)
    if request.method != "POST":
        context = {
            "client": found,
            "is_sharing": status == Status.SHARING,
            "notes_days": NOTES_KEPT_DAYS,
        }
        return render(request, f"{TEMPLATES}/end.html", context)
    end_coaching(client=found, at=at)
    said = (
        _("You no longer see anything of %(name)s’s result.")
        if status == Status.SHARING
        else _("The invitation of %(name)s is taken back. Its link no longer works.")
    )
    messages.success(request, said % {"name": found.name})
    return redirect("coaching:desk")


# --- Shared by the views ------------------------------------------------------------------------


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _status(form: Any) -> int:
    return 422 if form.errors else 200
