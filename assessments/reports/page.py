"""What a result page shows: a report and its document turned into plain values and words.

Nothing is scored here and nothing is queried; a template only lays out what it is handed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from django.utils.translation import gettext as _

from assessments.instrument.document import (
    SIDES,
    Dimension,
    Form,
    Questionnaire,
    Role,
    Side,
    Value,
)
from assessments.instrument.wording import answer_words, item_words
from assessments.questionnaires.addresses import page_of
from assessments.reports import words
from assessments.reports.words import PREFERENCE_UNIT, READINESS_UNIT
from assessments.scoring import Report, role_fit
from assessments.scoring.gaps import Cell, cells
from assessments.scoring.report import DimensionReport, OverallReadiness

ROLES_TOP, ROLES_BOTTOM, POINTS_SHOWN = 3, 2, 3
# From this distance to its target a preference earns a caution (blueprint 8.2, rule 9).
CAUTION_FROM = 2.0
READY_FROM = 2.5


@dataclass(frozen=True, slots=True)
class Track:
    """A preference on its line, in percent of the width: 0 = pole a, 50 = centre, 100 = pole b."""

    x: float
    low_x: float
    width: float
    side: str
    goal_x: float | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """An overall readiness from 0 to 100 with its likely range; `side` gives the colour."""

    side: Side
    pole: str
    band: str
    value: int
    low: int
    high: int

    @property
    def range_width(self) -> int:
        """Width of the likely range."""
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class Pull:
    """One answer's contribution to a score: a bar from the centre (preference) or the left."""

    question: str
    answer: str
    x: float
    width: float
    side: str
    words: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """One side of a row: its band and number in words, and the answers behind it."""

    side: Side
    pole: str
    band: str
    value: str
    pulls: tuple[Pull, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One dimension of the profile."""

    key: str
    name: str
    definition: str
    left_end: str
    right_end: str
    verdict: str
    side: str
    score: str
    range: str
    track: Track | None
    goal: str
    rests_on: str
    answers: int
    pulls: tuple[Pull, ...]
    readiness: list[Readiness]
    notes: tuple[str, ...]
    is_exception: bool
    guide_url: str


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role with Want and Can (0-100, whole; None = not scored)."""

    key: str
    name: str
    gloss: str
    rationale: str
    want: int | None
    can: int | None
    sentence: str
    is_goal: bool


@dataclass(frozen=True, slots=True)
class Roles:
    """The roles in their order, or the reason why there is none."""

    all: list[RoleRow]
    ranked_by_want: bool
    together: str
    tells_apart: list[str]

    @property
    def top(self) -> list[RoleRow]:
        """The first few."""
        return self.all[:ROLES_TOP]

    @property
    def bottom(self) -> list[RoleRow]:
        """The last few, without those already at the top."""
        return self.all[ROLES_TOP:][-ROLES_BOTTOM:]

    @property
    def are_few(self) -> bool:
        """Whether the first and the last few would be all of them."""
        return len(self.all) <= ROLES_TOP + ROLES_BOTTOM


@dataclass(frozen=True, slots=True)
class Point:
    """A strength or a gap."""

    title: str
    text: str
    caution: str = ""


@dataclass(frozen=True, slots=True)
class ClusterNote:
    """A sentence on a group of dimensions, on forms that give no rows."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """A question of the form, by its number there, and what was answered ("" = nothing)."""

    number: int
    key: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class ResultPage:
    """Everything that result.html needs."""

    headline: str
    detail: str
    readiness_sentence: str
    sureness: str
    quality: str
    quality_reasons: list[str]
    is_low: bool
    is_short: bool
    answered: int
    asked: int
    # The number of the calibration that the likely ranges rest on; None: on an assumption.
    calibration: int | None
    preference_words: str
    preference_range: str
    preference: Track | None
    bars: list[Bar]
    rows: list[Row]
    table: list[Row]
    exceptions: list[str]
    roles: Roles | None
    goal: RoleRow | None
    goal_is_chosen: bool
    strengths: list[Point]
    gaps: list[Point]
    clusters: list[ClusterNote]
    other_form: Form | None
    has_plan: bool
    # Empty where the answers are not for the reader (`without_answers`).
    answers: list[AnswerLine]

    @property
    def has_goal(self) -> bool:
        """Whether there is a role to compare with."""
        return self.goal is not None

    @property
    def next_step(self) -> Literal["again", "plan", "longer form"]:
        """What helps most now, the one main button: another try, the plan, or more questions."""
        if self.is_low:
            return "again"
        return "plan" if self.has_plan else "longer form"

    @property
    def goal_rows(self) -> list[RoleRow]:
        """The goal as a list of its own, for a table."""
        return [self.goal] if self.goal else []


def result_page(
    document: Questionnaire, report: Report, answers: Mapping[str, Value], *, chosen_goal: str = ""
) -> ResultPage:
    """The page for a report; `chosen_goal` is the role that the person picked, if any."""
    is_low = report.quality.level == "low"
    form = document.form[report.form]
    goal_key = _goal_key(document, report, chosen_goal)
    goal = document.role[goal_key] if goal_key else None
    rows = [_row(document, report, row, answers, goal) for row in report.dimensions]
    shown = rows if form.rules.rows and not is_low else []
    bars = _bars(document, report)
    overall = report.overall
    return ResultPage(
        headline=words.headline(report, document.poles),
        detail=words.headline_detail(report, document),
        readiness_sentence="" if is_low else words.readiness_sentence(report, document.poles),
        sureness=words.sureness(report, document.poles),
        quality=str(words.QUALITY[report.quality.level]),
        quality_reasons=words.quality_reasons(report),
        is_low=is_low,
        is_short=not form.rules.rows,
        answered=report.answered,
        asked=report.asked,
        calibration=report.calibration,
        preference_words=_words_or_none(overall.preference, document),
        preference_range=_range_words(overall.low, overall.high, document),
        preference=_track(overall.preference, overall.low, overall.high, None),
        bars=[] if is_low else bars,
        rows=_by_score(shown, report),
        table=shown,
        exceptions=[document.dimension[key].name for key in report.exceptions],
        roles=_roles(document, report, goal_key),
        goal=_goal_row(document, report, goal),
        goal_is_chosen=bool(goal_key and goal_key == chosen_goal),
        strengths=_strengths(document, report, goal) if shown else [],
        gaps=_gaps(document, report, goal) if shown else [],
        clusters=[] if form.rules.rows or is_low else _cluster_notes(document, report),
        other_form=_longer_form(document, form),
        has_plan=bool(document.study.recommendations),
        answers=_answers(document, form, answers),
    )


def without_answers(page: ResultPage) -> ResultPage:
    """The same page without anything that tells a single answer, or how many a score rests on.

    For readers who may see the result and not the answers. Scores, ranges and words stay.
    """
    return replace(
        page,
        rows=[_row_without_answers(row) for row in page.rows],
        table=[_row_without_answers(row) for row in page.table],
        answers=[],
    )


def _row_without_answers(row: Row) -> Row:
    readiness = [replace(side, pulls=()) for side in row.readiness]
    return replace(row, rests_on="", answers=0, pulls=(), readiness=readiness)


def _answers(
    document: Questionnaire, form: Form, answers: Mapping[str, Value]
) -> list[AnswerLine]:
    """Every question in the order presented; an answer is given whole, whatever it counts for."""
    return [
        AnswerLine(
            number=number,
            key=item.key,
            question=item_words(item),
            answer=answer_words(document, item, answers.get(item.key)) or "",
        )
        for number, item in enumerate(document.items_of(form), start=1)
    ]


def _goal_key(document: Questionnaire, report: Report, chosen: str) -> str:
    if report.quality.level == "low":
        return ""
    if chosen in document.role:
        return chosen
    return report.roles[0].key if report.roles else ""


def _longer_form(document: Questionnaire, form: Form) -> Form | None:
    longer = [other for other in document.forms if len(other.item_keys) > len(form.item_keys)]
    return longer[0] if longer else None


def _words_or_none(preference: float | None, document: Questionnaire) -> str:
    return "" if preference is None else words.preference_words(_whole(preference), document.poles)


def _whole(preference: float) -> float:
    """The preference nearest to a whole number on the page's scale."""
    return round(preference * PREFERENCE_UNIT) / PREFERENCE_UNIT


def _range_words(low: float | None, high: float | None, document: Questionnaire) -> str:
    if low is None or high is None:
        return ""
    ends = [words.preference_words(_whole(_clip(end)), document.poles) for end in (low, high)]
    return _("%(low)s – %(high)s") % {"low": ends[0], "high": ends[1]}


def _clip(preference: float) -> float:
    return max(-2.0, min(2.0, preference))


def _x(preference: float) -> float:
    """Percent of a track's width."""
    return round(50 + 25 * _clip(preference), 1)


def _track(
    score: float | None, low: float | None, high: float | None, target: float | None
) -> Track | None:
    if score is None or low is None or high is None:
        return None
    side = "b" if low > 0 else "a" if high < 0 else "none"
    width = round(_x(high) - _x(low), 1)
    goal_x = None if target is None else _x(target)
    return Track(x=_x(score), low_x=_x(low), width=width, side=side, goal_x=goal_x)


def _bars(document: Questionnaire, report: Report) -> list[Bar]:
    scores = {"a": report.overall.readiness_a, "b": report.overall.readiness_b}
    return [bar for side in SIDES if (bar := _bar(document.poles[side].name, side, scores[side]))]


def _bar(pole: str, side: Side, score: OverallReadiness) -> Bar | None:
    if score.mean is None or score.low is None or score.high is None or score.band is None:
        return None
    return Bar(
        side=side,
        pole=pole,
        band=str(words.BANDS[score.band]),
        value=round(score.mean * READINESS_UNIT),
        low=max(0, round(score.low * READINESS_UNIT)),
        high=min(100, round(score.high * READINESS_UNIT)),
    )


def _by_score(rows: list[Row], report: Report) -> list[Row]:
    """From most pole a to most pole b; those without a score last."""
    score = {row.key: row.preference for row in report.dimensions}
    scored = [row for row in rows if row.track is not None]
    rest = [row for row in rows if row.track is None]
    return sorted(scored, key=lambda row: score[row.key] or 0.0) + rest


def _row(
    document: Questionnaire,
    report: Report,
    row: DimensionReport,
    answers: Mapping[str, Value],
    goal: Role | None,
) -> Row:
    dimension = document.dimension[row.key]
    target = goal.targets[row.key] if goal else None
    enough = row.preference is not None and row.verdict != "not_enough"
    position = target.position if target and target.weight else None
    pulls = _pulls(document, row, "preference", answers)
    return Row(
        key=row.key,
        name=dimension.name,
        definition=dimension.definition,
        left_end=dimension.short_a,
        right_end=dimension.short_b,
        verdict=words.verdict_words(row.verdict, document.poles),
        side=words.LEANS.get(row.verdict or "", "none"),
        score=_words_or_none(row.preference, document) if enough else "",
        range=_range_words(row.low, row.high, document) if enough else "",
        track=_track(row.preference, row.low, row.high, position) if enough else None,
        goal="" if position is None else words.preference_words(position, document.poles),
        rests_on=words.rests_on(len(pulls)),
        answers=len(pulls),
        pulls=pulls,
        readiness=[_readiness(document, row, side, answers) for side in SIDES],
        notes=_notes(dimension, row),
        is_exception=row.key in report.exceptions,
        guide_url=page_of(document.slug, "guide:dimension", row.key),
    )


def _notes(dimension: Dimension, row: DimensionReport) -> tuple[str, ...]:
    texts = dimension.texts
    by_lean = {"a": texts.leans_a, "b": texts.leans_b}.get(words.LEANS.get(row.verdict or "", ""))
    by_pattern = {"both": texts.both, "neither_yet": texts.neither_yet}.get(row.pattern)
    return tuple(note for note in (by_lean, by_pattern, texts.always) if note)


def _pulls(
    document: Questionnaire, row: DimensionReport, facet: str, answers: Mapping[str, Value]
) -> tuple[Pull, ...]:
    pulls = []
    for part in row.trace:
        if part.facet != facet:
            continue
        item = document.item[part.item]
        if facet == "preference":
            x, width = _from_centre(part.contribution)
            side = "a" if part.contribution < 0 else "b"
            said = words.preference_words(part.contribution, document.poles)
        else:
            x, width, side = 0.0, part.contribution * READINESS_UNIT, facet[-1]
            said = words.plain_number(part.contribution * READINESS_UNIT)
        answer = answer_words(document, item, answers.get(part.item)) or ""
        pulls.append(Pull(item_words(item), answer, x, round(width, 1), side, said))
    return tuple(pulls)


def _from_centre(contribution: float) -> tuple[float, float]:
    end = _x(contribution)
    return min(50.0, end), round(abs(end - 50.0), 1)


def _readiness(
    document: Questionnaire, row: DimensionReport, side: Side, answers: Mapping[str, Value]
) -> Readiness:
    score = row.readiness(side)
    band = row.readiness_a_band if side == "a" else row.readiness_b_band
    return Readiness(
        side=side,
        pole=document.poles[side].name,
        band=str(words.BANDS[band]) if band else _("Not scored"),
        value="" if score is None else words.plain_number(score * READINESS_UNIT),
        pulls=_pulls(document, row, f"readiness_{side}", answers),
    )


def _roles(document: Questionnaire, report: Report, goal_key: str) -> Roles | None:
    if not report.roles:
        return None
    close = report.equally_close
    return Roles(
        all=[_role_row(document, row.key, row.want, row.can, goal_key) for row in report.roles],
        ranked_by_want=report.rank_by == "want",
        together=words.names_together([document.role[key].name for key in close]) if close else "",
        tells_apart=[
            neighbour.tells_apart
            for place, key in enumerate(close)
            for neighbour in document.role[key].near
            if neighbour.role in close[place + 1 :]
        ],
    )


def _goal_row(document: Questionnaire, report: Report, goal: Role | None) -> RoleRow | None:
    if goal is None:
        return None
    fit = role_fit(document, report, goal.key)
    return _role_row(document, goal.key, fit.want, fit.can, goal.key)


def _role_row(
    document: Questionnaire, key: str, want: float | None, can: float | None, goal_key: str
) -> RoleRow:
    role = document.role[key]
    whole_want = None if want is None else round(want)
    whole_can = None if can is None else round(can)
    return RoleRow(
        key=key,
        name=role.name,
        gloss=role.gloss,
        rationale=role.rationale,
        want=whole_want,
        can=whole_can,
        # From the numbers shown, so that the words never contradict them.
        sentence=words.role_sentence(whole_want, whole_can),
        is_goal=key == goal_key,
    )


def _strengths(document: Questionnaire, report: Report, goal: Role | None) -> list[Point]:
    if goal is None:
        return []
    met = [cell for cell in cells(document, report, goal) if not cell.gap and cell.need >= 2]
    strongest = sorted(met, key=lambda cell: (-cell.weight, -cell.has))[:POINTS_SHOWN]
    return [
        Point(
            title=document.dimension[cell.dimension].name,
            text=words.strength_sentence(
                pole=document.poles[cell.side], need=cell.need, has=cell.has
            ),
        )
        for cell in strongest
    ]


def _gaps(document: Questionnaire, report: Report, goal: Role | None) -> list[Point]:
    if goal is None:
        return []
    largest = [cell for cell in cells(document, report, goal) if cell.gap][:POINTS_SHOWN]
    preference = {row.key: row.preference for row in report.dimensions}
    return [_gap(document, cell, goal, preference[cell.dimension]) for cell in largest]


def _gap(document: Questionnaire, cell: Cell, goal: Role, preference: float | None) -> Point:
    dimension = document.dimension[cell.dimension]
    target = goal.targets[cell.dimension].position
    is_far = preference is not None and abs(preference - target) >= CAUTION_FROM
    caution = _("This part of the role may feel less natural; try it before you commit.")
    return Point(
        title=dimension.name,
        text=words.gap_sentence(
            name=dimension.name,
            weight=cell.weight,
            pole=document.poles[cell.side],
            need=cell.need,
            has=cell.has,
        ),
        caution=caution if is_far else "",
    )


def _cluster_notes(document: Questionnaire, report: Report) -> list[ClusterNote]:
    notes = []
    for cluster in document.clusters:
        rows = [row for row in report.dimensions if _in_cluster(document, row, cluster.key)]
        ready = {
            side: [r for row in rows if (r := row.readiness(side)) is not None] for side in SIDES
        }
        if not (ready["a"] and ready["b"]):
            continue
        is_a = sum(ready["a"]) / len(ready["a"]) >= READY_FROM
        is_b = sum(ready["b"]) / len(ready["b"]) >= READY_FROM
        texts = cluster.texts
        text = {
            (True, True): texts.both,
            (True, False): texts.a_ready,
            (False, True): texts.b_ready,
            (False, False): texts.neither_yet,
        }[is_a, is_b]
        notes.append(ClusterNote(cluster.name, text))
    return notes


def _in_cluster(document: Questionnaire, row: DimensionReport, cluster: str) -> bool:
    return document.dimension[row.key].cluster == cluster
