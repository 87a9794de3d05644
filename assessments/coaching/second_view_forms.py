"""Turns what a coach says of a client, before reading the result, into ratings."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.coaching.second_view import FACETS, facet_words, preference_choices
from assessments.instrument.document import Dimension, Form, Questionnaire
from assessments.scoring.report import Facet

CANNOT_SAY = ("", _("Cannot say"))


@dataclass(frozen=True, slots=True)
class RatedDimension:
    """One dimension on the form: its ends, as public in the guide, and its three fields."""

    dimension: Dimension
    fields: list[forms.BoundField]


class SecondViewForm(forms.Form):
    """Preference and readiness for each side, dimension by dimension; each may be left out."""

    def __init__(self, *args: Any, document: Questionnaire, taken: Form, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dimensions = document.scored_dimensions(taken)
        anchors = [(a.value, f"{a.value}. {a.label}") for a in document.anchors.rating]
        for dimension in self.dimensions:
            for facet in FACETS:
                choices = (
                    preference_choices(document, dimension) if facet == "preference" else anchors
                )
                self.fields[_name(dimension, facet)] = forms.TypedChoiceField(
                    label=facet_words(document, facet),
                    choices=[CANNOT_SAY, *choices],
                    coerce=int,
                    empty_value=None,
                    required=False,
                )

    def clean(self) -> dict[str, Any]:
        """At least one thing said: an empty view would open the result for nothing."""
        cleaned = super().clean() or {}
        if not self.errors and all(value is None for value in cleaned.values()):
            raise forms.ValidationError(
                _("Say what you can of one dimension at least. All the others may be left out.")
            )
        return cleaned

    def groups(self) -> list[RatedDimension]:
        """The fields, dimension by dimension."""
        return [
            RatedDimension(dimension, [self[_name(dimension, facet)] for facet in FACETS])
            for dimension in self.dimensions
        ]

    def faults(self) -> list[dict[str, str]]:
        """Every error with the field that mends it, for the summary."""
        first = self[next(iter(self.fields))]
        whole = [{"anchor": first.auto_id, "text": str(text)} for text in self.non_field_errors()]
        return whole + [
            {"anchor": field.auto_id, "text": str(text)} for field in self for text in field.errors
        ]

    def ratings(self) -> dict[str, dict[str, int]]:
        """What was said, by dimension and facet; what was left out is not in it."""
        said: dict[str, dict[str, int]] = {}
        for dimension in self.dimensions:
            for facet in FACETS:
                value = self.cleaned_data[_name(dimension, facet)]
                if value is not None:
                    said.setdefault(dimension.key, {})[facet] = value
        return said


def _name(dimension: Dimension, facet: Facet) -> str:
    return f"{dimension.key}-{facet}"
