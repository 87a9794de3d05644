"""The client's side: share a result, see who looked, end it; what coaches show and suggest."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Exists, OuterRef, Q, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.coaching import services
from assessments.coaching.brief import worth_asking
from assessments.coaching.brief_views import brief_of
from assessments.coaching.client_page import ClientPage, client_page
from assessments.coaching.client_views import plan_of
from assessments.coaching.forms import ShareForm
from assessments.coaching.invitation_views import opened_invitation
from assessments.coaching.models import Assignment, Client, Note, SecondView
from assessments.coaching.reading import Reading
from assessments.coaching.sharing import Agreement
from assessments.coaching.suggestions import asked_of_client
from assessments.errors import DomainError
from assessments.http.access import attempt_page, personal_page
from assessments.http.limits import DESK_MISS_USER, SHARE_USER, require_left, take
from assessments.people.actors import actor_of
from assessments.people.consents import AccessEvent, Consent, Scope
from assessments.people.mail import send
from assessments.people.models import User
from assessments.people.services import Terms
from assessments.questionnaires.editions import published_edition
from assessments.responses.models import Attempt
from assessments.responses.sheets import answer_sheet
from assessments.scoring import Report

TEMPLATES = "assessments/coaching"
EVENTS_PER_PAGE = 50
# So long the sharing page names a consent that is over.
OVER_SHOWN_DAYS = 366


@attempt_page
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """Choose coach, scopes and end; then read it all in full with a preview; then say yes."""
    attempts = Attempt.objects.editable_by(actor_of(request)).finished()
    found = get_object_or_404(
        attempts.select_related("report", "owner", "invited_by__coach_profile"), pk=attempt
    )
    if found.owner is None:
        # Without an account nobody could end it again.
        return redirect(reverse("responses:keep", args=[attempt]) + "?then=share")
    form = ShareForm(
        request.POST if request.method == "POST" else None,
        person=found.owner,
        known=_coaches_of(request, found.owner, found),
        today=timezone.localdate(),
    )
    if request.method == "POST" and form.data.get("coach") not in form.known:
        # Before the look: whoever guesses must not learn of a hit either.
        require_left(DESK_MISS_USER, request.user.pk, timezone.now())
    if form.has_error("email", "no_desk"):
        take(DESK_MISS_USER, request.user.pk, timezone.now())
    if request.method == "POST" and form.is_valid():
        agreement = Agreement(
            form.cleaned_data["coach"], form.cleaned_data["scopes"], form.cleaned_data["until"]
        )
        if request.POST.get("agreed") == agreement.digest():
            return _give(request, found, agreement, form.cleaned_data["name"])
        return _ask(request, found, form, agreement)
    context = {
        "attempt": found,
        "form": form,
        "poles": published_edition(found.edition_id).document.poles,
    }
    status = 422 if form.errors else 200
    return render(request, f"{TEMPLATES}/share.html", context, status=status)


def _coaches_of(request: HttpRequest, person: User, attempt: Attempt) -> list[User]:
    """Coaches that the person knows: who invited them, first, and whom they shared with."""
    desks = User.objects.filter(is_active=True, coach_profile__is_approved=True)
    theirs = Client.objects.filter(coach=OuterRef("pk"))
    opened = [pk for pk in [opened_invitation(request)] if pk]
    inviting = Q(pk=attempt.invited_by_id) | Exists(theirs.filter(pk__in=opened))
    met = desks.filter(inviting | Exists(theirs.filter(person=person))).exclude(pk=person.pk)
    invited_first = Case(When(inviting, then=0), default=1)
    return list(met.select_related("coach_profile").order_by(invited_first, "name", "pk"))


def _ask(
    request: HttpRequest, attempt: Attempt, form: ShareForm, agreement: Agreement
) -> HttpResponse:
    """The words in full, and beneath them the very page that the coach would see."""
    document = published_edition(attempt.edition_id).document
    was_asked = "agreed" in request.POST
    context = {
        "attempt": attempt,
        "agreement": agreement,
        "posted": [(name, value) for name in form.fields for value in request.POST.getlist(name)],
        "changed": was_asked,
        "preview": _preview(attempt, agreement),
        "poles": document.poles,
    }
    return render(request, f"{TEMPLATES}/agree.html", context, status=409 if was_asked else 200)


def _preview(attempt: Attempt, agreement: Agreement) -> ClientPage:
    """The coach's own page, made of the same parts; nothing of it is stored."""
    person = attempt.owner
    assert person is not None  # noqa: S101 - `share` sends on whoever has no account
    edition = published_edition(attempt.edition_id)
    scopes = {scope.value: scope.value in agreement.scopes for scope in Scope}
    consent = Consent(client=person, coach=agreement.coach, attempt=attempt, **scopes)
    known = Client.objects.filter(coach=agreement.coach, person=person).first()
    client = known or Client(coach=agreement.coach, person=person, name=person.get_full_name())
    sheet = answer_sheet(attempt=attempt, items=edition.document.item)
    reading = Reading(
        client=client,
        consent=consent,
        attempt=attempt,
        edition=edition,
        report=Report.parse(attempt.report.document),
        sheet=sheet if consent.answers else None,
    )
    lines = worth_asking(brief_of(reading))
    return client_page(reading, plan_of(reading, timezone.localdate()), lines=lines)


