"""Taking a form of the desk as a taker would, and reading the result. Nothing is stored.

All that is answered travels in the pages: each is the reply to a post with what came before.
"""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import wraps
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from assessments.editing.pages import VIEW, desk_page, render_desk
from assessments.editing.samples import SAMPLES, SEED_MAX, sample_answers, sample_words
from assessments.editing.trial import Trial
from assessments.editing.versions import newest_of
from assessments.instrument.document import Questionnaire as Document
from assessments.instrument.faults import DocumentFaults
from assessments.instrument.study_checks import study_faults
from assessments.questionnaires.desk import document_of
from assessments.questionnaires.models import Questionnaire
from assessments.reports.plan_page import RETAKE_AFTER_WEEKS
from assessments.responses.forms import BackgroundForm, SectionForm, lengths
from assessments.responses.questions import (
    PageError,
    SectionPage,
    check_sections,
    section_lede,
    section_questions,
)

TEMPLATES = "admin/editing/preview"
STEP_HOURS = ("study", "step_hours")
TrialView = Callable[..., HttpResponse]


class TakeForm(forms.Form):
    """Which form to take."""

    form = forms.ChoiceField(label=gettext_lazy("Form"))

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form"].choices = lengths(document, document.forms)  # type: ignore[attr-defined]


class SampleForm(TakeForm):
    """Which form, whose answers, and the seed of those at random."""

    sample = forms.ChoiceField(label=gettext_lazy("Answers"))
    seed = forms.IntegerField(
        label=gettext_lazy("Seed"), min_value=0, max_value=SEED_MAX, initial=1
    )

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, document=document, **kwargs)
        self.fields["sample"].choices = [  # type: ignore[attr-defined]
            (name, sample_words(document, name)) for name in SAMPLES
        ]


def _of_a_document(view: TrialView) -> TrialView:
    """A page of the preview, given the desk's document; while there is none, the first page."""

    @wraps(view)
    def page(request: HttpRequest, questionnaire: Questionnaire) -> HttpResponse:
        if request.method != "POST":
            return redirect("admin:desk-preview", questionnaire.pk)
        try:
            document = document_of(questionnaire)
        except DocumentFaults:
            return redirect("admin:desk-check", questionnaire.pk)
        return view(request, questionnaire, document)

    return page


