"""What goes in: the answers of one attempt."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from assessments.instrument.document import Item, Pair, Questionnaire, Rating, Scenario, Value
from assessments.scoring.notation import canonical, fingerprint, written


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """The answers to one form, by item key, as *stored* (negative = pole a; see document.py).

    An item that is not in `answers` is skipped, like one whose answer is None. `seconds` are
    the seconds that an answer took, for the answers where that is known.
    """

    form: str
    answers: Mapping[str, Value]
    seconds: Mapping[str, float] = field(default_factory=dict)

    def check(self, document: Questionnaire) -> None:
        """Raise ValueError unless every answer fits its item; it lists all that do not."""
        if self.form not in document.form:
            raise ValueError(f"There is no form “{self.form}”.")
        on_form = {item.key: item for item in document.items_of(document.form[self.form])}
        faults = [
            _answer_fault(on_form.get(key), key, value) for key, value in self.answers.items()
        ]
        faults += [_seconds_fault(key in on_form, key, s) for key, s in self.seconds.items()]
        if found := [fault for fault in faults if fault]:
            raise ValueError("\n".join(found))

    def is_answered(self, item: Item) -> bool:
        """Whether the item was answered rather than skipped."""
        return self.answers.get(item.key) is not None

    def number(self, item: Pair | Rating) -> int | None:
        """The keyed value: -2 to 2 for a pair, 0 to 4 for a rating; None where skipped."""
        value = self.answers.get(item.key)
        return value if isinstance(value, int) else None

    def option_key(self, scenario: Scenario) -> str | None:
        """The key of the chosen option; None where skipped."""
        value = self.answers.get(scenario.key)
        return value if isinstance(value, str) else None

    def digest(self, document: Questionnaire) -> str:
        """`sha256:` of the canonical JSON of `{"answers": …, "form": …, "seconds": …}`.

        `answers` holds every item of the form, a skipped one as null; `seconds` holds only the
        seconds that are known, as decimal numbers rounded to six places (3 is written 3.0).
        """
        form = document.form[self.form]
        content = {
            "form": self.form,
            "answers": {key: self.answers.get(key) for key in form.item_keys},
            "seconds": {key: written(float(s)) for key, s in self.seconds.items()},
        }
        return fingerprint(canonical(content))


def _answer_fault(item: Item | None, key: str, value: object) -> str | None:
    if item is None:
        return f"There is no item “{key}” on this form."
    if not item.accepts(value):
        return f"{value!r} is not an answer to the {item.kind} “{key}”."
    return None


def _seconds_fault(is_on_form: bool, key: str, seconds: float) -> str | None:
    if not is_on_form:
        return f"There are seconds for “{key}”, which is not on this form."
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if is_number and 0 <= seconds <= sys.float_info.max:
        return None
    return f"{seconds!r} is not a number of seconds for “{key}”."
