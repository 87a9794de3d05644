"""The page that says what is to be mended on a desk."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.editing.check import check_desk
from assessments.editing.pages import VIEW, desk_page, render_desk
from assessments.questionnaires.models import Questionnaire


@require_safe
@desk_page(VIEW)
def check(request: HttpRequest, questionnaire: Questionnaire) -> HttpResponse:
    """All faults and warnings, with links to their rows; the forms' length and balance."""
    return render_desk(
        request,
        questionnaire,
        "check.html",
        _("Check"),
        found=check_desk(questionnaire),
    )
