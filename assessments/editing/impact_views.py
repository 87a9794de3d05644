"""The page of the impact: the last run, and a button for a small new one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.editing.impact import LAST_DEFAULT, LAST_ON_PAGE, run_impact
from assessments.editing.impact_words import impact_page
from assessments.editing.pages import CHANGE, VIEW, desk_page, render_desk
from assessments.instrument.canonical import digest
from assessments.instrument.faults import DocumentFaults
from assessments.people.actors import user_of
from assessments.questionnaires.desk import document_of
from assessments.questionnaires.models import Questionnaire


@desk_page(VIEW)
@require_safe
def impact(request: HttpRequest, *, questionnaire: Questionnaire) -> HttpResponse:
    """What the last run found, and whether the desk has changed since."""
    run = questionnaire.impact_runs.select_related("by").first()
    try:
        document = document_of(questionnaire)
    except DocumentFaults as error:
        document, faults = None, len(error.faults)
    else:
        faults = 0
    return render_desk(
        request,
        questionnaire,
        "impact.html",
        _("Impact"),
        run=run,
        page=impact_page(run.result, document) if run else None,
        is_older=run is not None and document is not None and digest(document) != run.desk_digest,
        faults=faults,
        may_run=request.user.has_perm(CHANGE),
        last_on_page=LAST_ON_PAGE,
        last_by_command=LAST_DEFAULT,
    )


@desk_page(CHANGE)
@require_POST
def run(request: HttpRequest, *, questionnaire: Questionnaire) -> HttpResponse:
    """Work it out anew for as many results as a request has time for."""
    user = user_of(request)
    try:
        run_impact(questionnaire=questionnaire, last=LAST_ON_PAGE, at=timezone.now(), by=user)
    except DocumentFaults:
        messages.error(request, _("The desk is not a whole questionnaire yet. Mend it first."))
    return redirect("admin:desk-impact", pk=questionnaire.pk)
