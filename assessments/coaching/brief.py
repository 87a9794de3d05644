"""The session brief: what of a client's answers is worth a question, found by rule.

A pure function of the document, the report and, where the client shares single answers, the
answers themselves. It says what was noticed, never why: that is what the talk is for.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.instrument.document import SIDES, Dimension, Pair, Questionnaire, Role, Side
from assessments.instrument.wording import answer_words, item_words
from assessments.reports.words import LEANS, WEIGHTS, plain_number
from assessments.scoring import AnswerSheet, Report
from assessments.scoring.gaps import Cell, cells
from assessments.scoring.quality import TOO_FAST_SECONDS
from assessments.scoring.report import DimensionReport, Facet
from assessments.scoring.verdicts import READY_FROM

LINES_A_KIND, WORTH_ASKING = 3, 3
# Of the five positions between two statements: one answer on each side, or at both ends.
CONTRADICTS_FROM = 3
RUSHED_RUN = 4
# More of them in one question nobody answers.
TOPICS_NAMED = 3

Kind = Literal["gap", "contradiction", "changed", "rushed", "wish", "unscored", "quality"]
KINDS: dict[Kind, Promise] = {
    "gap": gettext_lazy("Furthest from the role"),
    "contradiction": gettext_lazy("Answers that point both ways"),
    "wish": gettext_lazy("Strong wishes ahead of practice"),
    "changed": gettext_lazy("Answers that were changed"),
    "rushed": gettext_lazy("Answers that came fast"),
    "unscored": gettext_lazy("Left open"),
    "quality": gettext_lazy("The answers as a whole"),
}
# What decides how far the rest may be read comes first.
WORTH_FIRST: tuple[Kind, ...] = (
    "quality", "contradiction", "gap", "wish", "unscored", "changed", "rushed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BriefLine:
    """Something noticed: in plain words, with two open questions and the items behind it.

    `evidence` is empty where single answers are not shared; `dimension` is None where the line
    is about no single one.
    """

    kind: Kind
    title: str
    reason: str
    questions: tuple[str, str]
    evidence: tuple[str, ...] = ()
    dimension: str | None = None


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What every rule reads."""

    document: Questionnaire
    report: Report
    sheet: AnswerSheet | None
    name: str

    @property
    def has_rows(self) -> bool:
        """Whether single dimensions can be read."""
        rules = self.document.form[self.report.form].rules
        return rules.rows and self.report.quality.level != "low"

    def behind(self, row: DimensionReport, facets: Collection[Facet]) -> tuple[str, ...]:
        """The items that gave these scores of a dimension; none without the answers."""
        if self.sheet is None:
            return ()
        return tuple(dict.fromkeys(p.item for p in row.trace if p.facet in facets))


def brief(
    document: Questionnaire,
    report: Report,
    sheet: AnswerSheet | None,
    changed_items: Sequence[str],
    goal_key: str,
    *,
    name: str,
) -> list[BriefLine]:
    """What is worth asking, at most three lines a kind, in the order of `KINDS`.

    `sheet` is None where the client does not share single answers: then nothing is said that
    only an answer shows. `changed_items` are keys of answers given more than once, the most
    changed first. `goal_key` is the role the client chose; without one the closest role counts.
    """
    evidence = _Evidence(document, report, sheet, name)
    found: dict[Kind, Iterator[BriefLine]] = {
        "gap": _gaps(evidence, goal_key),
        "contradiction": _contradictions(evidence),
        "wish": _wishes(evidence),
        "changed": _changed(evidence, changed_items),
        "rushed": _rushed(evidence),
        "unscored": _unscored(evidence),
        "quality": _quality(evidence),
    }
    return [line for kind in KINDS for line in list(found[kind])[:LINES_A_KIND]]


def worth_asking(lines: Sequence[BriefLine]) -> list[str]:
    """The three lines that matter most, each of another kind where there are as many kinds."""
    by_kind: dict[Kind, list[BriefLine]] = defaultdict(list)
    for line in lines:
        by_kind[line.kind].append(line)
    rounds = [
        by_kind[kind][turn]
        for turn in range(LINES_A_KIND)
        for kind in WORTH_FIRST
        if turn < len(by_kind[kind])
    ]
    return [f"{line.reason} {line.questions[0]}" for line in rounds[:WORTH_ASKING]]


