"""A coach's own view beside the client's result: where the two differ, as the agenda of a talk.

A pure function of the document, the report and the ratings. Nobody is right here: the coach saw
some of the work, the client all of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from assessments.instrument.document import Dimension, Questionnaire, Side
from assessments.reports.words import PREFERENCE_UNIT, READINESS_UNIT, preference_words
from assessments.scoring import Report
from assessments.scoring.report import DimensionReport, Facet
from assessments.scoring.uncertainty import Estimate, sem_of_mean

FACETS: tuple[Facet, ...] = ("preference", "readiness_a", "readiness_b")
SIDE_OF: dict[Facet, Side] = {"readiness_a": "a", "readiness_b": "b"}
# A coach rates in whole steps: up to half a step there was no closer one to choose.
AGREES_WITHIN = 0.5
ASKED_ABOUT = 3

Closeness = Literal["apart", "within", "agrees"]
Ratings = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One score seen by both, on its own scale: preference -2 to 2, readiness 0 to 4.

    `low` and `high` are the likely range of the client's score, not clipped to the scale.
    """

    dimension: str
    facet: Facet
    coach: int
    client: float
    low: float
    high: float

    @property
    def amount(self) -> float:
        """From the client's score to the coach's: + is towards pole b, or readier."""
        return self.coach - self.client

    @property
    def size(self) -> float:
        """How far the two are apart; both scales are four steps long, so sizes compare."""
        return abs(self.amount)

    @property
    def closeness(self) -> Closeness:
        """Whether they agree, or answering again would change as much, or they are apart."""
        if self.size <= AGREES_WITHIN:
            return "agrees"
        return "within" if self.low <= self.coach <= self.high else "apart"


