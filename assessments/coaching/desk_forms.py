"""Turns what the desk's pages send into values."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.coaching.models import (
    COHORT_NAME_MAX,
    MESSAGE_MAX,
    NOTE_MAX,
    Assignment,
    Client,
    Cohort,
    Status,
)
from assessments.coaching.services import Wanted, group_named
from assessments.http.widgets import DayInput
from assessments.instrument.document import Questionnaire
from assessments.people.models import NAME_MAX, PRACTICE_MAX, User

Choices = list[tuple[str, str]]


class LineField(forms.CharField):
    """Text on one line: names go into the subjects of messages."""

    def to_python(self, value: Any) -> str:
        """With every run of blanks as one."""
        return " ".join((super().to_python(value) or "").split())


class DeskForm(forms.Form):
    """The name and the practice that clients read."""

    name = LineField(
        label=gettext_lazy("Your name"),
        max_length=NAME_MAX,
        error_messages={"required": gettext_lazy("Enter your name.")},
        help_text=gettext_lazy("The people you invite read it, so use the one they know."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    practice = LineField(
        label=gettext_lazy("Practice or school (optional)"),
        max_length=PRACTICE_MAX,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )


class SettingsForm(DeskForm):
    """And whether one's own view comes first."""

    rates_first = forms.BooleanField(
        label=gettext_lazy("Write down my own view before I read a result"),
        required=False,
        help_text=gettext_lazy(
            "Recommended: once you have read a result, you cannot see the person without it. "
            "Without this you go straight to results."
        ),
    )


class FilterForm(forms.Form):
    """Which clients to list, and in which order; what cannot be read filters nothing."""

    q = LineField(label=gettext_lazy("Name or e-mail"), max_length=NAME_MAX, required=False)
    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        choices=[("", gettext_lazy("Any")), *Status.choices],
        required=False,
    )
    group = forms.ModelChoiceField(
        label=gettext_lazy("Group"),
        queryset=Cohort.objects.none(),
        empty_label=gettext_lazy("Any"),
        required=False,
    )
    active = forms.ChoiceField(
        label=gettext_lazy("Last active"),
        choices=[
            ("", gettext_lazy("Any time")),
            ("week", gettext_lazy("Last 7 days")),
            ("before", gettext_lazy("Over 14 days ago")),
        ],
        required=False,
    )
    sort = forms.ChoiceField(
        choices=[("active", "active"), ("name", "name")],
        widget=forms.HiddenInput,
        required=False,
    )

    def __init__(self, *args: Any, groups: Iterable[Cohort], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]
        self.fields["q"].widget.input_type = "search"

    def chosen(self) -> dict[str, Any]:
        """What is filled in and can be read."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class AboutClientForm(forms.Form):
    """What the coach calls a client, the group and the role to prepare for."""

    name = LineField(
        label=gettext_lazy("Name"),
        max_length=NAME_MAX,
        error_messages={"required": gettext_lazy("Enter a name.")},
    )
    group = forms.ModelChoiceField(
        label=gettext_lazy("Group (optional)"),
        queryset=Cohort.objects.none(),
        empty_label=gettext_lazy("None"),
        required=False,
    )
    new_group = LineField(
        label=gettext_lazy("Or a new group"), max_length=COHORT_NAME_MAX, required=False
    )
    role = forms.ChoiceField(label=gettext_lazy("Role to prepare for (optional)"), required=False)

    def __init__(
        self,
        *args: Any,
        coach: User,
        groups: Iterable[Cohort],
        document: Questionnaire | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.coach = coach
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]
        roles = [(role.key, role.name) for role in document.roles] if document else []
        self.fields["role"].choices = [("", _("None")), *roles]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """One group, not two."""
        if self.cleaned_data.get("group") and self.cleaned_data.get("new_group"):
            self.add_error("new_group", _("Choose a group or name a new one, not both."))
        return self.cleaned_data

    def cohort(self) -> Cohort | None:
        """The group chosen, or the new one, which is made now."""
        if self.cleaned_data["new_group"]:
            return group_named(coach=self.coach, name=self.cleaned_data["new_group"])
        group: Cohort | None = self.cleaned_data["group"]
        return group


class InviteForm(AboutClientForm):
    """Whom to invite, and for what."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address (optional)"),
        required=False,
        error_messages={
            "invalid": gettext_lazy(
                "Enter an e-mail address in the right format, like name@example.com."
            )
        },
        help_text=gettext_lazy(
            "We send the invitation there. Without one you get a link to pass on yourself."
        ),
    )
    form = forms.ChoiceField(label=gettext_lazy("Questionnaire"), required=False)
    message = forms.CharField(
        label=gettext_lazy("Message (optional)"),
        max_length=MESSAGE_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("It stands in the invitation, in your words."),
    )
    due_on = forms.DateField(
        label=gettext_lazy("Wanted by (optional)"),
        required=False,
        widget=DayInput(),
    )

    def __init__(
        self, *args: Any, today: date, document: Questionnaire | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, document=document, **kwargs)
        self.today = today
        forms_of = [(form.key, form.title) for form in document.forms] if document else []
        choices: Choices = [("", _("Let them choose")), *forms_of]
        self.fields["form"].choices = choices  # type: ignore[attr-defined]
        self.order_fields(
            ["name", "email", "group", "new_group", "form", "role", "message", "due_on"]
        )

    def clean_due_on(self) -> date | None:
        """A day that is still to come."""
        return _day_to_come(self.cleaned_data["due_on"], self.today)

    def wanted(self) -> Wanted:
        """What is asked, ready for `invite`."""
        data = self.cleaned_data
        return Wanted(
            name=data["name"],
            email=data["email"],
            cohort=self.cohort(),
            role=data["role"],
            form=data["form"],
            message=data["message"],
            due_on=data["due_on"],
        )


