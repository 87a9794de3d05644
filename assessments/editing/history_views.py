"""The history of a desk: a list to filter, and one entry in full."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from assessments.editing.history import collections, history_entry, people_of
from assessments.editing.pages import VIEW, desk_page, render_desk
from assessments.questionnaires.models import DeskChange, Questionnaire

ENTRIES_A_PAGE = 25
PART_MAX = 200


class FilterForm(forms.Form):
    """Which changes to show: of a part or a sort of parts, and by whom."""

    part = forms.CharField(label=gettext_lazy("Part"), max_length=PART_MAX, required=False)
    by = forms.TypedChoiceField(
        label=gettext_lazy("By"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["by"].choices = [("", _("Everybody")), *people]  # type: ignore[attr-defined]
        asked = self.data.get("part", "")
        known = [("", _("Everything")), *collections()]
        # A part that somebody came for by its own link stays chosen.
        own = [] if asked in dict(known) else [(asked, asked)]
        self.fields["part"].widget = forms.Select(choices=[*known, *own])


@require_safe
@desk_page(VIEW)
def history(request: HttpRequest, questionnaire: Questionnaire) -> HttpResponse:
    """Who did what when, newest first."""
    form = FilterForm(request.GET, people=people_of(questionnaire))
    changes = DeskChange.objects.filter(questionnaire=questionnaire).select_related("by")
    is_valid = form.is_valid()
    part = form.cleaned_data.get("part", "")
    if part:
        changes = changes.of_part(part)
    if by := form.cleaned_data.get("by"):
        changes = changes.filter(by=by)
    page = Paginator(changes if is_valid else changes.none(), ENTRIES_A_PAGE).get_page(
        request.GET.get("page")
    )
    asked = request.GET.copy()
    asked.pop("page", None)
    return render_desk(
        request,
        questionnaire,
        "history.html",
        _("History"),
        form=form,
        page=page,
        entries=[history_entry(change, part=part) for change in page],
        asked=asked.urlencode(),
        status=200 if is_valid else 404,
    )


@require_safe
@desk_page(VIEW)
def history_entry_page(
    request: HttpRequest, questionnaire: Questionnaire, change: int
) -> HttpResponse:
    """One deed with all that changed by it."""
    changes = DeskChange.objects.filter(questionnaire=questionnaire).select_related("by")
    entry = history_entry(get_object_or_404(changes, pk=change), most=None)
    return render_desk(request, questionnaire, "history_entry.html", _("History"), entry=entry)
