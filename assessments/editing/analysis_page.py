"""What the page of question analysis shows, worked out from sums (measurement 9).

Shares are 0 to 1. A figure that rests on too few people is None, and so is whatever it would
give away.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from django.utils.translation import gettext as _

from assessments.analysis.counts import FormCounts
from assessments.analysis.models import CountedAs
from assessments.analysis.reading import with_those_who_left
from assessments.editing.analysis_words import answer_labels, flag_sentence, flag_words, scale_name
from assessments.editing.spark import Bar, spark
from assessments.instrument.document import Form, Item, Questionnaire
from assessments.scoring.intervals import Interval, wilson_interval
from assessments.scoring.item_analysis import (
    INTERVALS_UNTIL,
    MIN_COUNT_UNDER_A_FILTER,
    MIN_PEOPLE,
    ScaleStatistics,
    scale_statistics,
)
from assessments.scoring.item_flags import DROP_OUT_MIN_PEOPLE, ItemFlag, item_flags
from assessments.scoring.scales import Scale, scales_of
from assessments.scoring.sums import ItemSums, ScaleSums, median_seconds

SECTION_LOSES_TIMES = 2  # the share that its neighbours lose, on average; our judgement


@dataclass(frozen=True, slots=True)
class Shown:
    """Which questions the page is about ("" = all), and whether it shows only some people.

    It does where one edition is looked at though others have the same questions.
    """

    dimension: str = ""
    kind: str = ""
    is_filtered: bool = False

    def holds(self, item: Item) -> bool:
        """Whether the page is about the item."""
        return self.dimension in ("", item.dimension) and self.kind in ("", item.kind)


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to a question; None where too few chose it to tell."""

    label: str
    count: int | None
    share: float | None

    @property
    def percent(self) -> int | None:
        """Its share in whole per cent."""
        return _percent(self.share)


@dataclass(frozen=True, slots=True)
class ItemLine:
    """A question. `number` is its place on the form. Figures are None under 30 answers.

    `r` and `alpha_without` are within the long scale: all pairs, or all ratings of a side; a
    scenario has none. `low_n` and `low_r` are those of answers of low quality.
    """

    number: int
    key: str
    text: str
    kind: str
    n: int
    is_enough: bool
    spread: tuple[Option, ...]
    r: float | None
    alpha_without: float | None
    seconds: float | None
    skipped: float | None
    flags: tuple[str, ...]
    low_n: int
    low_r: float | None

    @property
    def bars(self) -> tuple[Bar, ...]:
        """The spread as a drawing."""
        return spark([option.share for option in self.spread])

    @property
    def skipped_percent(self) -> int | None:
        """The share who skipped it in whole per cent."""
        return _percent(self.skipped)


@dataclass(frozen=True, slots=True)
class ScaleLine:
    """A scale. `interval` is None where its alpha may stand without (from 300 people)."""

    name: str
    questions: int
    n: int
    alpha: float | None
    interval: Interval | None
    omega: float | None
    is_heywood: bool
    sem: float | None
    low_n: int
    low_alpha: float | None


@dataclass(frozen=True, slots=True)
class Group:
    """A dimension with its questions, flagged ones first, and its scales."""

    key: str
    name: str
    scales: tuple[ScaleLine, ...]
    items: tuple[ItemLine, ...]


@dataclass(frozen=True, slots=True)
class SectionLine:
    """How many got to a section and through it. `lost` is the share of those who got to it."""

    number: int
    title: str
    reached: int
    completed: int
    lost: float | None
    interval: Interval | None
    is_worst: bool = False

    @property
    def lost_percent(self) -> int | None:
        """The share who stopped in it in whole per cent."""
        return _percent(self.lost)

    @property
    def between(self) -> str:
        """The limits of that share in words; "" where it is not told."""
        if self.interval is None:
            return ""
        limits = {"low": _percent(self.interval.low), "high": _percent(self.interval.high)}
        return _("%(low)d and %(high)d %%") % limits


@dataclass(frozen=True, slots=True)
class Worst:
    """Something to look at first."""

    number: int
    key: str
    dimension: str
    sentence: str


@dataclass(frozen=True, slots=True)
class AnalysisPage:
    """Everything that the page shows of one form of an edition.

    `people` are those whose answers the figures rest on, `low` those whose answers were of low
    quality, `again` later attempts of the same people, `left` attempts left unfinished.
    """

    people: int
    low: int
    again: int
    left: int
    is_enough: bool
    needed: int
    worst: tuple[Worst, ...]
    scales: tuple[ScaleLine, ...]
    groups: tuple[Group, ...]
    sections: tuple[SectionLine, ...]

    @property
    def started(self) -> int:
        """Attempts of which it is known how they ended."""
        return self.people + self.low + self.again + self.left