class NoteForm(forms.Form):
    """A note about a client."""

    text = forms.CharField(
        label=gettext_lazy("New note"),
        max_length=NOTE_MAX,
        error_messages={"required": gettext_lazy("Write the note before you save it.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    is_shared = forms.BooleanField(required=False)

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A hint is markup to Django, and the name is somebody's words; labels are escaped.
        hint = _(
            "Only you can read notes, unless you share one. %(name)s’s copy of all data holds "
            "them too."
        )
        self.fields["text"].help_text = hint % {"name": escape(client.name)}
        self.fields["is_shared"].label = _("Show this note to %(name)s") % {"name": client.name}


class AssignForm(forms.Form):
    """What to suggest to a client: a role, a step of the study library, or a retake."""

    what = forms.ChoiceField(
        label=gettext_lazy("What to suggest"),
        error_messages={"required": gettext_lazy("Choose what to suggest.")},
    )
    by = forms.DateField(
        label=gettext_lazy("By (optional)"),
        required=False,
        widget=DayInput(),
    )

    def __init__(self, *args: Any, document: Questionnaire, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        kinds = Assignment.Kind
        roles = [(f"{kinds.ROLE}:{role.key}", role.name) for role in document.roles]
        steps = [
            (f"{kinds.STEP}:{step.key}", step.title) for step in document.study.recommendations
        ]
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose")),
            (f"{kinds.RETAKE}:", kinds.RETAKE.label),
            *([(kinds.ROLE.label, roles)] if roles else []),
            *([(kinds.STEP.label, steps)] if steps else []),
        ]

    def clean_by(self) -> date | None:
        """A day that is still to come."""
        return _day_to_come(self.cleaned_data["by"], self.today)

    def asked(self) -> tuple[Assignment.Kind, str]:
        """The kind, and the key of the role or the step."""
        kind, _colon, key = self.cleaned_data["what"].partition(":")
        return Assignment.Kind(kind), key


def _day_to_come(day: date | None, today: date) -> date | None:
    if day is not None and day < today:
        raise forms.ValidationError(_("Choose today or a later date, or leave it empty."))
    return day