# --- The role -----------------------------------------------------------------------------------


def _gaps(evidence: _Evidence, goal_key: str) -> Iterator[BriefLine]:
    role = _goal(evidence, goal_key)
    if role is None:
        return
    rows = {row.key: row for row in evidence.report.dimensions}
    for cell in cells(evidence.document, evidence.report, role):
        if cell.gap:
            yield _gap(evidence, role, cell, rows[cell.dimension])


def _goal(evidence: _Evidence, goal_key: str) -> Role | None:
    if not evidence.has_rows:
        return None
    if goal_key in evidence.document.role:
        return evidence.document.role[goal_key]
    roles = evidence.report.roles
    return evidence.document.role[roles[0].key] if roles else None


def _gap(evidence: _Evidence, role: Role, cell: Cell, row: DimensionReport) -> BriefLine:
    dimension = evidence.document.dimension[cell.dimension]
    pole = evidence.document.poles[cell.side].name
    values = {
        "name": evidence.name,
        "dimension": dimension.name,
        "role": role.name,
        "pole": pole,
        "weight": WEIGHTS[cell.weight],
        "need": cell.need,
        "has": plain_number(cell.has),
    }
    return BriefLine(
        kind="gap",
        title=_on_side(dimension, pole),
        reason=_(
            "“%(dimension)s” is %(weight)s for the role “%(role)s”, which asks for level "
            "%(need)d of 4 on the %(pole)s side. %(name)s reports %(has)s."
        )
        % values,
        questions=(
            _("What have you done so far that comes closest to this: “%(end)s”?")
            % {"end": _end(dimension, cell.side)},
            _("How could you try a first piece of it before you apply as %(role)s?") % values,
        ),
        evidence=evidence.behind(row, [_readiness_facet(cell.side)]),
        dimension=dimension.key,
    )


# --- What the scores say ------------------------------------------------------------------------


def _wishes(evidence: _Evidence) -> Iterator[BriefLine]:
    if not evidence.has_rows:
        return
    found = [
        (row, side, has)
        for row in evidence.report.dimensions
        if (side := _lean(row)) and (has := row.readiness(side)) is not None and has < READY_FROM
    ]
    # The strongest wish first; of two as strong, the one with less practice behind it.
    found.sort(key=lambda wish: (-abs(wish[0].preference or 0.0), wish[2]))
    for row, side, has in found:
        dimension, poles = evidence.document.dimension[row.key], evidence.document.poles
        yield BriefLine(
            kind="wish",
            title=_on_side(dimension, poles[side].name),
            reason=_wish_words(row)
            % {
                "dimension": dimension.name,
                "name": evidence.name,
                "pole": poles[side].name,
                "has": plain_number(has),
            },
            questions=(
                _("What draws you to this: “%(end)s”?") % {"end": _end(dimension, side)},
                _("When could you see for yourself what “%(dimension)s” is like on that side?")
                % {"dimension": dimension.name},
            ),
            evidence=evidence.behind(row, ["preference", _readiness_facet(side)]),
            dimension=row.key,
        )


def _wish_words(row: DimensionReport) -> str:
    if (row.verdict or "").startswith("strong"):
        return _(
            "On “%(dimension)s” %(name)s leans strongly to %(pole)s, and reports level %(has)s of "
            "4 on that side."
        )
    return _(
        "On “%(dimension)s” %(name)s leans to %(pole)s, and reports level %(has)s of 4 on that "
        "side."
    )


def _lean(row: DimensionReport) -> Side | None:
    side = LEANS.get(row.verdict or "")
    return None if side is None else ("a" if side == "a" else "b")


def _quality(evidence: _Evidence) -> Iterator[BriefLine]:
    sentences = {
        "missing": _("%(name)s left many questions open, so there is little to go by."),
        "speed": _("Many of %(name)s’s answers came faster than most people read the questions."),
        "same_position": _("Very many of %(name)s’s answers stand at the same place on the "
                           "screen, so they tell little about a preference."),
        "contradiction": _("%(name)s’s answers to questions about the same topic often differ, "
                           "so single rows rest on less than usual."),
        "yes_saying": _("Nearly all of %(name)s’s ratings are at the top end, which leaves "
                        "little to tell the two sides apart."),
        "flat": _("%(name)s’s preferences lie close together, so they do not separate the "
                  "roles."),
    }  # fmt: skip
    for flag in evidence.report.quality.flags:
        yield BriefLine(
            kind="quality",
            title=_("How to read the answers"),
            reason=sentences[flag.code] % {"name": evidence.name},
            questions=_QUALITY_QUESTIONS[flag.code](),
        )