@dataclass(frozen=True, slots=True)
class _Analysis:
    """Sums and statistics of one group of attempts."""

    items: Mapping[str, ItemSums]
    scales: Mapping[str, ScaleStatistics]

    @classmethod
    def of(
        cls, scales: Sequence[Scale], items: Mapping[str, ItemSums], sums: Mapping[str, ScaleSums]
    ) -> "_Analysis":
        shown = {scale.key: sums[scale.key] for scale in scales if scale.key in sums}
        enough = {key: found for key, found in shown.items() if found.n >= MIN_PEOPLE}
        return cls(items, {key: scale_statistics(found) for key, found in enough.items()})


def analysis_page(
    document: Questionnaire, form: Form, counts: FormCounts, shown: Shown
) -> AnalysisPage:
    """The page of a form from what was counted of it (`counts_across`)."""
    scales = scales_of(document, form)
    found = _Analysis.of(
        scales, with_those_who_left(counts, form), counts.scales_of_group(CountedAs.IN)
    )
    low = _Analysis.of(
        scales,
        counts.items_of_group(CountedAs.LOW),
        counts.scales_of_group(CountedAs.LOW),
    )
    flags = [
        flag
        for flag in item_flags(document, form, found.scales, found.items)
        if shown.holds(document.item[flag.item])
    ]
    people = counts.finished.get(CountedAs.IN, 0)
    return AnalysisPage(
        people=people,
        low=counts.finished.get(CountedAs.LOW, 0),
        again=counts.finished.get(CountedAs.AGAIN, 0),
        left=sum(counts.left.values()),
        is_enough=people >= MIN_PEOPLE,
        needed=MIN_PEOPLE,
        worst=tuple(_worst(document, form, flags)),
        scales=tuple(
            _scale_line(document, scale, counts, found, low)
            for scale in scales
            if scale.dimension is None and not (shown.dimension or shown.kind)
        ),
        groups=tuple(_groups(document, form, counts, found, low, flags, shown)),
        sections=tuple(_sections(form, counts)),
    )


def _worst(document: Questionnaire, form: Form, flags: Sequence[ItemFlag]) -> Iterator[Worst]:
    """Each flagged question once, with the worst that there is to say of it."""
    told: set[str] = set()
    for flag in flags:
        if flag.item not in told:
            told.add(flag.item)
            item = document.item[flag.item]
            number = form.item_keys.index(flag.item) + 1
            yield Worst(number, item.key, item.dimension, flag_sentence(document, item, flag))


def _groups(
    document: Questionnaire,
    form: Form,
    counts: FormCounts,
    found: _Analysis,
    low: _Analysis,
    flags: Sequence[ItemFlag],
    shown: Shown,
) -> Iterator[Group]:
    scales = scales_of(document, form)
    rank = {flag.item: place for place, flag in reversed(list(enumerate(flags)))}
    for dimension in document.dimensions:
        items = [
            item
            for item in document.items_of(form)
            if item.dimension == dimension.key and shown.holds(item)
        ]
        if items:
            items.sort(key=lambda item: rank.get(item.key, len(flags)))
            yield Group(
                key=dimension.key,
                name=dimension.name,
                scales=tuple(
                    _scale_line(document, scale, counts, found, low)
                    for scale in scales
                    if scale.dimension == dimension.key and shown.kind in ("", "pair")
                ),
                items=tuple(
                    _item_line(document, form, item, scales, found, low, flags, shown)
                    for item in items
                ),
            )


def _item_line(
    document: Questionnaire,
    form: Form,
    item: Item,
    scales: Sequence[Scale],
    found: _Analysis,
    low: _Analysis,
    flags: Sequence[ItemFlag],
    shown: Shown,
) -> ItemLine:
    sums, low_sums = found.items.get(item.key, ItemSums()), low.items.get(item.key, ItemSums())
    is_enough = sums.answered >= MIN_PEOPLE
    r, alpha_without = _within_long_scale(item, scales, found)
    return ItemLine(
        number=form.item_keys.index(item.key) + 1,
        key=item.key,
        text=_text(item),
        kind=item.kind,
        n=sums.answered,
        is_enough=is_enough,
        spread=_spread(document, item, sums, is_filtered=shown.is_filtered) if is_enough else (),
        r=r,
        alpha_without=alpha_without,
        seconds=median_seconds(sums.seconds) if sum(sums.seconds.values()) >= MIN_PEOPLE else None,
        skipped=sums.skipped / sums.shown if sums.shown >= MIN_PEOPLE else None,
        flags=tuple(flag_words(flag) for flag in flags if flag.item == item.key),
        low_n=low_sums.answered,
        low_r=_within_long_scale(item, scales, low)[0],
    )


