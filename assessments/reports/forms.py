"""Turns what the plan pages send into values."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.http.widgets import DayInput
from assessments.instrument.document import Questionnaire, Rating
from assessments.reports.models import HOURS_PER_WEEK_MAX, NOTE_MAX_LENGTH, WEEKS_MAX


class PlanForm(forms.Form):
    """Goal, hours a week, and weeks or the date of an interview."""

    goal = forms.ChoiceField(label=_("Role"), required=False)
    hours_per_week = forms.IntegerField(
        label=_("Hours a week"), min_value=1, max_value=HOURS_PER_WEEK_MAX
    )
    weeks = forms.IntegerField(label=_("Weeks"), min_value=1, max_value=WEEKS_MAX)
    interview_on = forms.DateField(
        label=_("Or the date of an interview"),
        required=False,
        # A date field of a browser takes no other notation, whatever the language.
        widget=DayInput(),
        help_text=_("With a date, the plan ends before it, whatever stands in Weeks."),
    )

    def __init__(self, *args: Any, document: Questionnaire, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        roles = [(role.key, role.name) for role in document.roles]
        self.fields["goal"] = forms.ChoiceField(
            label=_("Role"),
            choices=[("", _("The one that comes out closest")), *roles],
            required=False,
        )
        self.order_fields(["goal", "hours_per_week", "weeks", "interview_on"])

    def clean_interview_on(self) -> date | None:
        """A date that is still to come."""
        day: date | None = self.cleaned_data["interview_on"]
        if day is not None and day <= self.today:
            raise forms.ValidationError(_("Choose a date after today, or leave it empty."))
        return day


class TicksForm(forms.Form):
    """The boxes of the plan page and the notes below them."""

    note = forms.CharField(
        label=_("Your own notes"),
        required=False,
        max_length=NOTE_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, known: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [(key, key) for key in known]
        many = forms.MultipleChoiceField
        # What the page showed, so that a tick on a step that it did not show is not lost.
        self.fields["shown"] = many(choices=every, required=False)
        self.fields["done"] = many(choices=every, required=False)


class CheckpointForm(forms.Form):
    """The focus themes' ratings, asked again; each may be left out."""

    def __init__(
        self, *args: Any, document: Questionnaire, items: Collection[Rating], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        anchors = document.anchors.rating
        choices = [(str(a.value), f"{a.label}. {a.text}") for a in anchors]
        for item in items:
            self.fields[item.key] = forms.ChoiceField(
                label=item.text, choices=choices, required=False, widget=forms.RadioSelect
            )

    def ratings(self) -> dict[str, int]:
        """The ratings given, by item."""
        return {key: int(value) for key, value in self.cleaned_data.items() if value}