@dataclass(frozen=True, slots=True)
class Topic:
    """One dimension with what both said of it, the largest difference first."""

    dimension: str
    differences: tuple[Difference, ...]

    @property
    def closeness(self) -> Closeness:
        """That of the difference that says most."""
        said = {difference.closeness for difference in self.differences}
        return "apart" if "apart" in said else "within" if "within" in said else "agrees"

    @property
    def size(self) -> float:
        """Its largest difference among those that give it its place."""
        return max(d.size for d in self.differences if d.closeness == self.closeness)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The agenda, and what cannot be on it.

    `not_rated` and `not_scored` hold (dimension, facet): what the coach could not say, and what
    the coach said where the result gives no score.
    """

    topics: tuple[Topic, ...]
    not_rated: tuple[tuple[str, Facet], ...]
    not_scored: tuple[tuple[str, Facet], ...]

    def of(self, closeness: Closeness) -> list[Topic]:
        """The topics of one kind, the largest difference first."""
        return [topic for topic in self.topics if topic.closeness == closeness]


def compare_views(document: Questionnaire, report: Report, ratings: Ratings) -> Comparison:
    """Both views, dimension by dimension, in the order of the talk.

    What differs beyond the likely range comes first, agreement last; inside each the larger
    difference first, then the document's order. A number that is in neither of the two is
    nowhere in it.
    """
    rows = {row.key: row for row in report.dimensions} if gives_rows(document, report) else {}
    asked = document.scored_dimensions(document.form[report.form])
    topics: list[Topic] = []
    not_rated: list[tuple[str, Facet]] = []
    not_scored: list[tuple[str, Facet]] = []
    for dimension in asked:
        rated = ratings.get(dimension.key, {})
        found = []
        for facet in FACETS:
            if facet not in rated:
                not_rated.append((dimension.key, facet))
            elif score := _score(document, rows.get(dimension.key), facet):
                found.append(_difference(dimension.key, facet, rated[facet], score))
            else:
                not_scored.append((dimension.key, facet))
        if found:
            largest_first = sorted(found, key=lambda difference: -difference.size)
            topics.append(Topic(dimension.key, tuple(largest_first)))
    order: tuple[Closeness, ...] = ("apart", "within", "agrees")
    topics.sort(key=lambda topic: (order.index(topic.closeness), -topic.size))
    return Comparison(tuple(topics), tuple(not_rated), tuple(not_scored))


def gives_rows(document: Questionnaire, report: Report) -> bool:
    """Whether the result says anything of single dimensions."""
    return document.form[report.form].rules.rows and report.quality.level != "low"


def _difference(dimension: str, facet: Facet, coach: int, client: Estimate) -> Difference:
    return Difference(dimension, facet, coach, client.value, client.low, client.high)


def _score(document: Questionnaire, row: DimensionReport | None, facet: Facet) -> Estimate | None:
    """The client's score with its error; None where the result gives none.

    The error of a readiness rests on its ratings alone, as in scoring/readiness.py.
    """
    if row is None or (facet == "preference" and row.verdict == "not_enough"):
        return None
    value = row.preference if facet == "preference" else row.readiness(SIDE_OF[facet])
    kind = "pair" if facet == "preference" else "rating"
    behind = [p for p in row.trace if p.facet == facet and document.item[p.item].kind == kind]
    if value is None or not behind:
        return None
    return Estimate(value, sem_of_mean(len(behind)))


# --- The page -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Chart:
    """Both on one line, in percent: the client's score with its likely range, the coach's view."""

    x: float
    low_x: float
    width: float
    high_x: float
    coach_x: float
    side: str


@dataclass(frozen=True, slots=True)
class SeenByBoth:
    """One score as both see it, in words and as a picture."""

    about: str
    is_preference: bool
    coach: str
    client: str
    range: str
    apart: str
    closeness: Closeness
    chart: Chart


@dataclass(frozen=True, slots=True)
class TopicRow:
    """One dimension on the agenda."""

    key: str
    name: str
    left_end: str
    right_end: str
    seen: list[SeenByBoth]
    questions: list[str]


@dataclass(frozen=True, slots=True)
class SecondViewPage:
    """Everything that the page of both views shows, for the coach and for the client alike."""

    has_rows: bool
    apart: list[TopicRow]
    within: list[TopicRow]
    agrees: list[TopicRow]
    not_rated: list[str]
    not_scored: list[str]


def second_view_page(document: Questionnaire, report: Report, ratings: Ratings) -> SecondViewPage:
    """The comparison in words; the first few topics come with two questions each."""
    comparison = compare_views(document, report, ratings)
    asked_about = {topic.dimension for topic in comparison.of("apart")[:ASKED_ABOUT]}
    rows: dict[Closeness, list[TopicRow]] = {
        kind: [_topic_row(document, topic, asked_about) for topic in comparison.of(kind)]
        for kind in ("apart", "within", "agrees")
    }
    return SecondViewPage(
        has_rows=gives_rows(document, report),
        apart=rows["apart"],
        within=rows["within"],
        agrees=rows["agrees"],
        not_rated=_listed(document, comparison.not_rated),
        not_scored=_listed(document, comparison.not_scored),
    )


def facet_words(document: Questionnaire, facet: Facet) -> str:
    """What a score is about, in the words of the form and of the page."""
    if facet == "preference":
        return _("Preference")
    return _("Readiness for %(pole)s") % {"pole": document.poles[SIDE_OF[facet]].name}


def preference_choices(document: Questionnaire, dimension: Dimension) -> list[tuple[int, str]]:
    """The five points between the two ends of a dimension, with their words."""
    a, b = document.poles.a.name, document.poles.b.name
    ends = {"a": a, "b": b, "left": dimension.short_a, "right": dimension.short_b}
    return [
        (-2, _("Clearly %(a)s: %(left)s") % ends),
        (-1, _("Rather %(a)s: %(left)s") % ends),
        (0, _("Both or neither equally")),
        (1, _("Rather %(b)s: %(right)s") % ends),
        (2, _("Clearly %(b)s: %(right)s") % ends),
    ]


def _listed(document: Questionnaire, left: Sequence[tuple[str, Facet]]) -> list[str]:
    """Dimensions with what of them is meant; all three facets go by the name alone."""
    facets: dict[str, list[Facet]] = {}
    for key, facet in left:
        facets.setdefault(key, []).append(facet)
    return [
        document.dimension[key].name
        if len(found) == len(FACETS)
        else _("%(name)s (%(facets)s)")
        % {
            "name": document.dimension[key].name,
            "facets": ", ".join(_in_brackets(document, facet) for facet in found),
        }
        for key, found in facets.items()
    ]


def _in_brackets(document: Questionnaire, facet: Facet) -> str:
    words = facet_words(document, facet)
    return words[:1].lower() + words[1:]


def _topic_row(document: Questionnaire, topic: Topic, asked_about: set[str]) -> TopicRow:
    dimension = document.dimension[topic.dimension]
    questions = _questions(document, dimension, topic.differences[0])
    return TopicRow(
        key=dimension.key,
        name=dimension.name,
        left_end=dimension.short_a,
        right_end=dimension.short_b,
        seen=[_seen(document, dimension, difference) for difference in topic.differences],
        questions=questions if topic.dimension in asked_about else [],
    )


def _questions(document: Questionnaire, dimension: Dimension, largest: Difference) -> list[str]:
    """Two questions that take nobody's side."""
    if largest.facet == "preference":
        return [
            _("What did each of you have in mind: which days, which piece of work?"),
            _("When does “%(a)s” suit better, and when “%(b)s”?")
            % {"a": dimension.short_a, "b": dimension.short_b},
        ]
    side = SIDE_OF[largest.facet]
    values = {
        "end": dimension.short_a if side == "a" else dimension.short_b,
        "pole": document.poles[side].name,
    }
    return [
        _("What work stands behind each of the two numbers for %(pole)s?") % values,
        _("What would both of you count as having done it: “%(end)s”?") % values,
    ]