_QUALITY_QUESTIONS = {
    "missing": lambda: (
        _("What made the open questions hard to answer?"),
        _("When would be a good time to go through them?"),
    ),
    "speed": lambda: (
        _("How did you go about the questions?"),
        _("What would you look at again with more time?"),
    ),
    "same_position": lambda: (
        _("How did you choose between the two statements of a question?"),
        _("What would you say about them in your own words?"),
    ),
    "contradiction": lambda: (
        _("What did you have in mind while answering: one job, or several?"),
        _("How does what you want differ from one situation to the next?"),
    ),
    "yes_saying": lambda: (
        _("What is an example of work you would call “led it”?"),
        _("What would you still like to learn?"),
    ),
    "flat": lambda: (
        _("What matters to you in a role that the questions did not ask about?"),
        _("How do you decide between two roles that look alike?"),
    ),
}


# --- What only the answers say ------------------------------------------------------------------


def _contradictions(evidence: _Evidence) -> Iterator[BriefLine]:
    if evidence.sheet is None:
        return
    widest = [found for d in evidence.document.dimensions if (found := _widest(evidence, d))]
    for _distance, dimension, one, other in sorted(widest, key=lambda found: -found[0]):
        said = [_said(evidence, item) for item in (one, other)]
        yield BriefLine(
            kind="contradiction",
            title=dimension.name,
            reason=_(
                "Two answers on “%(dimension)s” point different ways. %(name)s chose “%(one)s” "
                "in one question and “%(other)s” in the other."
            )
            % {
                "dimension": dimension.name,
                "name": evidence.name,
                "one": said[0],
                "other": said[1],
            },
            questions=(
                _("What situation did you picture in each of the two questions?"),
                _("When is it more like “%(a)s” for you, and when more like “%(b)s”?")
                % {"a": dimension.short_a, "b": dimension.short_b},
            ),
            evidence=(one.key, other.key),
            dimension=dimension.key,
        )


def _widest(evidence: _Evidence, dimension: Dimension) -> tuple[int, Dimension, Pair, Pair] | None:
    """The two answered pairs of a dimension that are furthest apart, if they contradict."""
    sheet, report = evidence.sheet, evidence.report
    if sheet is None:
        return None
    form = evidence.document.form[report.form]
    answered = [
        (value, item)
        for item in evidence.document.items_of(form)
        if item.kind == "pair"
        and item.dimension == dimension.key
        and (value := sheet.number(item)) is not None
    ]
    apart = [
        (abs(one - other), dimension, first, second)
        for (one, first), (other, second) in combinations(answered, 2)
    ]
    widest = max(apart, key=lambda found: found[0], default=None)
    return widest if widest and widest[0] >= CONTRADICTS_FROM else None


def _said(evidence: _Evidence, item: Pair) -> str:
    """The statement that an answer to a pair prefers."""
    value = evidence.sheet.number(item) if evidence.sheet else None
    preferred = "a" if (value or 0) < 0 else "b"
    statements = [s.text for s in (item.left, item.right) if s.pole == preferred]
    if value:
        return statements[0].rstrip(".")
    return answer_words(evidence.document, item, value) or ""


def _changed(evidence: _Evidence, changed_items: Sequence[str]) -> Iterator[BriefLine]:
    if evidence.sheet is None:
        return
    document, sheet = evidence.document, evidence.sheet
    number = _numbers(evidence)
    for key in changed_items:
        item = document.item.get(key)
        if item is None or key not in number or not sheet.is_answered(item):
            continue
        dimension = document.dimension[item.dimension]
        yield BriefLine(
            kind="changed",
            title=_("Question %(number)d, on %(dimension)s")
            % {"number": number[key], "dimension": dimension.name},
            reason=_("%(name)s changed the answer to “%(question)s”. It now says: %(answer)s.")
            % {
                "name": evidence.name,
                "question": item_words(item).rstrip("."),
                "answer": (answer_words(document, item, sheet.answers[key]) or "").rstrip("."),
            },
            questions=(
                _("What did you weigh up when you answered this?"),
                _("How would you put it in your own words, on “%(dimension)s” as a whole?")
                % {"dimension": dimension.name},
            ),
            evidence=(key,),
            dimension=dimension.key,
        )


