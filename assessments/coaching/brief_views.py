"""The session brief: one page to take into the talk, every line with what it rests on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.coaching.brief import KINDS, BriefLine, brief
from assessments.coaching.doors import client_of, coach_page
from assessments.coaching.reading import Reading, read
from assessments.people.consents import Look
from assessments.people.models import CoachProfile


@dataclass(frozen=True, slots=True)
class Behind:
    """A way to what a line rests on."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of the brief with its ways to the answers."""

    line: BriefLine
    behind: list[Behind]


@dataclass(frozen=True, slots=True)
class Part:
    """The lines of one kind."""

    title: str
    lines: list[ShownLine]


@coach_page
@require_safe
def session_brief(request: HttpRequest, desk: CoachProfile, client: UUID) -> HttpResponse:
    """What is worth asking in the next talk."""
    found = client_of(request, client)
    reading = read(client=found, desk=desk, look=Look.BRIEF, at=timezone.now())
    lines = brief_of(reading)
    context = {
        "client": found,
        "attempt": reading.attempt,
        "has_answers": reading.sheet is not None,
        "parts": list(_parts(reading, lines)),
    }
    return render(request, "assessments/coaching/brief.html", context)


def brief_of(reading: Reading) -> list[BriefLine]:
    """The lines for what was read; asks for changed answers only where answers are shared."""
    return brief(
        reading.document,
        reading.report,
        reading.sheet,
        _changed_items(reading),
        reading.goal,
        name=reading.client.name,
    )


def _changed_items(reading: Reading) -> list[str]:
    if reading.sheet is None:
        return []
    changed = reading.attempt.answers.filter(revision__gt=1).exclude(value="")
    return list(changed.order_by("-revision", "item_key").values_list("item_key", flat=True))


def _parts(reading: Reading, lines: Sequence[BriefLine]) -> Iterator[Part]:
    for kind, title in KINDS.items():
        shown = [ShownLine(line, _behind(reading, line)) for line in lines if line.kind == kind]
        if shown:
            yield Part(str(title), shown)


def _behind(reading: Reading, line: BriefLine) -> list[Behind]:
    """The answers themselves where they are shared, else the row of the result."""
    pk, document = reading.client.pk, reading.document
    if reading.sheet is None:
        address = reverse("coaching:client-result", args=[pk])
        if line.dimension is None:
            return [Behind(address, _("The result"))]
        name = document.dimension[line.dimension].name
        return [
            Behind(f"{address}#d-{line.dimension}", _("“%(name)s” in the result") % {"name": name})
        ]
    address = reverse("coaching:client-answers", args=[pk])
    keys = document.form[reading.report.form].item_keys
    return [
        Behind(f"{address}#q-{key}", _("Question %(number)d") % {"number": keys.index(key) + 1})
        for key in sorted(line.evidence, key=keys.index)
    ] or [Behind(address, _("All answers"))]
