"""What others changed on a desk while somebody was editing: nothing is silently overwritten.

A page of the desk carries the id of the newest change that it shows (`SEEN`). When it is saved,
whatever was changed since then and touches the same part is a clash, which the editor sees before
saving again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from assessments.instrument.differences import Difference
from assessments.questionnaires.models import DeskChange, Questionnaire

SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Clash:
    """One thing that somebody else changed meanwhile, in words."""

    who: str
    at: datetime
    what: str
    before: str
    after: str


def newest_change(desk: Questionnaire) -> int:
    """The id of the newest change of the desk; 0 before the first."""
    newest = desk.changes.values_list("pk", flat=True).first()
    return newest or 0


def seen_by(request: HttpRequest) -> int:
    """The newest change that the page sent had seen; 0, none at all, when it does not say."""
    try:
        return int(request.POST.get(SEEN, ""))
    except ValueError:
        return 0


def clashes(
    *, desk: Questionnaire, seen: int, touches: Callable[[Difference], bool]
) -> tuple[Clash, ...]:
    """What was changed after `seen` of what a page is about, oldest first."""
    later = DeskChange.objects.filter(questionnaire=desk, pk__gt=seen)
    return tuple(
        Clash(
            who=_name(change),
            at=change.at,
            what=in_words(difference),
            before=value_in_words(difference.before),
            after=value_in_words(difference.after),
        )
        for change in later.select_related("by").order_by("pk")
        for difference in map(Difference.from_data, change.differences)
        if touches(difference)
    )


def of_part(part: tuple[str, ...]) -> Callable[[Difference], bool]:
    """Whether a difference is of a part. Its place among its like is on no page of its own."""
    return lambda difference: (
        difference.part == part and not (difference.kind == "moved" and difference.field == "")
    )


def in_words(difference: Difference) -> str:
    """Which part, and what of it."""
    where = " › ".join(difference.part)
    field = difference.field.replace("_", " ").replace(".", " › ")
    return f"{where}: {field}" if field else where


def value_in_words(value: Any) -> str:
    """Plain data for people: texts as they are, lists and mappings in one line."""
    if value is None:
        return _("(nothing)")
    if isinstance(value, dict):
        return "; ".join(f"{name}: {value_in_words(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(_each(value))
    return str(value)


def _each(values: Iterable[Any]) -> Iterable[str]:
    return (value_in_words(value) for value in values)


def _name(change: DeskChange) -> str:
    return (change.by.name or change.by.email) if change.by else _("somebody")
