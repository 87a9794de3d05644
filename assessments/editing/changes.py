"""What others changed on a desk while somebody was editing: nothing is silently overwritten.

A page of the desk carries the id of the newest change that it shows (`SEEN`). When it is saved,
whatever was changed since then and touches the same part is a clash, which the editor sees before
saving again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from assessments.editing.words import difference_words, part_words
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
        _clash(change, difference)
        for change in later.select_related("by").order_by("pk")
        for difference in map(Difference.from_data, change.differences)
        if touches(difference)
    )


def of_part(part: tuple[str, ...]) -> Callable[[Difference], bool]:
    """Whether a difference is of a part. Its place among its like is on no page of its own."""
    return lambda difference: (
        difference.part == part and not (difference.kind == "moved" and difference.field == "")
    )


def _clash(change: DeskChange, difference: Difference) -> Clash:
    told = difference_words(difference)
    part = part_words(difference.part)
    return Clash(
        who=_name(change),
        at=change.at,
        what=f"{part}: {told.field}" if told.field else part,
        before=told.before or _("(nothing)"),
        after=told.after or _("(nothing)"),
    )


def _name(change: DeskChange) -> str:
    return (change.by.name or change.by.email) if change.by else _("somebody")