@require_safe
@desk_page(VIEW)
def preview(request: HttpRequest, questionnaire: Questionnaire) -> HttpResponse:
    """Choose a form to take, or answers whose result to read."""
    try:
        document = document_of(questionnaire)
    except DocumentFaults:
        return render_desk(
            request, questionnaire, "preview.html", _("Preview"), is_unreadable=True
        )
    return render_desk(
        request,
        questionnaire,
        "preview.html",
        _("Preview"),
        take=TakeForm(document=document, auto_id="take_%s"),
        sample=SampleForm(document=document),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(VIEW)
@_of_a_document
def take(request: HttpRequest, questionnaire: Questionnaire, document: Document) -> HttpResponse:
    """The page that follows the one that was posted."""
    posted = request.POST
    if "state" not in posted:
        form = TakeForm(posted, document=document)
        if not form.is_valid():
            return redirect("admin:desk-preview", questionnaire.pk)
        trial = Trial(document, document.form[form.cleaned_data["form"]])
        return _about(request, questionnaire, trial)
    found = Trial.read(document, posted["state"])
    if found is None:
        return redirect("admin:desk-preview", questionnaire.pk)
    match posted.get("step"):
        case "about":
            return _after_about(request, questionnaire, found)
        case "check":
            return _after_check(request, questionnaire, found)
    return _after_section(request, questionnaire, found)


def _page(
    request: HttpRequest,
    questionnaire: Questionnaire,
    trial: Trial,
    template: str,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    context = {
        "questionnaire": questionnaire,
        "trial": trial,
        "state": trial.to_text(),
        "poles": trial.document.poles,
        "attempt": None,
        **context,
    }
    return render(request, f"{TEMPLATES}/{template}", context, status=status)


def _about(
    request: HttpRequest, questionnaire: Questionnaire, trial: Trial, form: Any = None
) -> HttpResponse:
    if not trial.document.background:
        return _section(request, questionnaire, trial, 1)
    form = form or BackgroundForm(document=trial.document, initial=dict(trial.background))
    status = 422 if form.errors else 200
    return _page(request, questionnaire, trial, "about.html", form=form, status=status)


def _after_about(request: HttpRequest, questionnaire: Questionnaire, trial: Trial) -> HttpResponse:
    form = BackgroundForm(request.POST, document=trial.document)
    if not form.is_valid():
        return _about(request, questionnaire, trial, form)
    told = replace(trial, background=form.background(), goal=form.goal())
    return _section(request, questionnaire, told, 1)


def _section(
    request: HttpRequest,
    questionnaire: Questionnaire,
    trial: Trial,
    number: int,
    form: SectionForm | None = None,
) -> HttpResponse:
    here = trial.form.sections[number - 1]
    faults = form.errors.items() if form else ()
    questions = section_questions(
        trial.document,
        trial.form,
        number,
        trial.rows(timezone.now()),
        posted={},
        errors={name: str(some[0]) for name, some in faults},
    )
    elsewhere = sum(key not in here.items for key in trial.answers)
    page = SectionPage(
        section_number=number,
        section_count=len(trial.form.sections),
        title=here.title,
        lede=section_lede(trial.document, here),
        back_url="",
        back_label=_("Back"),
        answered=elsewhere + sum(question.answered for question in questions),
        total=len(trial.form.item_keys),
        answered_elsewhere=elsewhere,
        action_url=reverse("admin:desk-preview-take", args=[questionnaire.pk]),
        save_url="",
        client=secrets.token_urlsafe(12),
        edition=0,
        returns_to_check=False,
        return_row="",
        advance=True,
        questions=questions,
        errors=[PageError(q.anchor, q.error) for q in questions if q.error],
    )
    status = 400 if page.errors else 200
    return _page(request, questionnaire, trial, "section.html", page=page, status=status)


def _after_section(
    request: HttpRequest, questionnaire: Questionnaire, trial: Trial
) -> HttpResponse:
    number, count = _number(request, trial), len(trial.form.sections)
    items = [trial.document.item[key] for key in trial.form.sections[number - 1].items]
    form = SectionForm(request.POST, items=items)
    form.is_valid()
    given = {one.item_key: one.value for one in form.sent()} if form.is_intact() else {}
    trial = trial.with_answers(given, number)
    if form.errors or form.cleaned_data["clear"]:
        return _section(request, questionnaire, trial, number, form)
    if form.cleaned_data["go"] == "back":
        if number == 1:
            return _about(request, questionnaire, trial)
        return _section(request, questionnaire, trial, number - 1)
    if number < count:
        return _section(request, questionnaire, trial, number + 1)
    return _check(request, questionnaire, trial)


def _number(request: HttpRequest, trial: Trial) -> int:
    """Of the section that was posted, the nearest one if there is no such section any more."""
    told = request.POST.get("number", "")
    number = int(told) if told.isascii() and told.isdecimal() and len(told) < 4 else 1
    return min(max(number, 1), len(trial.form.sections))


def _check(
    request: HttpRequest, questionnaire: Questionnaire, trial: Trial, *, refusal: str = ""
) -> HttpResponse:
    sections = check_sections(trial.document, trial.form, trial.rows(timezone.now()), None)
    page = {
        "sections": sections,
        "missing": [row for part in sections for row in part.rows if row.answer is None],
        "answered": sum(part.answered for part in sections),
        "total": sum(part.total for part in sections),
        "goals": trial.document.roles,
        "goal": trial.goal,
        "form_action": reverse("admin:desk-preview-take", args=[questionnaire.pk]),
        "cannot_finish": refusal,
    }
    status = 409 if refusal else 200
    return _page(request, questionnaire, trial, "check.html", page=page, status=status)


def _after_check(request: HttpRequest, questionnaire: Questionnaire, trial: Trial) -> HttpResponse:
    if request.POST.get("go") == "back":
        return _section(request, questionnaire, trial, len(trial.form.sections))
    trial = _with_goal(request, trial)
    if not trial.answers:
        refusal = _("There is nothing to read yet. Answer some questions first.")
        return _check(request, questionnaire, trial, refusal=refusal)
    return _result(request, questionnaire, trial)


def _with_goal(request: HttpRequest, trial: Trial) -> Trial:
    goal = request.POST.get("goal")
    return (
        trial if goal is None else replace(trial, goal=goal if goal in trial.document.role else "")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(VIEW)
@_of_a_document
def result(request: HttpRequest, questionnaire: Questionnaire, document: Document) -> HttpResponse:
    """The result, or the plan, of what was answered or of a sample's answers."""
    if "state" in request.POST:
        trial = Trial.read(document, request.POST["state"])
        if trial is None or not trial.answers:
            return redirect("admin:desk-preview", questionnaire.pk)
        trial = _with_goal(request, trial)
    else:
        form = SampleForm(request.POST, document=document)
        if not form.is_valid():
            return render_desk(
                request,
                questionnaire,
                "preview.html",
                _("Preview"),
                take=TakeForm(document=document, auto_id="take_%s"),
                sample=form,
                status=422,
            )
        trial = _sampled(document, **form.cleaned_data)
    if request.POST.get("show") == "plan" and _has_plan(document):
        return _plan(request, questionnaire, trial)
    return _result(request, questionnaire, trial)


def _sampled(document: Document, *, form: str, sample: str, seed: int) -> Trial:
    chosen = document.form[form]
    answers = sample_answers(document, chosen, sample, seed=seed)
    texts = {key: str(value) for key, value in answers.items()}
    return Trial(document, chosen, texts, sample=sample, seed=seed)


def _has_plan(document: Document) -> bool:
    """Whether there is something to study, and the hours of each level are known."""
    is_faulty = any(fault.path == STEP_HOURS for fault in study_faults(document))
    return bool(document.study.recommendations) and not is_faulty


def _result(request: HttpRequest, questionnaire: Questionnaire, trial: Trial) -> HttpResponse:
    number = _next_number(questionnaire)
    return _page(
        request,
        questionnaire,
        trial,
        "result.html",
        page=trial.result(number),
        edition=trial.edition(number),
        goals=trial.document.roles,
        has_plan=_has_plan(trial.document),
        answers_of=_answers_words(trial),
    )


def _plan(request: HttpRequest, questionnaire: Questionnaire, trial: Trial) -> HttpResponse:
    today = timezone.localdate()
    return _page(
        request,
        questionnaire,
        trial,
        "plan.html",
        page=trial.plan(_next_number(questionnaire), today),
        goals=trial.document.roles,
        answers_of=_answers_words(trial),
        retake_from=timezone.now() + timedelta(weeks=RETAKE_AFTER_WEEKS),
    )


def _next_number(questionnaire: Questionnaire) -> int:
    newest = newest_of(questionnaire)
    return newest.number + 1 if newest else 1


def _answers_words(trial: Trial) -> str:
    """Whose answers they are."""
    if trial.sample not in SAMPLES:
        return _("your own")
    words = sample_words(trial.document, trial.sample)
    if trial.sample == "random":
        return _("%(sample)s %(seed)d") % {"sample": words, "seed": trial.seed}
    return words