def _rushed(evidence: _Evidence) -> Iterator[BriefLine]:
    if evidence.sheet is None:
        return
    number = _numbers(evidence)
    for run in sorted(_fast_runs(evidence), key=len, reverse=True):
        first, last = number[run[0]], number[run[-1]]
        topics = {evidence.document.item[key].dimension: None for key in run}
        names = ", ".join(
            evidence.document.dimension[key].name for key in list(topics)[:TOPICS_NAMED]
        )
        values = {"name": evidence.name, "count": len(run), "first": first, "last": last}
        yield BriefLine(
            kind="rushed",
            title=_("Questions %(first)d to %(last)d") % values,
            reason=ngettext(
                "%(name)s gave %(count)d answer in a row in under %(seconds)d seconds each.",
                "%(name)s gave %(count)d answers in a row in under %(seconds)d seconds each.",
                len(run),
            )
            % {**values, "seconds": int(TOO_FAST_SECONDS)},
            questions=(
                _("How was it to answer around question %(first)d?") % values,
                _("What would you say about these topics today: %(names)s?") % {"names": names},
            ),
            evidence=run,
        )


def _fast_runs(evidence: _Evidence) -> Iterator[tuple[str, ...]]:
    """Answers in the order presented, each known to be faster than anybody reads."""
    sheet, form = evidence.sheet, evidence.document.form[evidence.report.form]
    if sheet is None:
        return
    spent = sheet.seconds

    def is_fast(key: str) -> bool:
        return sheet.answers.get(key) is not None and spent.get(key, 1e9) < TOO_FAST_SECONDS

    for fast, keys in groupby(form.item_keys, key=is_fast):
        run = tuple(keys)
        if fast and len(run) >= RUSHED_RUN:
            yield run


def _unscored(evidence: _Evidence) -> Iterator[BriefLine]:
    sheet = evidence.sheet
    if sheet is None:
        return
    document = evidence.document
    items = list(document.items_of(document.form[evidence.report.form]))
    for row in evidence.report.dimensions:
        facets = _facets_without_score(row)
        left_open = tuple(
            item.key
            for item in items
            if item.dimension == row.key
            and not sheet.is_answered(item)
            and (
                (item.kind == "pair" and "preference" in facets)
                or (item.kind == "rating" and _readiness_facet(item.side) in facets)
            )
        )
        if not left_open:
            continue
        dimension = document.dimension[row.key]
        values = {"name": evidence.name, "dimension": dimension.name, "count": len(left_open)}
        yield BriefLine(
            kind="unscored",
            title=dimension.name,
            reason=ngettext(
                "%(name)s left %(count)d question on “%(dimension)s” open, so part of it has no "
                "score.",
                "%(name)s left %(count)d questions on “%(dimension)s” open, so part of it has no "
                "score.",
                len(left_open),
            )
            % values,
            questions=(
                _("What comes to mind first when you think of “%(dimension)s”?") % values,
                _("How would you answer the open questions today?"),
            ),
            evidence=left_open,
            dimension=row.key,
        )


def _facets_without_score(row: DimensionReport) -> set[Facet]:
    facets: set[Facet] = {_readiness_facet(side) for side in SIDES if row.readiness(side) is None}
    if row.preference is None or row.verdict == "not_enough":
        facets.add("preference")
    return facets


# --- Words --------------------------------------------------------------------------------------


def _numbers(evidence: _Evidence) -> dict[str, int]:
    """Each item's number on the form, from 1."""
    keys = evidence.document.form[evidence.report.form].item_keys
    return {key: number for number, key in enumerate(keys, start=1)}


def _readiness_facet(side: Side) -> Facet:
    return "readiness_a" if side == "a" else "readiness_b"


def _on_side(dimension: Dimension, pole: str) -> str:
    return _("%(dimension)s, %(pole)s side") % {"dimension": dimension.name, "pole": pole}


def _end(dimension: Dimension, side: Side) -> str:
    return dimension.short_a if side == "a" else dimension.short_b
