"""What of question analysis is asked for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.instrument.document import Questionnaire as Document
from assessments.questionnaires.rows import Item

ALL = ""


class WhichEdition(forms.Form):
    """One of a questionnaire's editions, and whether others add what is the same in them."""

    edition = forms.TypedChoiceField(label=_("Edition"), coerce=int)
    across = forms.BooleanField(
        label=_("with the same questions of other editions"), required=False
    )

    def __init__(self, asked: Any, *, numbers: list[int]) -> None:
        super().__init__({"edition": numbers[0], "across": "on"} | _given(asked))
        choices = [(number, _("Edition %(number)d") % {"number": number}) for number in numbers]
        self.fields["edition"].choices = choices  # type: ignore[attr-defined]


class WhichQuestions(forms.Form):
    """A form of an edition, and which of its questions."""

    form = forms.ChoiceField(label=_("Form"))
    dimension = forms.ChoiceField(label=_("Dimension"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[(ALL, _("Any")), *Item.Kind.choices]
    )

    def __init__(self, asked: Any, *, document: Document) -> None:
        super().__init__({"form": document.forms[0].key} | _given(asked))
        self.fields["form"].choices = [  # type: ignore[attr-defined]
            (form.key, form.title) for form in document.forms
        ]
        self.fields["dimension"].choices = [  # type: ignore[attr-defined]
            (ALL, _("All")),
            *((dimension.key, dimension.name) for dimension in document.dimensions),
        ]


def _given(asked: Any) -> dict[str, str]:
    """What an address says; without a choice of edition, nothing is said of the others either."""
    given = {name: value for name, value in asked.items() if value}
    return given if "across" in given or "edition" not in given else {"across": "", **given}