def _within_long_scale(
    item: Item, scales: Sequence[Scale], found: _Analysis
) -> tuple[float | None, float | None]:
    """Item-rest r, and alpha without the item."""
    for scale in scales:
        if scale.is_long and item.key in scale.items and scale.key in found.scales:
            statistics = found.scales[scale.key].items[scale.items.index(item.key)]
            return statistics.item_rest_r, statistics.alpha_if_dropped
    return None, None


def _spread(
    document: Questionnaire, item: Item, sums: ItemSums, *, is_filtered: bool
) -> tuple[Option, ...]:
    options = answer_labels(document, item)
    counts = {value: sums.options.get(value, 0) for value, _label in options}
    hidden = _too_few(counts) if is_filtered else frozenset()
    return tuple(
        Option(label, None, None)
        if value in hidden
        else Option(label, counts[value], counts[value] / sums.answered)
        for value, label in options
    )


def _too_few(counts: Mapping[str, int]) -> frozenset[str]:
    """Options not to be told: those that too few chose, and one more where it would give one away.

    Whoever knows how many answered can work out a single count that is left out.
    """
    by_count = sorted(counts, key=lambda value: counts[value])
    few = [value for value in by_count if counts[value] < MIN_COUNT_UNDER_A_FILTER]
    return frozenset(by_count[:2] if len(few) == 1 else few)


def _text(item: Item) -> str:
    return f"{item.left.text} / {item.right.text}" if item.kind == "pair" else item.text


def _scale_line(
    document: Questionnaire, scale: Scale, counts: FormCounts, found: _Analysis, low: _Analysis
) -> ScaleLine:
    statistics, of_low = found.scales.get(scale.key), low.scales.get(scale.key)
    n = counts.scales_of_group(CountedAs.IN).get(scale.key)
    low_n = counts.scales_of_group(CountedAs.LOW).get(scale.key)
    return ScaleLine(
        name=scale_name(document, scale),
        questions=len(scale.items),
        n=n.n if n else 0,
        alpha=statistics.alpha if statistics else None,
        interval=statistics.alpha_interval
        if statistics and statistics.n < INTERVALS_UNTIL
        else None,
        omega=statistics.omega if statistics else None,
        is_heywood=bool(statistics and statistics.is_heywood),
        sem=statistics.sem_mean if statistics else None,
        low_n=low_n.n if low_n else 0,
        low_alpha=of_low.alpha if of_low else None,
    )


def _sections(form: Form, counts: FormCounts) -> Iterator[SectionLine]:
    finished = sum(counts.finished.values())
    ends = [len(section.items) for section in form.sections]
    last = [form.item_keys[end - 1] for end in accumulate(ends)]
    place = {key: number for number, key in enumerate(form.item_keys)}

    def beyond(key: str) -> int:
        """How many answered this question or one after it, or finished."""
        went_on = (n for at, n in counts.left.items() if at and place[at] >= place[key])
        return finished + sum(went_on)

    completed = [beyond(key) for key in last]
    reached = [finished + sum(counts.left.values()), *completed[:-1]]
    lost = [
        (one - other) / one if one else 0.0 for one, other in zip(reached, completed, strict=True)
    ]
    for number, section in enumerate(form.sections):
        gone, came = reached[number] - completed[number], reached[number]
        is_enough = came >= MIN_PEOPLE
        yield SectionLine(
            number=number + 1,
            title=section.title,
            reached=came,
            completed=completed[number],
            lost=lost[number] if is_enough else None,
            interval=wilson_interval(gone, came) if is_enough else None,
            is_worst=is_enough
            and gone >= DROP_OUT_MIN_PEOPLE
            and lost[number] >= SECTION_LOSES_TIMES * _neighbours(lost, number),
        )


def _neighbours(lost: Sequence[float], number: int) -> float:
    """The mean of what the sections beside it lose; 1 for a form of one section."""
    beside = [lost[at] for at in (number - 1, number + 1) if 0 <= at < len(lost)]
    return sum(beside) / len(beside) if beside else 1.0


def _percent(share: float | None) -> int | None:
    return None if share is None else round(share * 100)
