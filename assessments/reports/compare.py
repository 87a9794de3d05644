"""What the page of two attempts shows: a change turned into plain values and words.

Nothing is scored here and nothing is queried; a template only lays out what it is handed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.instrument.document import SIDES, Questionnaire, Side
from assessments.instrument.wording import answer_words, item_words
from assessments.reports import change_words as words
from assessments.scoring.change import Change, ChangeVerdict, MovedAnswer, ScoreChange
from assessments.scoring.report import Facet

# From here an answer counts as one that really moved: half of a scale with five steps.
MOVED_FROM = 2
# Of the scores of single topics, this share passes the limit by chance (1.96, two-sided).
CHANCE_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class ChangeTrack:
    """A score that moved on its line, in percent of the width.

    `side` colours the later score and `towards` the way there; both "none" unless it changed.
    `centre`: the line goes from one pole to the other.
    """

    was_x: float
    x: float
    low_x: float
    width: float
    side: str
    towards: str
    centre: bool


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One score of one topic, in the picture and in words."""

    name: str
    about: str
    move: str
    then: str
    left_end: str
    right_end: str
    track: ChangeTrack


@dataclass(frozen=True, slots=True)
class Rows:
    """The scores of single topics with one verdict, in the questionnaire's order."""

    preference: list[ChangeRow]
    readiness: list[ChangeRow]


