"""One client's page: what they share, the coach's notes, and what was suggested."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.coaching.client_page import Links, client_page
from assessments.coaching.desk_forms import AssignForm, NoteForm
from assessments.coaching.doors import client_of, coach_page, second_view_url
from assessments.coaching.models import Client, Status
from assessments.coaching.reading import Reading, read, shared_attempt
from assessments.coaching.services import (
    NotSharing,
    assign,
    change_note,
    delete_note,
    withdraw_assignment,
    write_note,
)
from assessments.coaching.suggestions import asked_lines, suggestions
from assessments.coaching.words import LOOKS, STATUS_TAGS, status_words
from assessments.instrument.document import Questionnaire
from assessments.people.actors import actor_of
from assessments.people.consents import AccessEvent, Consent, Look, Scope
from assessments.people.models import CoachProfile
from assessments.questionnaires.editions import home_document, published_edition
from assessments.reports.pdf import pdf_available
from assessments.reports.plan_page import PlanPage
from assessments.reports.planning import planning_of
from assessments.responses.models import Attempt

TEMPLATES = "assessments/coaching"
LOG_LINES = 10
REFUSED = 409


@coach_page
@require_safe
def client(request: HttpRequest, desk: CoachProfile, client: UUID) -> HttpResponse:
    """What a client shares, or how far they are."""
    return _client_response(request, desk, client_of(request, client))


def _client_response(
    request: HttpRequest,
    desk: CoachProfile,
    found: Client,
    *,
    note: NoteForm | None = None,
    assignment: AssignForm | None = None,
) -> HttpResponse:
    """The page, with a form as it was sent; a post that nothing allows any more is a 409."""
    try:
        reading = read(client=found, desk=desk, look=Look.CLIENT_PAGE, at=timezone.now())
    except NotSharing as error:
        is_refused = request.method == "POST"
        refusal = str(error) if is_refused else ""
        status = REFUSED if is_refused else 200
        return _not_sharing(request, found, note=note, refusal=refusal, status=status)
    today = timezone.localdate()
    suggesting = assignment or AssignForm(document=reading.document, today=today)
    noting = note or NoteForm(client=found)
    context = {
        "client": found,
        "poles": reading.document.poles,
        "page": client_page(reading, plan_of(reading, today), links=_links(reading)),
        "note_form": noting,
        "notes": found.notes.order_by("-written_at", "pk"),
        "assign_form": suggesting,
        "suggestions": suggestions(
            found.assignments.filter(withdrawn_at=None).order_by("-made_at", "pk"),
            reading.document,
            today,
        ),
        "scopes": _scopes(reading.consent),
        "consent": reading.consent,
        "log": _log(request, found),
    }
    is_faulty = bool(noting.errors or suggesting.errors)
    return render(request, f"{TEMPLATES}/client.html", context, status=422 if is_faulty else 200)


def plan_of(reading: Reading, today: date) -> PlanPage | None:
    """The study plan, if the consent names it; ratings given again only with the answers."""
    if not reading.consent.plan:
        return None
    planning = planning_of(
        attempt=reading.attempt,
        document=reading.document,
        report=reading.report,
        answers=reading.sheet.answers if reading.sheet else {},
        goal=reading.attempt.goal,
        today=today,
    )
    return planning.page() if planning else None


def _links(reading: Reading) -> Links:
    def to(name: str) -> str:
        return reverse(f"coaching:{name}", args=[reading.client.pk])

    consent = reading.consent
    return Links(
        result=to("client-result"),
        answers=to("client-answers") if consent.answers else "",
        plan=to("client-plan") if consent.plan else "",
        brief=to("brief"),
        second_view=second_view_url(reading.client.pk, reading.attempt.pk),
        pdf=to("client-pdf") if consent.export and pdf_available() else "",
        csv=to("client-csv") if consent.export else "",
    )


def _scopes(consent: Consent) -> list[tuple[str, bool]]:
    """What the consent may name, and whether it does."""
    said = [(str(scope.label), bool(getattr(consent, scope.value))) for scope in Scope]
    return [(_("result"), True), *said]


@dataclass(frozen=True, slots=True)
class LogLine:
    """A look of the coach's own."""

    at: datetime
    words: str


def _log(request: HttpRequest, found: Client) -> list[LogLine]:
    """The coach's own last looks; what other coaches do is not theirs to see."""
    looks = AccessEvent.objects.seen_by(actor_of(request))
    mine = looks.filter(client=found.person_id, reader=found.coach_id).order_by("-at", "-pk")
    return [LogLine(event.at, str(LOOKS[event.look])) for event in mine[:LOG_LINES]]


# --- Whoever does not share ---------------------------------------------------------------------


