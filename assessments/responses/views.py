"""Taking: start, about you, sections, autosave, check, finish, come back, delete."""

import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote
from uuid import UUID

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_form
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.errors import DomainError
from assessments.http.access import attempt_page, public_page
from assessments.http.limits import LINK_MISS_IP, START_IP, require_left, take
from assessments.instrument.document import Form as DocumentForm
from assessments.instrument.document import Questionnaire
from assessments.people.actors import actor_of, hold_attempt, release_attempt
from assessments.people.origin import client_ip
from assessments.questionnaires.addresses import page_of
from assessments.questionnaires.editions import (
    EDITIONS_KEPT,
    PublishedEdition,
    is_retired,
    newest_edition,
    published_edition,
)
from assessments.responses import services
from assessments.responses.consent import consent_digest
from assessments.responses.fetching import answers_of, editable_attempt
from assessments.responses.forms import (
    RELOAD,
    BackgroundForm,
    GoalForm,
    SaveForm,
    SectionForm,
    StartForm,
    lengths,
)
from assessments.responses.links import attempt_of_link, make_private_link
from assessments.responses.models import ANONYMOUS_KEPT_DAYS, Attempt, Given
from assessments.responses.questions import (
    PageError,
    SectionPage,
    check_sections,
    first_open_section,
    question,
    section_lede,
    section_questions,
)
from assessments.responses.sheets import value_of_text
from assessments.responses.visits import note_visit

TEMPLATES = "assessments/responses"


@dataclass(frozen=True, slots=True)
class Taking:
    """An attempt that the actor may answer, with its edition and form."""

    attempt: Attempt
    edition: PublishedEdition

    @property
    def document(self) -> Questionnaire:
        """The questionnaire as it was when the attempt started."""
        return self.edition.document

    @property
    def form(self) -> DocumentForm:
        """The form that is being taken."""
        return self.document.form[self.attempt.form]

    def answers(self) -> dict[str, Given]:
        """Its answers by item, without those taken back. One query."""
        return answers_of(self.attempt)


def _taking(request: HttpRequest, attempt: UUID) -> Taking:
    found = editable_attempt(actor_of(request), attempt)
    if found is None:
        raise Http404
    return Taking(found, published_edition(found.edition_id))


def _finished(request: HttpRequest, taking: Taking) -> HttpResponse:
    context = {
        "attempt": taking.attempt,
        "poles": taking.document.poles,
        "start_url": page_of(taking.document.slug, "responses:start"),
    }
    return render(request, f"{TEMPLATES}/finished.html", context, status=409)


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, questionnaire: str = "") -> HttpResponse:
    """Say what is stored and what the result is not; with consent, begin an attempt."""
    slug = questionnaire or settings.HOME_QUESTIONNAIRE
    edition = newest_edition(slug)
    if edition is None:
        if is_retired(slug):
            return render(request, f"{TEMPLATES}/not_offered.html", status=404)
        raise Http404
    form = StartForm(
        request.POST if request.method == "POST" else None,
        lengths=lengths(edition.document, edition.document.forms),
    )
    if request.method == "POST" and form.is_valid():
        take(START_IP, client_ip(request), timezone.now())
        attempt = services.start_attempt(
            edition=edition,
            form=form.cleaned_data["length"],
            consent_digest=consent_digest(in_account=request.user.is_authenticated),
            owner_id=request.user.pk,
            at=timezone.now(),
        )
        hold_attempt(request, attempt.pk)
        return redirect("responses:about", attempt.pk)
    context = {
        "form": form,
        "title": edition.document.title,
        "kept_days": ANONYMOUS_KEPT_DAYS,
        "poles": edition.document.poles,
    }
    return render(request, f"{TEMPLATES}/start.html", context, status=_status(form))


def _posted(request: HttpRequest) -> QueryDict | None:
    # An empty post is a post too; `request.POST or None` would take it for a first visit.
    return request.POST if request.method == "POST" else None


def _status(form: Any) -> int:
    return 422 if form.errors else 200