@dataclass(frozen=True, slots=True)
class Figure:
    """One overall score, earlier and later."""

    name: str
    first: str
    second: str
    sentence: str
    of_hundred: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A score of the table: both values and the verdict."""

    about: str
    then: str
    verdict: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """A topic, or the total, with its three scores."""

    name: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Moved:
    """An answer that moved, with both answers in the words of the questionnaire."""

    topic: str
    question: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ComparePage:
    """Everything that compare.html needs of the change itself."""

    headline: str
    lede: str
    figures: list[Figure]
    changed: Rows
    probably: Rows
    noise: Rows
    not_comparable: list[str]
    shows_topics: bool
    table: list[TableRow]
    moved: list[Moved]
    moved_little: list[Moved]
    notes: list[str]


@dataclass(frozen=True, slots=True)
class _Topic:
    """One score of one dimension, with what is needed to tell of it."""

    key: str
    name: str
    facet: Facet
    change: ScoreChange


def why_not(change: Change, *, first_at: str, second_at: str) -> str:
    """Why the page shows no comparison, in a sentence; "" where it does."""
    dated = ((change.first, first_at), (change.second, second_at))
    if unreadable := [at for attempt, at in dated if attempt.quality == "low"]:
        return words.unreadable(unreadable)
    return "" if change.common else words.nothing_shared()


def compare_page(
    earlier: Questionnaire,
    later: Questionnaire,
    change: Change,
    *,
    first_at: str,
    second_at: str,
    is_carried_over: bool = False,
) -> ComparePage:
    """The page for a change; the dates come as the words that the page shows.

    Forms that are too short for results of single dimensions get none here either.
    `is_carried_over`: the later attempt began with the answers of the earlier one.
    """
    forms = (earlier.form[change.first.form], later.form[change.second.form])
    shows_topics = all(form.rules.rows for form in forms)
    topics = list(_topics(earlier, later, change))
    compared = [t for t in topics if t.change.verdict != "not_comparable"] if shows_topics else []
    by_chance = int(CHANCE_SHARE * len(compared))
    changed_topics = _with_verdict(compared, "changed")
    changed_totals = [
        (facet, score) for facet, score in change.overall.facets() if score.verdict == "changed"
    ]
    changed = len(changed_topics) + len(changed_totals)
    notes = [words.carried_over_note()] if is_carried_over else []
    return ComparePage(
        headline=words.headline(
            changed, may_be_chance=not changed_totals and len(changed_topics) <= by_chance
        ),
        lede=words.between(
            first_at,
            second_at,
            _parts(later, changed_topics, changed_totals),
            _differing(change, compared),
        ),
        figures=[_figure(later, facet, score) for facet, score in change.overall.facets()],
        changed=_rows(later, changed_topics),
        probably=_rows(later, _with_verdict(compared, "probably")),
        noise=_rows(later, _with_verdict(compared, "none")),
        not_comparable=_not_comparable(later, topics),
        shows_topics=shows_topics,
        table=_table(later, change, topics if shows_topics else []),
        moved=[_moved(later, one) for one in change.moved if one.size >= MOVED_FROM],
        moved_little=[_moved(later, one) for one in change.moved if one.size < MOVED_FROM],
        notes=[*notes, *_notes(change, len(compared), by_chance, len(changed_topics))],
    )


def _topics(earlier: Questionnaire, later: Questionnaire, change: Change) -> Iterator[_Topic]:
    names = {**earlier.dimension, **later.dimension}
    for key, facet, score in change.scores():
        if key is not None:
            yield _Topic(key, names[key].name, facet, score)


def _with_verdict(topics: list[_Topic], verdict: ChangeVerdict) -> list[_Topic]:
    return [topic for topic in topics if topic.change.verdict == verdict]


def _differing(change: Change, compared: list[_Topic]) -> int:
    """How many scores differ without being changed."""
    scores = [score for _facet, score in change.overall.facets()]
    scores += [topic.change for topic in compared]
    return sum(bool(score.difference) and score.verdict != "changed" for score in scores)


def _parts(
    later: Questionnaire, topics: list[_Topic], totals: list[tuple[Facet, ScoreChange]]
) -> list[str]:
    """Parts of a sentence on what changed, by kind of score and direction."""
    named = [(facet, score, _("the total")) for facet, score in totals]
    named += [(topic.facet, topic.change, _("“%s”") % topic.name) for topic in topics]

    def names(facet: Facet, *, up: bool) -> list[str]:
        return [name for f, score, name in named if f == facet and _is_up(score) == up]

    parts = [
        words.moved_towards(later.poles[side].name, found)
        for side in SIDES
        if (found := names("preference", up=side == "b"))
    ]
    facets: tuple[tuple[Side, Facet], ...] = (("a", "readiness_a"), ("b", "readiness_b"))
    parts += [
        words.reported(later.poles[side].name, found, more=up)
        for side, facet in facets
        for up in (True, False)
        if (found := names(facet, up=up))
    ]
    return parts


def _is_up(score: ScoreChange) -> bool:
    return (score.difference or 0.0) > 0


def _figure(later: Questionnaire, facet: Facet, score: ScoreChange) -> Figure:
    return Figure(
        name=words.facet_name(facet, later.poles),
        first=words.score_words(score.first, facet, later.poles) or "–",
        second=words.score_words(score.second, facet, later.poles) or "–",
        sentence=words.verdict_sentence(score, facet),
        of_hundred=facet != "preference",
    )


def _rows(later: Questionnaire, topics: list[_Topic]) -> Rows:
    return Rows(
        preference=[_row(later, topic) for topic in topics if topic.facet == "preference"],
        readiness=[_row(later, topic) for topic in topics if topic.facet != "preference"],
    )


def _row(later: Questionnaire, topic: _Topic) -> ChangeRow:
    dimension = later.dimension[topic.key]
    is_preference = topic.facet == "preference"
    scale = later.anchors.rating
    return ChangeRow(
        name=topic.name,
        about="" if is_preference else words.facet_name(topic.facet, later.poles),
        move=words.move_words(topic.change, topic.facet, later.poles),
        then=words.then_words(topic.change, topic.facet, later.poles),
        left_end=dimension.short_a if is_preference else scale[0].label,
        right_end=dimension.short_b if is_preference else scale[-1].label,
        track=_track(topic.facet, topic.change),
    )


def _track(facet: Facet, score: ScoreChange) -> ChangeTrack:
    low_x = _x(facet, score.low)
    side = towards = "none"
    if score.verdict == "changed":
        own_side = words.SIDE_OF[facet]
        lean = "b" if (score.low or 0) > 0 else "a" if (score.high or 0) < 0 else "none"
        side = own_side or lean
        towards = own_side or ("b" if _is_up(score) else "a")
    return ChangeTrack(
        was_x=_x(facet, score.first),
        x=_x(facet, score.second),
        low_x=low_x,
        width=round(_x(facet, score.high) - low_x, 1),
        side=side,
        towards=towards,
        centre=facet == "preference",
    )


def _x(facet: Facet, score: float | None) -> float:
    """Percent of the width: -2 to 2 for a preference, 0 to 4 for a readiness."""
    from_left = (score or 0.0) + 2 if facet == "preference" else score or 0.0
    return round(25 * max(0.0, min(4.0, from_left)), 1)


def _not_comparable(later: Questionnaire, topics: list[_Topic]) -> list[str]:
    """A sentence for each reason and kind of score, with the topics it holds for."""
    by_reason: dict[tuple[str, str], list[str]] = {}
    for topic in topics:
        if topic.change.verdict == "not_comparable":
            about = words.facet_name(topic.facet, later.poles)
            by_reason.setdefault((about, words.reason(topic.change)), []).append(topic.name)
    return [
        _("%(about)s: %(names)s (%(reason)s)")
        % {"about": about, "reason": why, "names": ", ".join(names)}
        for (about, why), names in by_reason.items()
    ]


def _table(later: Questionnaire, change: Change, topics: list[_Topic]) -> list[TableRow]:
    rows: dict[str, TableRow] = {}
    for topic in topics:
        row = rows.setdefault(topic.key, TableRow(topic.name, []))
        row.cells.append(_cell(later, topic.facet, topic.change))
    total = [_cell(later, facet, score) for facet, score in change.overall.facets()]
    return [TableRow(_("Total"), total), *rows.values()]


def _cell(later: Questionnaire, facet: Facet, score: ScoreChange) -> Cell:
    return Cell(
        about=words.facet_name(facet, later.poles),
        then=words.then_words(score, facet, later.poles),
        verdict=str(words.VERDICTS[score.verdict]),
    )


def _moved(later: Questionnaire, moved: MovedAnswer) -> Moved:
    item = later.item[moved.item]
    return Moved(
        topic=later.dimension[item.dimension].name,
        question=item_words(item),
        before=answer_words(later, item, moved.before) or "",
        after=answer_words(later, item, moved.after) or "",
    )


def _notes(change: Change, scores: int, by_chance: int, changed: int) -> list[str]:
    first, second = change.first, change.second
    notes = [words.chance_note(scores, by_chance, changed)] if scores else []
    notes.append(words.shared_note(change.common, first.answered, second.answered))
    if first.form != second.form:
        notes.append(words.form_note())
    notes.append(words.edition_note(first.edition, second.edition))
    return notes
