"""Comparing the desk with editions, and editions with one another."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from assessments.editing.comparison_page import groups
from assessments.editing.pages import VIEW, desk_page, render_desk
from assessments.editing.versions import DESK, document_at, edition_numbers
from assessments.instrument.comparison import compare_documents
from assessments.instrument.faults import DocumentFaults
from assessments.questionnaires.models import Questionnaire


class CompareForm(forms.Form):
    """Two versions of a questionnaire, each `desk` or the number of an edition."""

    before = forms.ChoiceField(label=gettext_lazy("From"))
    after = forms.ChoiceField(label=gettext_lazy("To"))

    def __init__(self, *args: Any, numbers: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        editions = [
            (str(number), _("Edition %(number)d") % {"number": number}) for number in numbers
        ]
        for name in ("before", "after"):
            self.fields[name].choices = [(DESK, _("The desk")), *editions]  # type: ignore[attr-defined]


@require_safe
@desk_page(VIEW)
def compare(request: HttpRequest, questionnaire: Questionnaire) -> HttpResponse:
    """What differs between two versions; by default the newest edition and the desk."""
    numbers = edition_numbers(questionnaire)
    asked = {
        "before": request.GET.get("before", str(numbers[0]) if numbers else DESK),
        "after": request.GET.get("after", DESK),
    }
    form = CompareForm(asked, numbers=numbers)
    context: dict[str, Any] = {"form": form, "has_editions": bool(numbers)}
    if not form.is_valid():
        return render_desk(
            request, questionnaire, "compare.html", _("Compare"), status=404, **context
        )
    try:
        before, after = (document_at(questionnaire, asked[name]) for name in ("before", "after"))
    except DocumentFaults:
        context["is_unreadable"] = True
    else:
        found = compare_documents(before, after)
        context |= {"found": found, "groups": groups(found)}
    return render_desk(request, questionnaire, "compare.html", _("Compare"), **context)