@attempt_page
@require_http_methods(["GET", "HEAD", "POST"])
def about(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """A few questions about the person's situation; all may be left out."""
    taking = _taking(request, attempt)
    if taking.attempt.is_finished:
        return _finished(request, taking)
    form = BackgroundForm(
        request.POST if request.method == "POST" else None,
        document=taking.document,
        initial=taking.attempt.background,
    )
    if request.method == "POST" and form.is_valid():
        services.keep_background(
            attempt=taking.attempt, background=form.background(), goal=form.goal()
        )
        return redirect(_go_on(taking))
    is_untouched = not form.is_bound and not taking.attempt.background
    context = {
        "attempt": taking.attempt,
        "form": form,
        "untouched": _untouched(taking.edition, get_language()) if is_untouched else None,
        "poles": taking.document.poles,
    }
    return render(request, f"{TEMPLATES}/about.html", context, status=_status(form))


@lru_cache(maxsize=EDITIONS_KEPT)
def _untouched(edition: PublishedEdition, language: str | None) -> SafeString:
    """The fields of the about page as everybody finds them first.

    Laying them out costs more than all else on the way to the first question.
    """
    return as_crispy_form(BackgroundForm(document=edition.document))


@attempt_page
@require_safe
def resume(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """Go on where the person stopped."""
    taking = _taking(request, attempt)
    if taking.attempt.is_finished:
        return redirect("reports:result", attempt)
    return redirect(_go_on(taking))


def _go_on(taking: Taking) -> str:
    number = first_open_section(taking.form, taking.answers())
    return reverse("responses:section", args=[taking.attempt.pk, number])


@attempt_page
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, attempt: UUID, number: int) -> HttpResponse:
    """One section: show its questions as saved; a post saves them all and goes on."""
    taking = _taking(request, attempt)
    if not 1 <= number <= len(taking.form.sections):
        raise Http404
    if taking.attempt.is_finished:
        return _finished(request, taking)
    if request.method == "POST":
        return _save_section(request, taking, number)
    note_visit(request, taking.attempt)
    page = _section_page(request, taking, number, taking.answers())
    return _render_section(request, taking, page)


def _save_section(request: HttpRequest, taking: Taking, number: int) -> HttpResponse:
    keys = taking.form.sections[number - 1].items
    items = [taking.document.item[key] for key in keys]
    form = SectionForm(request.POST, items=items)
    form.is_valid()
    if not form.is_intact():
        # Nothing is stored, nothing is lost: the choices are shown again on a fresh page.
        page = _section_page(request, taking, number, taking.answers(), form=form)
        return _render_section(request, taking, page, status=400)
    try:
        saved = services.save_answers(attempt=taking.attempt, sent=form.sent(), at=timezone.now())
    except services.Finished:
        return _finished(request, taking)
    services.set_advance(attempt=taking.attempt, advances=form.cleaned_data["advance"])
    conflicts = {one.item_key for one in saved if one.conflict}
    if conflicts or form.errors:
        page = _section_page(
            request, taking, number, taking.answers(), form=form, conflicts=conflicts
        )
        return _render_section(request, taking, page, status=409 if conflicts else 400)
    return redirect(_after_section(taking, number, form))


def _after_section(taking: Taking, number: int, form: SectionForm) -> str:
    pk = taking.attempt.pk
    here = reverse("responses:section", args=[pk, number])
    if cleared := form.cleaned_data["clear"]:
        returns = form.cleaned_data["next"] == "check"
        suffix = f"?next=check&row={quote(form.cleaned_data['row'])}" if returns else ""
        return f"{here}{suffix}#q-{quote(cleared)}"
    if form.cleaned_data["go"] == "later":
        return reverse("responses:later", args=[pk])
    if form.cleaned_data["next"] == "check":
        return f"{reverse('responses:check', args=[pk])}#row-{quote(form.cleaned_data['row'])}"
    if number == len(taking.form.sections):
        return reverse("responses:check", args=[pk])
    return reverse("responses:section", args=[pk, number + 1])


def _section_page(
    request: HttpRequest,
    taking: Taking,
    number: int,
    answers: dict[str, Given],
    *,
    form: SectionForm | None = None,
    conflicts: set[str] | frozenset[str] = frozenset(),
) -> SectionPage:
    document, pk = taking.document, taking.attempt.pk
    here = taking.form.sections[number - 1]
    faults = form.errors.items() if form else ()
    questions = section_questions(
        document,
        taking.form,
        number,
        answers,
        posted=form.data if form else {},
        errors={name: str(some[0]) for name, some in faults},
        conflicts=conflicts,
    )
    errors = [
        PageError(q.anchor, _error_words(q.number, q.error))
        for q in questions
        if q.error or q.conflict
    ]
    if form and not form.is_intact():
        errors.insert(0, PageError(questions[0].anchor, str(RELOAD)))
    asked = form.data if form else request.GET
    returns = asked.get("next") == "check"
    back_url, back_label = _back(taking, number, returns=returns)
    elsewhere = sum(key not in here.items for key in answers)
    return SectionPage(
        section_number=number,
        section_count=len(taking.form.sections),
        title=here.title,
        lede=section_lede(document, here),
        back_url=back_url,
        back_label=back_label,
        answered=elsewhere + sum(q.answered for q in questions),
        total=len(taking.form.item_keys),
        answered_elsewhere=elsewhere,
        action_url=reverse("responses:section", args=[pk, number]),
        save_url=reverse("responses:save", args=[pk]),
        client=secrets.token_urlsafe(12),
        edition=taking.edition.number,
        returns_to_check=returns,
        return_row=asked.get("row", ""),
        advance=taking.attempt.advances_on_digit,
        questions=questions,
        errors=errors,
    )


def _error_words(number: int, error: str | None) -> str:
    if error:
        return _("Question %(number)d: %(error)s") % {"number": number, "error": error}
    return _(
        "Question %(number)d was answered differently in another window. "
        "Your choice is shown; save again to keep it."
    ) % {"number": number}


def _back(taking: Taking, number: int, *, returns: bool) -> tuple[str, str]:
    pk = taking.attempt.pk
    if returns:
        return reverse("responses:check", args=[pk]), _("Back to your answers")
    if number == 1:
        return reverse("responses:about", args=[pk]), _("Back to about you")
    address = reverse("responses:section", args=[pk, number - 1])
    return address, _("Back to section %(number)d") % {"number": number - 1}


def _render_section(
    request: HttpRequest, taking: Taking, page: SectionPage, status: int = 200
) -> HttpResponse:
    context = {"attempt": taking.attempt, "page": page}
    return render(request, f"{TEMPLATES}/section.html", context, status=status)


@attempt_page
@require_POST
def save(request: HttpRequest, attempt: UUID) -> JsonResponse:
    """Store one answer as it is given; answers in JSON once it is committed."""
    taking = _taking(request, attempt)
    if request.POST.get("edition", str(taking.edition.number)) != str(taking.edition.number):
        return JsonResponse({"error": "edition", "message": str(RELOAD)}, status=409)
    form = SaveForm(request.POST, document=taking.document, form=taking.form)
    if not form.is_valid():
        message = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return JsonResponse({"error": "invalid", "message": message}, status=400)
    try:
        [saved] = services.save_answers(
            attempt=taking.attempt, sent=[form.sent()], at=timezone.now()
        )
    except services.Finished as error:
        address = reverse("reports:result", args=[attempt])
        body = {"error": "finished", "message": str(error), "url": address}
        return JsonResponse(body, status=409)
    return _saved(taking, saved)


def _saved(taking: Taking, saved: services.Saved) -> JsonResponse:
    item = taking.document.item[saved.item_key]
    value = value_of_text(item, saved.value)
    body: dict[str, Any] = {"revision": saved.revision, "value": item.choice_of(value) or ""}
    if not saved.conflict:
        return JsonResponse(body)
    stored = Given(saved.item_key, saved.value, saved.revision, timezone.now())
    words = question(taking.document, item, 0, answer=stored, conflict=True)
    body |= {
        "error": "conflict",
        "label": words.conflict.text if words.conflict else "",
        "message": _("You answered this question in another window."),
    }
    return JsonResponse(body, status=409)


@attempt_page
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """All answers in words, the missing ones first; a post finishes the attempt."""
    taking = _taking(request, attempt)
    if request.method == "POST":
        return _finish(request, taking)
    if taking.attempt.is_finished:
        return _finished(request, taking)
    return render(request, f"{TEMPLATES}/check.html", _check_context(taking))


def _check_context(taking: Taking, cannot_finish: str | None = None) -> dict[str, Any]:
    pk = taking.attempt.pk
    sections = check_sections(taking.document, taking.form, taking.answers(), pk)
    last = reverse("responses:section", args=[pk, len(sections)])
    page = {
        "sections": sections,
        "missing": [row for part in sections for row in part.rows if row.answer is None],
        "answered": sum(part.answered for part in sections),
        "total": sum(part.total for part in sections),
        "goals": taking.document.roles,
        "goal": taking.attempt.goal,
        "form_action": reverse("responses:check", args=[pk]),
        "back_url": last,
        "later_url": reverse("responses:later", args=[pk]),
        "cannot_finish": cannot_finish,
    }
    return {"attempt": taking.attempt, "page": page}


def _finish(request: HttpRequest, taking: Taking) -> HttpResponse:
    goal = GoalForm(request.POST, document=taking.document)
    try:
        if "goal" in request.POST and goal.is_valid() and not taking.attempt.is_finished:
            services.choose_goal(attempt=taking.attempt, goal=goal.cleaned_data["goal"])
        services.finish(attempt=taking.attempt, at=timezone.now())
    except DomainError as error:
        context = _check_context(taking, cannot_finish=str(error))
        return render(request, f"{TEMPLATES}/check.html", context, status=409)
    return redirect("reports:result", taking.attempt.pk)


@attempt_page
@require_http_methods(["GET", "HEAD", "POST"])
def later(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """How to come back, here or on another device; a post makes a private link, shown once."""
    taking = _taking(request, attempt)
    note_visit(request, taking.attempt)
    link = None
    if request.method == "POST" and taking.attempt.owner_id is None:
        link = make_private_link(attempt=taking.attempt, at=timezone.now())
    body = _("Open this link to go on. Whoever has it can see your answers:") + f"\n\n{link}"
    page = {
        "resume_url": reverse("responses:resume", args=[attempt]),
        "kept_until": taking.attempt.kept_until,
        "link": link,
        "link_url": reverse("responses:later", args=[attempt]),
        "mailto": f"mailto:?subject={quote(settings.SITE_NAME)}&body={quote(body)}",
    }
    context = {"attempt": taking.attempt, "page": page, "poles": taking.document.poles}
    return render(request, f"{TEMPLATES}/later.html", context)


@public_page
@require_safe
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Let this browser into the attempt, and move on to an address without the token."""
    ip, now = client_ip(request), timezone.now()
    # Before the look: whoever guesses must not learn of a hit either.
    require_left(LINK_MISS_IP, ip, now)
    attempt = attempt_of_link(token)
    if attempt is None:
        take(LINK_MISS_IP, ip, now)
        raise Http404
    hold_attempt(request, attempt.pk)
    return redirect("responses:resume", attempt.pk)


@attempt_page
@require_POST
def continue_full(request: HttpRequest, attempt: UUID, form: str) -> HttpResponse:
    """From a finished form to another of the questionnaire, the answers carried over."""
    taking = _taking(request, attempt)
    edition = newest_edition(taking.document.slug)
    if edition is None:
        raise DomainError(
            _("This questionnaire is not offered at the moment. Your result stays as it is.")
        )
    if form not in edition.document.form or not taking.attempt.is_finished:
        raise Http404
    longer = services.continue_on_form(
        attempt=taking.attempt, edition=edition, form=form, at=timezone.now()
    )
    hold_attempt(request, longer.pk)
    return redirect("responses:resume", longer.pk)


@attempt_page
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """From this browser into an account, by an explicit act of whoever holds the attempt."""
    taking = _taking(request, attempt)
    if taking.attempt.owner_id is not None:
        return redirect(_after_keeping(request, taking.attempt))
    if request.method == "POST" and request.user.is_authenticated:
        services.claim_attempt(attempt=taking.attempt, owner=request.user)
        release_attempt(request, attempt)
        messages.success(
            request, _("Kept in your account. The private links to it no longer work.")
        )
        return redirect(_after_keeping(request, taking.attempt))
    here = request.get_full_path()
    if request.method == "POST":
        return redirect_to_login(here)
    context = {"attempt": taking.attempt, "here": here, "poles": taking.document.poles}
    return render(request, f"{TEMPLATES}/keep.html", context)


def _after_keeping(request: HttpRequest, attempt: Attempt) -> str:
    if request.GET.get("then") == "share" and attempt.is_finished:
        return reverse("coaching:share", args=[attempt.pk])
    return reverse("reports:mine")


@attempt_page
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """Ask, then delete the attempt with everything that belongs to it."""
    taking = _taking(request, attempt)
    if request.method == "POST":
        services.delete_attempt(attempt=taking.attempt, at=timezone.now())
        release_attempt(request, attempt)
        messages.success(request, _("Deleted: your answers, your result and the links to them."))
        return redirect("guide:landing")
    context = {"attempt": taking.attempt, "poles": taking.document.poles}
    return render(request, f"{TEMPLATES}/delete.html", context)
