"""Turns what the pages of coaching send into values."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.http.widgets import DayInput
from assessments.people.consents import CONSENT_DAYS, CONSENT_DAYS_MAX, Scope
from assessments.people.models import NAME_MAX, CoachProfile, User

NO_DESK = _(
    "There is no coach desk under this address. Check it, or ask your coach for an invitation."
)


class ShareForm(forms.Form):
    """With which coach, what beside the result, until when."""

    email = forms.EmailField(
        label=_("Your coach’s e-mail address"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "invalid": _("Enter an e-mail address in the right format, like name@example.com")
        },
    )
    scopes = forms.MultipleChoiceField(
        label=_("Besides the result, they may see"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            (Scope.ANSWERS, _("Your single answers, and how long each took")),
            (Scope.PLAN, _("Your study plan with its ticks, never your own notes")),
            (Scope.LATER_ATTEMPTS, _("Results of this kind that you finish later")),
            (Scope.EXPORT, _("And they may save what they see as a file (PDF, table)")),
        ],
    )
    until = forms.DateField(
        label=_("Until"),
        help_text=_("You can stop earlier at any time."),
        widget=DayInput(),
        error_messages={
            "required": _("Enter the day on which sharing ends."),
            "invalid": _("Enter a date."),
        },
    )

    name = forms.CharField(
        label=_("Your name, as your coach reads it"),
        help_text=_("Without one your coach reads your e-mail address."),
        required=False,
        max_length=NAME_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(
        self, *args: Any, person: User, known: Sequence[User], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known, self.today = {str(coach.pk): coach for coach in known}, today
        self.person = person
        self.fields["name"].initial = person.name
        if known:
            offered = [(str(coach.pk), coach_words(coach)) for coach in known]
            self.fields["coach"] = forms.ChoiceField(
                label=_("Share with"),
                choices=[*offered, ("", _("Another coach"))],
                required=False,
                widget=forms.RadioSelect,
                initial=offered[0][0],
            )
            self.fields["email"].label = _("Another coach’s e-mail address")
            self.fields["email"].help_text = _("Only if you chose another coach.")
            self.order_fields(["coach", "email", "scopes", "until", "name"])
        self.fields["until"].initial = today + timedelta(days=CONSENT_DAYS)

    def clean_name(self) -> str:
        """What was typed; a page that did not ask changes nothing."""
        typed: str = self.cleaned_data["name"]
        return typed if "name" in self.data else self.person.name

    def clean_until(self) -> date:
        """A day after today and within a year."""
        until: date = self.cleaned_data["until"]
        if not self.today < until <= self.today + timedelta(days=CONSENT_DAYS_MAX):
            raise forms.ValidationError(_("Choose an end date in the next 12 months."))
        return until

    def clean(self) -> None:
        """Find the coach: one of those known, or the owner of the desk under the address."""
        chosen = self.cleaned_data.get("coach", "")
        if chosen in self.known:
            self.cleaned_data["coach"] = self.known[chosen]
            return
        if "email" not in self.cleaned_data or self.errors.get("coach"):
            return
        if not self.cleaned_data["email"]:
            self.add_error("email", _("Enter your coach’s e-mail address."))
            return
        desks = CoachProfile.objects.filter(is_approved=True, user__is_active=True)
        desk = desks.filter(user__email__iexact=self.cleaned_data["email"])
        found = desk.select_related("user__coach_profile").first()
        if found is None:
            self.add_error("email", forms.ValidationError(NO_DESK, code="no_desk"))
        elif found.user == self.person:
            self.add_error("email", _("This is your own address. Enter your coach’s."))
        else:
            self.cleaned_data["coach"] = found.user


def coach_words(coach: User) -> str:
    """A coach's name with the practice, as clients read it."""
    practice = coach.coach_profile.practice
    return f"{coach.get_full_name()}, {practice}" if practice else coach.get_full_name()