def _seen(document: Questionnaire, dimension: Dimension, found: Difference) -> SeenByBoth:
    is_preference = found.facet == "preference"
    low, high = _clipped(found, found.low), _clipped(found, found.high)
    return SeenByBoth(
        about=facet_words(document, found.facet),
        is_preference=is_preference,
        coach=_coach_words(document, found),
        client=_number_words(document, found, found.client),
        range=_("%(low)s – %(high)s")
        % {
            "low": _number_words(document, found, low),
            "high": _number_words(document, found, high),
        },
        apart=_apart_words(document, found),
        closeness=found.closeness,
        chart=Chart(
            x=_percent(found, found.client),
            low_x=_percent(found, low),
            width=round(_percent(found, high) - _percent(found, low), 1),
            high_x=_percent(found, high),
            coach_x=_percent(found, found.coach),
            side=_colour(found),
        ),
    )


def _coach_words(document: Questionnaire, found: Difference) -> str:
    said = _number_words(document, found, found.coach)
    if found.facet == "preference":
        return said
    label = next(a.label for a in document.anchors.rating if a.value == found.coach)
    return _("%(label)s, %(number)s of 100") % {"label": label, "number": said}


def _number_words(document: Questionnaire, found: Difference, score: float) -> str:
    """A score in whole points of the page's scale."""
    if found.facet != "preference":
        return str(round(score * READINESS_UNIT))
    return preference_words(round(score * PREFERENCE_UNIT) / PREFERENCE_UNIT, document.poles)


def _apart_words(document: Questionnaire, found: Difference) -> str:
    """How far apart the two numbers shown are, and which way the coach's lies."""
    if found.facet == "preference":
        points = round(found.coach * PREFERENCE_UNIT) - round(found.client * PREFERENCE_UNIT)
        pole = document.poles.b if points > 0 else document.poles.a
        words = _("%(points)d towards %(pole)s") % {"points": abs(points), "pole": pole.name}
    else:
        points = round(found.coach * READINESS_UNIT) - round(found.client * READINESS_UNIT)
        words = _("%(points)d more") if points > 0 else _("%(points)d less")
        words %= {"points": abs(points)}
    return words if points else _("The same")


def _colour(found: Difference) -> str:
    if found.facet != "preference":
        return SIDE_OF[found.facet]
    return "b" if found.low > 0 else "a" if found.high < 0 else "none"


def _clipped(found: Difference, score: float) -> float:
    least, most = (-2.0, 2.0) if found.facet == "preference" else (0.0, 4.0)
    return max(least, min(most, score))


def _percent(found: Difference, score: float) -> float:
    """Percent of the width: preference from pole a to pole b, readiness from 0 to 100."""
    middle = 50 if found.facet == "preference" else 0
    return round(middle + 25 * score, 1)
