"""What a coach's page about a client holds of the result; the client sees the same beforehand.

Nothing is queried here. `client_result.html` lays it out and takes nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from assessments.coaching.reading import Reading
from assessments.coaching.words import prefers_words, quality_words, sureness_words
from assessments.instrument.document import Poles
from assessments.reports.page import (
    Bar,
    ClusterNote,
    ResultPage,
    RoleRow,
    Row,
    Track,
    result_page,
    without_answers,
)
from assessments.reports.plan_page import PlanPage


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the study plan is; `now` is the title of the first step still open, if any."""

    done: int
    count: int
    week: int | None
    weeks: int
    hours_left: int
    now: str


@dataclass(frozen=True, slots=True)
class Links:
    """The ways on from the page; "" for what is not shared."""

    result: str
    answers: str = ""
    plan: str = ""
    brief: str = ""
    second_view: str = ""
    pdf: str = ""
    csv: str = ""


@dataclass(frozen=True, slots=True)
class ClientPage:
    """What `client_result.html` lays out."""

    name: str
    title: str
    form: str
    finished_at: datetime | None
    poles: Poles
    prefers: str
    prefers_detail: str
    preference: Track | None
    ready: list[Bar]
    plan: Progress | None
    lines: list[str]
    quality: list[str]
    answered: int
    asked: int
    rows: list[Row]
    opens: bool
    clusters: list[ClusterNote]
    goal: RoleRow | None
    is_low: bool
    links: Links | None


def client_page(
    reading: Reading,
    plan: PlanPage | None,
    *,
    lines: Sequence[str] = (),
    links: Links | None = None,
) -> ClientPage:
    """The page for what may be read; `plan` is None where it is not shared.

    `lines` are worth asking about. Without `links`, as in a client's preview, the same stands
    there and leads nowhere.
    """
    document, report = reading.document, reading.report
    answers = reading.sheet.answers if reading.sheet else {}
    result = result_page(document, report, answers, chosen_goal=reading.goal)
    if reading.sheet is None:
        result = without_answers(result)
    return ClientPage(
        name=reading.client.name,
        title=document.title,
        form=document.form[report.form].title,
        finished_at=reading.attempt.finished_at,
        poles=document.poles,
        prefers=prefers_words(report, document.poles),
        prefers_detail=_prefers_detail(result, sureness_words(report)),
        preference=None if result.is_low else result.preference,
        ready=result.bars,
        plan=_progress(plan) if plan and plan.tasks_count else None,
        lines=list(lines),
        quality=quality_words(report),
        answered=report.answered,
        asked=report.asked,
        rows=result.rows,
        opens=reading.sheet is not None,
        clusters=result.clusters,
        goal=result.goal if result.rows else None,
        is_low=result.is_low,
        links=links,
    )


def _prefers_detail(result: ResultPage, sureness: str) -> str:
    if result.is_low or not result.preference_words:
        return ""
    where = _("%(score)s. Likely %(range)s.") % {
        "score": result.preference_words,
        "range": result.preference_range,
    }
    return f"{sureness} {where}".strip()


def _progress(plan: PlanPage) -> Progress:
    tasks = [task for week in plan.weeks for task in week.tasks if task.has_box]
    still_open = [task for task in tasks + plan.foundation if not task.done]
    return Progress(
        done=plan.tasks_done,
        count=plan.tasks_count,
        week=next((week.number for week in plan.weeks if week.is_current), None),
        weeks=plan.weeks_count,
        hours_left=plan.hours_left,
        now=still_open[0].title if still_open else "",
    )
