"""Turns what pages send into values; says in words what cannot be read."""

from collections.abc import Iterable
from math import ceil
from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from assessments.instrument.checks import estimated_minutes
from assessments.instrument.document import Form as DocumentForm
from assessments.instrument.document import Item, Questionnaire, UnknownChoice
from assessments.responses.models import CLIENT_MAX_LENGTH
from assessments.responses.questions import field_name, revision_name
from assessments.responses.saving import SECONDS_MAX, Sent

COUNTER_MAX = 2**31 - 1
NOT_A_CHOICE = _("Choose one of the answers that the question offers.")
RELOAD = _("This page is out of date. Reload it; your saved answers are safe.")


class Shared:
    """A field that every form of its class shares.

    Django gives each form copies that it may change. Nothing changes these, and making the copies
    took a tenth of saving an answer.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


class SharedCharField(Shared, forms.CharField):
    """A text that is only read."""


class SharedFloatField(Shared, forms.FloatField):
    """A number that is only read."""


class SharedBooleanField(Shared, forms.BooleanField):
    """A box ticked or not, that is only read."""


class ClientField(Shared, forms.RegexField):
    """What a page calls itself."""

    def __init__(self) -> None:
        super().__init__(
            rf"^[A-Za-z0-9_-]{{8,{CLIENT_MAX_LENGTH}}}\Z", error_messages={"invalid": RELOAD}
        )


class CounterField(Shared, forms.IntegerField):
    """What a page counts: its changes, or the revision that it saw."""

    def __init__(self, *, least: int) -> None:
        super().__init__(
            min_value=least, max_value=COUNTER_MAX, error_messages={"invalid": RELOAD}
        )


REVISION = CounterField(least=0)


class StartForm(forms.Form):
    """Which form to take, and the consent without which nothing is stored."""

    field_order = ("length", "consent")
    consent = forms.BooleanField(
        label=_("I have read this and want to start"),
        error_messages={"required": _("Tick the box to start. Without it nothing is stored.")},
    )

    def __init__(self, *args: Any, lengths: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["length"] = forms.ChoiceField(
            label=_("How long do you have?") if len(lengths) > 1 else _("How long it takes"),
            choices=lengths,
            initial=lengths[0][0],
            widget=forms.RadioSelect,
        )
        self.order_fields(self.field_order)


class BackgroundForm(forms.Form):
    """The questions about the person's situation; each may be left out."""

    def __init__(self, *args: Any, document: Questionnaire, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goal_key = next((q.key for q in document.background if q.sets == "goal"), None)
        for asked in document.background:
            options = [(option.key, option.text) for option in asked.options]
            self.fields[asked.key] = forms.ChoiceField(
                label=asked.text, choices=[("", _("Rather not say")), *options], required=False
            )
        self.known_goals = set(document.role)

    def background(self) -> dict[str, str]:
        """The answers given, by the question's key."""
        return {key: value for key, value in self.cleaned_data.items() if value}

    def goal(self) -> str:
        """The role chosen to compare with; "" for none."""
        chosen = self.cleaned_data.get(self.goal_key, "") if self.goal_key else ""
        return chosen if chosen in self.known_goals else ""


class SaveForm(forms.Form):
    """One answer, as the page sends it while it is being filled in."""

    item = SharedCharField(max_length=60)
    value = SharedCharField(max_length=60, required=False)
    seconds = SharedFloatField(required=False, min_value=0)
    client = ClientField()
    seq = CounterField(least=1)
    base_revision = REVISION

    def __init__(
        self, *args: Any, document: Questionnaire, form: DocumentForm, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.document, self.form = document, form

    def clean_item(self) -> Item:
        """The item; it must be on the attempt's form."""
        key = self.cleaned_data["item"]
        if key not in self.form.item_keys:
            raise forms.ValidationError(_("This question is not part of your questionnaire."))
        return self.document.item[key]

    def clean(self) -> None:
        """Turn the choice into the value that is stored."""
        data = self.cleaned_data
        if "item" in data and "value" in data:
            try:
                data["value"] = stored_text(data["item"], data["value"])
            except UnknownChoice:
                self.add_error("value", NOT_A_CHOICE)

    def sent(self) -> Sent:
        """The answer, ready for the save protocol."""
        data = self.cleaned_data
        seconds = data["seconds"]
        return Sent(
            item_key=data["item"].key,
            value=data["value"],
            client=data["client"],
            seq=data["seq"],
            base_revision=data["base_revision"],
            seconds=None if seconds is None else min(seconds, SECONDS_MAX),
        )


class ChoiceOf(forms.Field):
    """A choice that an item offers, or none. Only reads; pages make their own radio buttons."""

    def __init__(self, item: Item) -> None:
        super().__init__(required=False)
        self.item = item

    def clean(self, value: str | None) -> str:
        """The choice as it was sent; "" for none."""
        try:
            stored_text(self.item, value or "")
        except UnknownChoice:
            raise forms.ValidationError(NOT_A_CHOICE) from None
        return value or ""


class SectionForm(forms.Form):
    """A whole section: what "Save and continue" posts, with or without JavaScript."""

    client = ClientField()
    seq = CounterField(least=1)
    advance = SharedBooleanField(required=False)
    clear = SharedCharField(max_length=60, required=False)
    go = SharedCharField(max_length=10, required=False)
    next = SharedCharField(max_length=10, required=False)
    row = SharedCharField(max_length=60, required=False)

    def __init__(self, *args: Any, items: list[Item], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        for item in items:
            self.fields[field_name(item.key)] = ChoiceOf(item)
            self.fields[revision_name(item.key)] = REVISION

    def sent(self) -> list[Sent]:
        """The answers that the page holds, ready for the save protocol.

        A question without a choice is not sent: a browser cannot unset a radio button, so it
        means "not answered here". The button "Clear answer" names the question to clear.
        """
        chosen = {item.key: self.cleaned_data.get(field_name(item.key), "") for item in self.items}
        cleared = self.cleaned_data.get("clear", "")
        return [
            Sent(
                item_key=item.key,
                value="" if item.key == cleared else stored_text(item, chosen[item.key]),
                client=self.cleaned_data["client"],
                seq=self.cleaned_data["seq"],
                base_revision=self.cleaned_data[revision_name(item.key)],
            )
            for item in self.items
            if (chosen[item.key] or item.key == cleared) and not self._is_faulty(item)
        ]

    def is_intact(self) -> bool:
        """Whether the page's own fields came back intact, so that answers can be stored."""
        own = ["client", "seq", *(revision_name(item.key) for item in self.items)]
        return not any(name in self.errors for name in own)

    def _is_faulty(self, item: Item) -> bool:
        return field_name(item.key) in self.errors


class GoalForm(forms.Form):
    """Which role to compare with; none is a choice too."""

    def __init__(self, *args: Any, document: Questionnaire, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [(role.key, role.name) for role in document.roles]
        self.fields["goal"] = forms.ChoiceField(choices=[("", ""), *roles], required=False)


def stored_text(item: Item, choice: str) -> str:
    """The text that the table stores for a choice; "" stays "". Raises `UnknownChoice`."""
    return str(item.value_of(choice)) if choice else ""


def lengths(document: Questionnaire, offered: Iterable[DocumentForm]) -> list[tuple[str, str]]:
    """The forms to choose from, each with what it takes."""
    return [
        (
            form.key,
            ngettext(
                "%(title)s: %(count)d question, about %(minutes)d minutes",
                "%(title)s: %(count)d questions, about %(minutes)d minutes",
                len(form.item_keys),
            )
            % {
                "title": form.title,
                "count": len(form.item_keys),
                "minutes": ceil(estimated_minutes(document, form)),
            },
        )
        for form in offered
    ]