def _give(request: HttpRequest, attempt: Attempt, agreement: Agreement, name: str) -> HttpResponse:
    now = timezone.now()
    take(SHARE_USER, request.user.pk, now)
    person = attempt.owner
    assert person is not None  # noqa: S101 - `share` sends on whoever has no account
    terms = Terms(agreement.scopes, agreement.expires_at, agreement.digest())
    try:
        services.share(
            person=person,
            person_name=name,
            coach=agreement.coach,
            attempt=attempt,
            terms=terms,
            at=now,
            invitation_pk=opened_invitation(request),
        )
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("coaching:share", attempt.pk)
    send(
        to=agreement.coach.email,
        subject=_("%(name)s shares a result with you") % {"name": person.get_full_name()},
        template=f"{TEMPLATES}/mail/shared.txt",
        context={
            "name": person.get_full_name(),
            "link": settings.SITE_URL + reverse("coaching:desk"),
        },
    )
    messages.success(
        request,
        _("%(name)s can now read your result, until %(day)s. You can end it here at any time.")
        % {
            "name": agreement.coach.get_full_name(),
            "day": date_format(agreement.until, "j F Y"),
        },
    )
    return redirect("coaching:sharing")


@dataclass(frozen=True, slots=True)
class Shared:
    """A consent in force, and the questionnaire that its result is of."""

    consent: Consent
    title: str


def _title_of(attempt: Attempt) -> str:
    return published_edition(attempt.edition_id).document.title


@personal_page
@require_safe
def sharing(request: HttpRequest) -> HttpResponse:
    """Who may read what until when, who looked, what coaches wrote and suggest."""
    actor, now = actor_of(request), timezone.now()
    consents = (
        Consent.objects.given_by(actor)
        .select_related("coach", "attempt")
        .filter(expires_at__gt=now - timedelta(days=OVER_SHOWN_DAYS))
        .order_by("-given_at", "pk")
    )
    events = (
        AccessEvent.objects.filter(client=actor.user_id)
        .select_related("reader")
        .order_by("-at", "-pk")
    )
    rows = list(consents)
    context = {
        "open": [Shared(one, _title_of(one.attempt)) for one in rows if one.is_in_force(now)],
        "over": [consent for consent in rows if not consent.is_in_force(now)],
        "events": Paginator(events, EVENTS_PER_PAGE).get_page(request.GET.get("page")),
        "notes": Note.objects.shared_with(actor)
        .select_related("client__coach")
        .order_by("-written_at"),
        "assignments": asked_of_client(
            Assignment.objects.asked_of(actor, now)
            .select_related("client__coach", "client__attempt")
            .order_by("-made_at", "pk")
        ),
        "views": SecondView.objects.shown_to(actor).select_related("client__coach"),
    }
    return render(request, f"{TEMPLATES}/sharing.html", context)


@personal_page
@require_POST
def withdraw(request: HttpRequest, consent: UUID) -> HttpResponse:
    """End a consent at once; doing it twice changes nothing."""
    found = get_object_or_404(
        Consent.objects.given_by(actor_of(request)).select_related("coach"), pk=consent
    )
    services.withdraw(consent=found, at=timezone.now())
    messages.success(
        request,
        _("Ended. %(name)s can no longer read anything of yours.")
        % {"name": found.coach.get_full_name()},
    )
    return redirect("coaching:sharing")


@personal_page
@require_POST
def do_assignment(request: HttpRequest, assignment: UUID) -> HttpResponse:
    """The client did what a coach suggested; a role becomes the one compared with."""
    now = timezone.now()
    asked = Assignment.objects.asked_of(actor_of(request), now)
    found = get_object_or_404(asked.select_related("client__attempt"), pk=assignment)
    services.do_assignment(assignment=found, at=now)
    if found.kind == Assignment.Kind.ROLE:
        messages.success(request, _("Your result and your plan now compare you with this role."))
    else:
        messages.success(request, _("Done. Your coach sees it too."))
    return redirect("coaching:sharing")
