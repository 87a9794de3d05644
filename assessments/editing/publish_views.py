"""Publishing the desk, retiring a questionnaire, and loading an edition back onto the desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from assessments.editing.comparison_page import Group, groups
from assessments.editing.pages import CHANGE, PUBLISH, desk_page, render_desk, staff_of
from assessments.editing.versions import edition_of, newest_of
from assessments.errors import DomainError
from assessments.instrument.canonical import digest
from assessments.instrument.checks import publishing_faults
from assessments.instrument.comparability import Meaning
from assessments.instrument.comparison import Comparison, compare_documents
from assessments.instrument.document import Questionnaire as Document
from assessments.instrument.faults import DocumentFaults
from assessments.questionnaires import services
from assessments.questionnaires.desk import document_of
from assessments.questionnaires.editions import PublishedEdition
from assessments.questionnaires.models import Edition, Questionnaire
from assessments.responses.models import Attempt

NOTE_MAX = 900  # history adds the number of the edition


class NoteForm(forms.Form):
    """Why; and what of the desk the person has seen."""

    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=NOTE_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say in a few words what changes, and why.")},
    )
    seen = forms.CharField(max_length=71, required=False)


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs, in short: counts by group, and what that means."""

    found: Comparison
    groups: list[Group]

    @property
    def kind(self) -> str:
        """What kind of change it is, in a sentence."""
        return kind_words(self.found.what_it_means)


def differences_of(before: Document, after: Document) -> Differences:
    """What the second document has otherwise than the first."""
    found = compare_documents(before, after)
    return Differences(found, groups(found))


def kind_words(meaning: Meaning) -> str:
    """What kind of change it is: of questions, of how they are scored, or of what is said."""
    match meaning.level:
        case "none":
            return _("Nothing has changed.")
        case "items":
            return _("A change of questions: answers before and after are compared in part only.")
        case "scores":
            return _("A change of scoring: the questions stay the same, their scores do not.")
    if meaning.role_fits_change:
        return _("A change of roles and their targets: questions and scores stay the same.")
    if meaning.plans_change:
        return _("A change of study plans: questions, scores and role fits stay the same.")
    return _("A change of texts only: questions, scores, role fits and plans stay the same.")


# --- Publishing ----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(PUBLISH)
def publish(request: HttpRequest, questionnaire: Questionnaire) -> HttpResponse:
    """What would be published and what that means; a post with a note publishes it."""
    form = NoteForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _publish_page(request, questionnaire, form=form)
    newest = newest_of(questionnaire)
    try:
        edition = services.publish(
            questionnaire=questionnaire,
            at=timezone.now(),
            by=staff_of(request),
            note=form.cleaned_data["note"],
            # Without one the person cannot have seen what they publish.
            seen=form.cleaned_data["seen"] or "nothing",
        )
    except DomainError as error:
        return _publish_page(request, questionnaire, form=form, refusal=str(error))
    if newest and newest.number == edition.number:
        messages.warning(request, _("Nothing has changed since the newest edition."))
    else:
        said = {"number": edition.number, "digest": edition.digest}
        messages.success(request, _("Edition %(number)d is published: %(digest)s") % said)
    return redirect("admin:desk-publish", questionnaire.pk)


def _publish_page(
    request: HttpRequest, questionnaire: Questionnaire, *, form: NoteForm, refusal: str = ""
) -> HttpResponse:
    newest = newest_of(questionnaire)
    context: dict[str, Any] = {"form": form, "newest": newest, "refusal": refusal}
    try:
        document = document_of(questionnaire)
    except DocumentFaults:
        context["is_unreadable"] = True
    else:
        context |= _to_publish(questionnaire, document, newest)
    status = 409 if refusal else 422 if form.errors else 200
    return render_desk(
        request, questionnaire, "publish.html", _("Publish"), status=status, **context
    )


def _to_publish(
    questionnaire: Questionnaire, document: Document, newest: PublishedEdition | None
) -> dict[str, Any]:
    faults = publishing_faults(document)
    under_way = Attempt.objects.filter(
        edition__questionnaire=questionnaire, finished_at=None
    ).count()
    return {
        "digest": digest(document),
        "faults": sum(fault.level == "fault" for fault in faults),
        "warnings": sum(fault.level == "warning" for fault in faults),
        "under_way": under_way,
        "changed": differences_of(newest.document, document) if newest else None,
        "is_new": newest is None or newest.digest != digest(document),
        "number": newest.number + 1 if newest else 1,
    }


# --- Retiring ------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(PUBLISH)
def retire(request: HttpRequest, questionnaire: Questionnaire) -> HttpResponse:
    """Ask, then offer the questionnaire no longer."""
    return _offer(request, questionnaire, is_offered=False)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(PUBLISH)
def reinstate(request: HttpRequest, questionnaire: Questionnaire) -> HttpResponse:
    """Ask, then offer a retired questionnaire again."""
    return _offer(request, questionnaire, is_offered=True)


def _offer(
    request: HttpRequest, questionnaire: Questionnaire, *, is_offered: bool
) -> HttpResponse:
    form = NoteForm(request.POST if request.method == "POST" else None)
    refusal = ""
    if form.is_valid():
        deed = services.reinstate if is_offered else services.retire
        note = form.cleaned_data["note"]
        try:
            deed(questionnaire=questionnaire, at=timezone.now(), by=staff_of(request), note=note)
        except DomainError as error:
            refusal = str(error)
        else:
            said = _("It is offered again.") if is_offered else _("It is offered no longer.")
            messages.success(request, said)
            return redirect("admin:desk-publish", questionnaire.pk)
    under_way = Attempt.objects.filter(
        edition__questionnaire=questionnaire, finished_at=None
    ).count()
    return render_desk(
        request,
        questionnaire,
        "offer.html",
        _("Reinstate") if is_offered else _("Retire"),
        status=409 if refusal else 422 if form.errors else 200,
        form=form,
        is_offered=is_offered,
        refusal=refusal,
        under_way=under_way,
    )


# --- An edition back onto the desk ---------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(CHANGE)
def load(request: HttpRequest, questionnaire: Questionnaire, number: int) -> HttpResponse:
    """Ask, saying what of the desk it replaces, then make the edition the desk."""
    try:
        edition = edition_of(questionnaire, number)
    except Edition.DoesNotExist as error:
        raise Http404 from error
    form = NoteForm(request.POST if request.method == "POST" else None)
    refusal = ""
    if form.is_valid():
        try:
            services.load_onto_desk(
                document=edition.document,
                at=timezone.now(),
                by=staff_of(request),
                note=f"{number}: {form.cleaned_data['note']}",
                seen=_moment(form.cleaned_data),
            )
        except DomainError as error:
            refusal = str(error)
        else:
            said = _("Edition %(number)d is on the desk.") % {"number": number}
            messages.success(request, said)
            return redirect("admin:desk-check", questionnaire.pk)
    try:
        changed = differences_of(document_of(questionnaire), edition.document)
    except DocumentFaults:
        changed = None
    return render_desk(
        request,
        questionnaire,
        "load.html",
        _("Load edition %(number)d") % {"number": number},
        status=409 if refusal else 422 if form.errors else 200,
        form=form,
        edition=edition,
        changed=changed,
        refusal=refusal,
        seen=questionnaire.changed_at.isoformat(),
    )


def _moment(cleaned: Mapping[str, Any]) -> datetime:
    """When the desk that the person has seen was changed last; long ago if they do not say."""
    try:
        seen = parse_datetime(cleaned["seen"])
    except ValueError:
        seen = None
    return seen or datetime.min.replace(tzinfo=timezone.get_default_timezone())