def _not_sharing(
    request: HttpRequest,
    found: Client,
    *,
    note: NoteForm | None,
    refusal: str,
    status: int,
) -> HttpResponse:
    """How far somebody is, or that it has ended; nothing of a result."""
    at = timezone.now()
    clients = Client.objects.visible_to(actor_of(request)).with_status(at)
    known = get_object_or_404(clients.select_related("cohort"), pk=found.pk)
    context: dict[str, Any] = {
        "client": known,
        "status": status_words(known.status),
        "tag": STATUS_TAGS.get(known.status, ""),
        "is_ended": known.status == Status.ENDED,
        "is_finished": known.status == Status.FINISHED,
        "can_remind": known.status in {Status.INVITED, Status.OPENED},
        "asked": asked_lines(known, home_document()),
        "consent": known.consent(),
        "notes": known.notes.order_by("-written_at", "pk"),
        "refusal": refusal,
        "typed": note["text"].value() if note else "",
    }
    return render(request, f"{TEMPLATES}/client_not_sharing.html", context, status=status)


# --- Notes --------------------------------------------------------------------------------------


@coach_page
@require_POST
def note_add(request: HttpRequest, desk: CoachProfile, client: UUID) -> HttpResponse:
    """Keep a note about a client who shares."""
    found = client_of(request, client)
    form = NoteForm(request.POST, client=found)
    if not form.is_valid():
        return _client_response(request, desk, found, note=form)
    try:
        write_note(client=found, at=timezone.now(), **form.cleaned_data)
    except NotSharing:
        return _client_response(request, desk, found, note=form)
    messages.success(request, _said_of_note(found, is_shared=form.cleaned_data["is_shared"]))
    return redirect("coaching:client", client)


@coach_page
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, desk: CoachProfile, client: UUID, note: UUID) -> HttpResponse:
    """Reword a note, show it or hide it again; not after the end of the sharing."""
    found = client_of(request, client)
    kept = get_object_or_404(found.notes.select_related("client"), pk=note)
    posted = request.POST if request.method == "POST" else None
    form = NoteForm(posted, client=found, initial={"text": kept.text, "is_shared": kept.is_shared})
    form.fields["text"].label = _("Note")
    try:
        shared_attempt(client=found, at=timezone.now())
        if posted is not None and form.is_valid():
            change_note(note=kept, at=timezone.now(), **form.cleaned_data)
            said = _said_of_note(found, is_shared=form.cleaned_data["is_shared"])
            messages.success(request, said)
            return redirect("coaching:client", client)
    except NotSharing:
        if posted is not None:
            return _client_response(request, desk, found, note=form)
        messages.info(request, _("Notes can be read and deleted, and no longer changed."))
        return redirect("coaching:client", client)
    context = {"client": found, "note": kept, "form": form}
    status = 422 if form.errors else 200
    return render(request, f"{TEMPLATES}/note.html", context, status=status)


@coach_page
@require_http_methods(["GET", "HEAD", "POST"])
def note_delete(
    request: HttpRequest, desk: CoachProfile, client: UUID, note: UUID
) -> HttpResponse:
    """Delete a note of one's own; asks first."""
    found = client_of(request, client)
    kept = get_object_or_404(found.notes, pk=note)
    if request.method == "POST":
        delete_note(note=kept)
        messages.success(request, _("The note is deleted."))
        return redirect("coaching:client", client)
    return render(request, f"{TEMPLATES}/note_delete.html", {"client": found, "note": kept})


def _said_of_note(client: Client, *, is_shared: bool) -> str:
    if is_shared:
        return _("The note is saved, and %(name)s can read it.") % {"name": client.name}
    return _("The note is saved. Only you can read it.")


# --- Suggestions --------------------------------------------------------------------------------


@coach_page
@require_POST
def assignment_add(request: HttpRequest, desk: CoachProfile, client: UUID) -> HttpResponse:
    """Suggest a role, a step or a retake to a client who shares."""
    found = client_of(request, client)
    at = timezone.now()
    try:
        _consent, attempt = shared_attempt(client=found, at=at)
        form = AssignForm(request.POST, document=_document_of(attempt), today=timezone.localdate())
        if not form.is_valid():
            return _client_response(request, desk, found, assignment=form)
        kind, key = form.asked()
        assign(client=found, kind=kind, key=key, due_on=form.cleaned_data["by"], at=at)
    except NotSharing:
        return _client_response(request, desk, found)
    messages.success(request, _("%(name)s sees it from now on.") % {"name": found.name})
    return redirect("coaching:client", client)


@coach_page
@require_POST
def assignment_withdraw(
    request: HttpRequest, desk: CoachProfile, client: UUID, assignment: UUID
) -> HttpResponse:
    """Take back what was suggested."""
    found = client_of(request, client)
    asked = get_object_or_404(found.assignments.select_related("client"), pk=assignment)
    try:
        withdraw_assignment(assignment=asked, at=timezone.now())
    except NotSharing:
        return _client_response(request, desk, found)
    said = _("It is taken back. %(name)s no longer sees it.")
    messages.success(request, said % {"name": found.name})
    return redirect("coaching:client", client)


def _document_of(attempt: Attempt) -> Questionnaire:
    return published_edition(attempt.edition_id).document
