"""The page of question analysis, its table, and freezing a calibration."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from assessments.analysis.models import Calibration, Turn
from assessments.analysis.reading import counts_across
from assessments.analysis.replica import on_replica
from assessments.analysis.services import freeze_calibration
from assessments.editing.analysis_forms import WhichEdition, WhichQuestions
from assessments.editing.analysis_page import AnalysisPage, Shown, analysis_page
from assessments.editing.analysis_table import analysis_table
from assessments.editing.pages import CHANGE, PUBLISH, VIEW, desk_page, render_desk, staff_of
from assessments.editing.versions import edition_numbers, edition_of
from assessments.errors import DomainError
from assessments.http.csv import csv_bytes
from assessments.questionnaires.editions import PublishedEdition
from assessments.questionnaires.models import Edition, Questionnaire
from assessments.responses.counting import BATCH, refresh
from assessments.scoring.calibration import MIN_CALIBRATION_PEOPLE

# What a request has time for; `refresh_sums` counts without end.
BATCHES_ON_PAGE = 5


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the address asks for, and what there is to say of it."""

    edition: PublishedEdition
    which_edition: WhichEdition
    which_questions: WhichQuestions
    page: AnalysisPage

    @property
    def form(self) -> str:
        key: str = self.which_questions.cleaned_data["form"]
        return key


@desk_page(VIEW)
@require_safe
def analysis(request: HttpRequest, *, questionnaire: Questionnaire) -> HttpResponse:
    """Which questions work: the worst first, then all by dimension, then where people stop."""
    with on_replica():
        asked = _asked(request, questionnaire)
        turn = Turn.objects.first()
    context: dict[str, Any] = {
        "refreshed_at": turn.refreshed_at if turn else None,
        "may_refresh": request.user.has_perm(CHANGE),
    }
    if asked:
        context |= {
            "edition": asked.edition,
            "form_key": asked.form,
            "filters": (asked.which_edition, asked.which_questions),
            "page": asked.page,
            "calibrations": Calibration.objects.filter(edition=asked.edition.pk)
            .defer("document")
            .select_related("made_by")
            .order_by("-number"),
            "may_calibrate": request.user.has_perm(PUBLISH),
            "enough_to_calibrate": asked.page.people >= MIN_CALIBRATION_PEOPLE,
            "needed_to_calibrate": MIN_CALIBRATION_PEOPLE,
            "query": request.GET.urlencode(),
        }
    return render_desk(request, questionnaire, "analysis.html", _("Question analysis"), **context)


@desk_page(VIEW)
@require_safe
def analysis_csv(request: HttpRequest, *, questionnaire: Questionnaire) -> HttpResponse:
    """What the page says, as a table."""
    with on_replica():
        asked = _asked(request, questionnaire)
    if asked is None:
        return redirect("admin:desk-analysis", pk=questionnaire.pk)
    name = f"{questionnaire.slug}-{asked.edition.number}-{asked.form}-analysis.csv"
    return HttpResponse(
        csv_bytes(analysis_table(asked.page)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@desk_page(CHANGE)
@require_POST
def analysis_refresh(request: HttpRequest, *, questionnaire: Questionnaire) -> HttpResponse:
    """Count what is new, as far as a request has time for it."""
    done = refresh(at=timezone.now(), batches=BATCHES_ON_PAGE)
    number = done.counted.total()
    said = ngettext("%(n)d attempt was counted.", "%(n)d attempts were counted.", number)
    messages.success(request, said % {"n": number})
    if not done.is_complete:
        messages.warning(
            request,
            _("There are more than %(n)d. Press again, or run refresh_sums.")
            % {"n": BATCH * BATCHES_ON_PAGE},
        )
    return redirect("admin:desk-analysis", pk=questionnaire.pk)


@desk_page(PUBLISH)
@require_POST
def calibrate(
    request: HttpRequest, *, questionnaire: Questionnaire, number: int, form: str
) -> HttpResponse:
    """Freeze how reliable the scales of an edition are; new results use it."""
    address = reverse("admin:desk-analysis", args=[questionnaire.pk])
    try:
        edition = edition_of(questionnaire, number)
        made = freeze_calibration(
            edition_id=edition.pk, form=form, at=timezone.now(), by=staff_of(request)
        )
    except (Edition.DoesNotExist, KeyError):
        messages.error(request, _("There is no such edition or form. Choose one of those listed."))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            _("Calibration %(number)d is frozen. New results use it; those there keep theirs.")
            % {"number": made.number},
        )
    return redirect(f"{address}?{urlencode({'edition': str(number), 'form': form})}")


def _asked(request: HttpRequest, questionnaire: Questionnaire) -> _Asked | None:
    """What is asked for, in its place what is offered first; None before the first edition."""
    numbers = edition_numbers(questionnaire)
    if not numbers:
        return None
    which_edition = WhichEdition(request.GET, numbers=numbers)
    if not which_edition.is_valid():
        which_edition = WhichEdition({}, numbers=numbers)
        which_edition.is_valid()
    edition = edition_of(questionnaire, which_edition.cleaned_data["edition"])
    which_questions = WhichQuestions(request.GET, document=edition.document)
    if not which_questions.is_valid():
        which_questions = WhichQuestions({}, document=edition.document)
        which_questions.is_valid()
    asked = which_questions.cleaned_data
    is_across = which_edition.cleaned_data["across"]
    others = list(Edition.objects.newest_of(questionnaire.slug).values_list("pk", flat=True))
    page = analysis_page(
        edition.document,
        edition.document.form[asked["form"]],
        counts_across(edition.pk, asked["form"], others if is_across else ()),
        Shown(asked["dimension"], asked["kind"], is_filtered=not is_across and len(others) > 1),
    )
    return _Asked(edition, which_edition, which_questions, page)
